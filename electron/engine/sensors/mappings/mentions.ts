/** Which process an event speaks of, and which it says to be its parent, from fields under Sigma's names. */
import type { Mention, StartMention } from '../../core/recorded-tree.ts';
import type { Fields } from './mapped-log.ts';

export interface Where {
  readonly computer: string;
  readonly recordedMs: number | null;
  /** Of the process that wrote the event, where that is the one it speaks of. */
  readonly writerPid: number | null;
}

/** The process that did what the event tells. Of two (a remote thread, an access) it is the one that acts. */
export function actorOf(fields: Fields, { computer, recordedMs, writerPid }: Where): Mention {
  return {
    computer,
    recordedMs,
    guid: guid(fields, 'ProcessGuid') ?? guid(fields, 'SourceProcessGuid') ?? guid(fields, 'SourceProcessGUID'),
    pid: number(fields, 'ProcessId') ?? number(fields, 'SourceProcessId') ?? writerPid,
    image: word(fields, 'Image') ?? word(fields, 'SourceImage') ?? word(fields, 'ProcessName'),
  };
}

export function startOf(fields: Fields, where: Where): StartMention {
  const { computer, recordedMs } = where;
  const parent: Mention = { computer, recordedMs, guid: guid(fields, 'ParentProcessGuid'), pid: number(fields, 'ParentProcessId'), image: word(fields, 'ParentImage') };
  const named = parent.guid !== null || parent.pid !== null;
  return { ...actorOf(fields, where), commandLine: word(fields, 'CommandLine'), parent: named ? { ...parent, commandLine: word(fields, 'ParentCommandLine') } : null };
}

/** Recorders write a hyphen for what they do not know. */
function word(fields: Fields, name: string): string | null {
  const value = fields[name];
  return typeof value === 'string' && value !== '' && value !== '-' ? value : null;
}

function guid(fields: Fields, name: string): string | null {
  const text = word(fields, name);
  return text === null || /^[{}0-]*$/.test(text) ? null : text;
}

/** `2732` and, in the Security log, `0xaac`. */
function number(fields: Fields, name: string): number | null {
  const text = word(fields, name);
  return text !== null && /^(?:\d{1,10}|0x[0-9a-f]{1,8})$/i.test(text) ? Number(text) : null;
}
