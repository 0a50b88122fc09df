/** Which processes run, by what a test knows of them. Ended ones that nobody has waited for do not count. */
import { statSync } from 'node:fs';
import { listPids, readImage, readStat } from '../../../electron/platform/linux/proc.ts';

export function processesOf(image: string): number[] {
  return listPids().filter((pid) => lives(pid) && readImage(pid)?.path === image);
}

export function processesOfUser(uid: number): number[] {
  return listPids().filter((pid) => lives(pid) && ownerOf(pid) === uid);
}

function lives(pid: number): boolean {
  const state = readStat(pid)?.state;
  return state !== undefined && state !== 'Z' && state !== 'X';
}

function ownerOf(pid: number): number | null {
  try {
    return statSync(`/proc/${pid}`).uid;
  } catch {
    return null;
  }
}
