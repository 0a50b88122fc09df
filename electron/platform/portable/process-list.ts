/**
 * The process list of systems without /proc, through ps-tree (`ps` on Unix systems, `wmic` on Windows): names only, no start times, so
 * an id that is used again by a program of the same name is not noticed.
 *
 * ps-tree 1.2 goes through the list once, in the order of ids, so a process with a lower id than its parent (ids begin anew after the
 * highest) is missing from what it gives, with all its descendants. Where /proc exists, that is used instead.
 */
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import psTree from 'ps-tree';
import type { SeenProcess } from '../contract.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';

/** The ancestor of all processes, for ps-tree: what has no parent is listed with parent 0. */
const EVERYTHING = 0;

export async function listSeenProcesses(): Promise<Result<readonly SeenProcess[]>> {
  const tool = process.platform === 'win32' ? 'wmic.exe' : 'ps';
  // ps-tree does not catch the error of a tool that is not there; it would end this process.
  if (!isOnPath(tool)) return fail('no-process-list', `The processes of this system can not be listed: ${tool} is not installed.`);
  return new Promise((resolve) => {
    psTree(EVERYTHING, (error, rows) => {
      if (error !== null) resolve(fail('no-process-list', `The processes of this system can not be listed: ${error.message}.`));
      else resolve(ok(rows.flatMap(toSeen)));
    });
  });
}

function toSeen(row: psTree.PS): SeenProcess[] {
  const pid = Number(row.PID);
  const parentPid = Number(row.PPID);
  if (!Number.isInteger(pid) || !Number.isInteger(parentPid)) return [];
  return [{ pid, parentPid, identity: row.COMMAND, program: row.COMMAND }];
}

function isOnPath(tool: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return folders.some((folder) => {
    try {
      accessSync(path.join(folder, tool), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
