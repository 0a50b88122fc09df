/** What a person names to be replayed: files, folders of event files, the standard input. */
import type { Readable } from 'node:stream';
import { listInputs } from '../../formats/list-inputs.ts';
import type { EventSource } from '../../formats/read-events.ts';
import { REPLAY } from '../words-replay.ts';

export type Input =
  /** As named; below a named folder with the way there. `-` is the standard input. */
  | { readonly name: string; readonly source: EventSource }
  /** Named, and nothing to be read. */
  | { readonly name: string; readonly problem: string };

const STANDARD_INPUT = '-';

export async function expandInputs(names: readonly string[], standardInput: () => Readable): Promise<Input[]> {
  const inputs: Input[] = [];
  for (const name of names) inputs.push(...(name === STANDARD_INPUT ? [{ name, source: { stream: standardInput() } }] : await ofPath(name)));
  return inputs;
}

async function ofPath(name: string): Promise<Input[]> {
  const found = await listInputs(name);
  if (!found.ok) return [{ name, problem: found.error.message }];
  return found.value.length === 0 ? [{ name, problem: REPLAY.emptyFolder }] : found.value.map(({ path, problem }) => (problem === null ? { name: path, source: { path } } : { name: path, problem }));
}
