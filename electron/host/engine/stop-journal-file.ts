/** Stops under way, in the private run folder: a line when one begins, a line when it is done. */
import fs from 'node:fs';
import { z } from 'zod';
import type { Finding, StopJournal } from '../../engine/ports.ts';
import { ACTIONS } from '../../../shared/history/entry.ts';
import { toLine } from '../link/json-lines.ts';

const processSchema = z.object({ pid: z.number(), startTicks: z.number().nullable(), image: z.string(), argv: z.array(z.string()).nullable(), uid: z.number().nullable() });
const findingSchema = z.object({
  id: z.string(),
  timeMs: z.number(),
  action: z.enum(ACTIONS),
  hit: z.object({ ruleId: z.string(), definitionId: z.string(), mode: z.enum(['block', 'audit', 'warn']), matched: z.array(z.object({ field: z.string(), value: z.string(), pattern: z.string() })) }),
  process: processSchema,
  ancestors: z.array(processSchema),
  notes: z.array(z.string()),
});
const lineSchema = z.union([z.object({ begun: findingSchema }), z.object({ done: z.string() })]);

export function stopJournalFile(file: string, log: (line: string) => void): StopJournal {
  const open = new Map<string, Finding>(readOpen(file).map((finding) => [finding.id, finding]));
  const write = (text: string, flag: 'a' | 'w'): void => {
    try {
      fs.writeFileSync(file, text, { mode: 0o600, flag });
    } catch (error) {
      log(`what is being stopped could not be noted: ${(error as Error).message}`);
    }
  };
  return {
    left: () => [...open.values()],
    begin: (finding) => {
      open.set(finding.id, finding);
      write(toLine({ begun: finding }), 'a');
    },
    end: (id) => {
      if (!open.delete(id)) return;
      if (open.size === 0) write('', 'w');
      else write(toLine({ done: id }), 'a');
    },
  };
}

/** A line that was cut when its writer died tells of a stop that had not begun. */
function readOpen(file: string): Finding[] {
  if (!fs.existsSync(file)) return [];
  const open = new Map<string, Finding>();
  for (const line of fs.readFileSync(file, 'utf8').split('\n')) {
    const parsed = parse(line);
    if (parsed === null) continue;
    if ('done' in parsed) open.delete(parsed.done);
    else open.set(parsed.begun.id, parsed.begun);
  }
  return [...open.values()];
}

function parse(line: string): z.infer<typeof lineSchema> | null {
  try {
    const parsed = lineSchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
