/**
 * The mark of how far the engine has dealt with everything, kept in the private run folder.
 *
 * Every other second only its time is another. That is written over in place: a new file in place of the old one is put on disk before the
 * call returns on some file systems, tens of milliseconds in which the engine does nothing else. It is a few bytes within one page, so an
 * engine that is killed leaves the old time or the new one.
 */
import fs from 'node:fs';
import { z } from 'zod';
import type { AliveMark, AliveMarkStore } from '../../engine/pipeline/gaps.ts';
import { gapSchema } from '../../../shared/status/status.ts';

const markSchema = z.strictObject({ settledMs: z.number(), stopped: z.boolean(), gaps: z.array(gapSchema) });

/** Any time as a whole number; the blanks that fill it up mean nothing in JSON. */
const TIME_LENGTH = 20;

interface Written {
  readonly fd: number;
  /** All but the time. */
  readonly rest: string;
}

export function aliveMarkFile(file: string, log: (line: string) => void): AliveMarkStore {
  let written: Written | null = null;
  return {
    read: () => readMark(file, log),
    write: ({ settledMs, ...others }) => {
      const time = `{"settledMs":${String(Math.floor(settledMs)).padEnd(TIME_LENGTH)}`;
      const rest = JSON.stringify(others).slice(1);
      try {
        if (written?.rest === rest) fs.writeSync(written.fd, time, 0);
        else written = replace(file, `${time},${rest}`, rest, written);
      } catch (error) {
        log(`the alive mark could not be written: ${(error as Error).message}`);
      }
    },
  };
}

function replace(file: string, text: string, rest: string, before: Written | null): Written {
  const fresh = `${file}.new`;
  fs.rmSync(fresh, { force: true });
  const fd = fs.openSync(fresh, 'wx', 0o600);
  try {
    fs.writeFileSync(fd, text);
    fs.renameSync(fresh, file);
  } catch (error) {
    fs.closeSync(fd);
    throw error;
  }
  if (before !== null) fs.closeSync(before.fd);
  return { fd, rest };
}

function readMark(file: string, log: (line: string) => void): AliveMark | null {
  if (!fs.existsSync(file)) return null;
  try {
    return markSchema.parse(JSON.parse(fs.readFileSync(file, 'utf8')));
  } catch (error) {
    log(`the alive mark could not be read: ${(error as Error).message}`);
    return null;
  }
}
