/** What a reader of event files gave out, sorted into records and problems. */
import type { EventRecord, ReadItem, ReadProblem } from '../../electron/formats/record.ts';

export interface ReadAll {
  readonly records: EventRecord[];
  readonly problems: ReadProblem[];
}

/** Readers of one form hand out several at once. */
export async function readAll(items: AsyncIterable<ReadItem | readonly ReadItem[]>): Promise<ReadAll> {
  const records: EventRecord[] = [];
  const problems: ReadProblem[] = [];
  for await (const some of items) {
    for (const item of [some].flat()) {
      if ('record' in item) records.push(item.record);
      else problems.push(item.problem);
    }
  }
  return { records, problems };
}

/** The bytes in pieces of a size that fits nothing. */
export async function* inPieces(bytes: Buffer, size = 10_007): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}
