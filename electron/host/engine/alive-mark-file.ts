/** The mark of how far the engine has dealt with everything, kept in the private run folder. */
import fs from 'node:fs';
import { z } from 'zod';
import type { AliveMark, AliveMarkStore } from '../../engine/pipeline/gaps.ts';
import { gapSchema } from '../../../shared/status/status.ts';

const markSchema = z.strictObject({ settledMs: z.number(), stopped: z.boolean(), gaps: z.array(gapSchema) });

export function aliveMarkFile(file: string, log: (line: string) => void): AliveMarkStore {
  return {
    read: () => readMark(file, log),
    write: (mark) => {
      try {
        fs.writeFileSync(`${file}.new`, JSON.stringify(mark), { mode: 0o600 });
        fs.renameSync(`${file}.new`, file);
      } catch (error) {
        log(`the alive mark could not be written: ${(error as Error).message}`);
      }
    },
  };
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
