/** Reads events written as JSON: one on each line, one behind the other, or in a list. */
import type { ReadItem } from '../record.ts';
import { JsonValues, type JsonItem } from './json-values.ts';
import { eventOf } from './recorders.ts';

/** What each piece holds in one go. */
export async function* readJson(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<readonly ReadItem[], void, undefined> {
  const values = new JsonValues();
  for await (const piece of pieces) yield values.add(piece).map(itemOf);
  yield values.finish().map(itemOf);
}

function itemOf(item: JsonItem): ReadItem {
  if ('broken' in item) return problem(item, item.broken);
  const record = eventOf(item.value);
  return record === null ? problem(item, 'this is JSON, but no event in a form that is known') : { record };
}

function problem({ offset, line }: JsonItem, reason: string): ReadItem {
  return { problem: { offset, reason: `line ${line}: ${reason}; it is passed over`, whole: false } };
}
