/**
 * One record of an event file, whatever the file's form: what every reader of this folder gives out. Field names and values
 * are those that Windows shows and that Sysmon and Sigma use (`0x1fffff`, SIDs as text, GUIDs in braces and upper case).
 */

/** What stands beside the data of an event; null where the file does not say. */
export interface EventHeader {
  /** Windows' number: 1 critical, 2 error, 3 warning, 4 information, 5 verbose. */
  readonly level: string | null;
  /** 64 bits, `0x8020000000000000`. */
  readonly keywords: string | null;
  /** The process that handed the event to the log: for PowerShell the shell itself, for Sysmon its service. */
  readonly writerPid: number | null;
}

export interface EventRecord {
  /** `Microsoft-Windows-Sysmon`; the empty text when the file does not say. */
  readonly provider: string;
  readonly channel: string;
  readonly eventId: number;
  readonly computer: string;
  readonly header: EventHeader;
  /** When the recorder wrote it, UTC, as text with up to 100 ns (`2026-08-05T10:11:12.1234567Z`); null when the file does not say. */
  readonly time: string | null;
  /** Runs of one recording that share no state with each other (one attack, one machine); null where the file knows none. */
  readonly group: string | null;
  /** EventData or UserData, flat; a list where a name stands more than once or the recorder wrote a list. */
  readonly fields: Readonly<Record<string, string | readonly string[]>>;
}

/** A part of a file that could not be read. Reading goes on behind it, unless `whole` says that nothing could be read. */
export interface ReadProblem {
  /** Bytes from the start of the file (of the unpacked text for `.gz`); a line number stands in the reason where lines exist. */
  readonly offset: number;
  readonly reason: string;
  readonly whole: boolean;
}

export type ReadItem = { readonly record: EventRecord } | { readonly problem: ReadProblem };
