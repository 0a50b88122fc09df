/**
 * `curl … | sh` and its kin: an interpreter that takes its program from a pipe which a download or a decoder writes to,
 * directly or through filters. The programs of a pipeline start in any order; whichever completes the chain is the hit.
 *
 * Only identities of pipes are kept, for a short time: the kernel numbers pipes upwards and does not reuse a number soon.
 */
import { NOT_READ, type FactName, type FactReader } from '../../../../shared/start/facts.ts';
import { interpreterName, programSource } from '../start/interpreters.ts';
import { baseName } from '../start/paths.ts';
import type { StartView } from '../start/views.ts';
import { BoundedMap } from './bounded-map.ts';
import { isStreamSource, isStreamTool, STREAM_FILTERS } from './stream-tools.ts';

const MAX_AGE_MS = 30_000;
const MAX_PIPES = 512;
/** Filters between the source and the interpreter. */
const MAX_CHAIN = 8;

export class PipeFedState {
  /** Pipes that a download or decoder writes to. */
  readonly fed = new BoundedMap<true>(MAX_PIPES, MAX_AGE_MS);
  /** Pipes that an interpreter takes its program from. */
  readonly run = new BoundedMap<true>(MAX_PIPES, MAX_AGE_MS);
  /** Output pipe of a filter to its input pipe, and back. */
  readonly before = new BoundedMap<string>(MAX_PIPES, MAX_AGE_MS);
  readonly after = new BoundedMap<string>(MAX_PIPES, MAX_AGE_MS);
}

type Role = 'source' | 'filter' | 'interpreter';

/**
 * Adds a view of a start to the state and says whether it completes a chain. Facts that are missing are named; nothing is
 * added then. `hidden`: it may complete one, but its arguments can not be read by anyone.
 */
export function stepPipeFed(state: PipeFedState, view: StartView, read: FactReader, nowMs: number): boolean | FactName | 'hidden' {
  const name = baseName(view.image);
  const interpreter = interpreterName(view.image);
  if (!view.sharesInput || (interpreter === null && !isStreamTool(name) && !STREAM_FILTERS.has(name))) return false;
  // With its arguments known most interpreters run a script or a command: then its pipes say nothing.
  const role = 'values' in view.argv ? roleOf(view.argv.values, name, interpreter) : null;
  if ('values' in view.argv && role === null) return false;
  const input = read('standardInputPipe');
  if (input === NOT_READ) return 'standardInputPipe';
  if (interpreter !== null && input === null) return false;
  const output = interpreter === null ? read('standardOutputPipe') : null;
  if (output === NOT_READ) return 'standardOutputPipe';
  if (interpreter === null && output === null) return false;
  if (view.argv.state === 'unread') return 'argv';
  if (!('values' in view.argv)) return isSuspect(state, input, output, nowMs) ? 'hidden' : false;
  return role === null ? false : join(state, role, input, output, nowMs);
}

/** Whether a program between these pipes could complete a chain. */
function isSuspect(state: PipeFedState, input: string | null, output: string | null, nowMs: number): boolean {
  return (input !== null && reaches(state.before, state.fed, input, nowMs)) || (output !== null && reaches(state.after, state.run, output, nowMs));
}

function roleOf(argv: readonly string[], name: string, interpreter: string | null): Role | null {
  if (interpreter !== null) return programSource(interpreter, argv).from === 'input' ? 'interpreter' : null;
  if (isStreamSource(name, argv)) return 'source';
  return STREAM_FILTERS.has(name) ? 'filter' : null;
}

function join(state: PipeFedState, role: Role, input: string | null, output: string | null, nowMs: number): boolean {
  if (role === 'interpreter' && input !== null) {
    state.run.set(input, true, nowMs);
    return reaches(state.before, state.fed, input, nowMs);
  }
  if (output === null) return false;
  if (role === 'source') {
    state.fed.set(output, true, nowMs);
    return reaches(state.after, state.run, output, nowMs);
  }
  if (input === null || input === output) return false;
  state.before.set(output, input, nowMs);
  state.after.set(input, output, nowMs);
  return reaches(state.before, state.fed, input, nowMs) && reaches(state.after, state.run, output, nowMs);
}

/** Follows filters from `pipe` until one of the wanted pipes. */
function reaches(next: BoundedMap<string>, wanted: BoundedMap<true>, pipe: string, nowMs: number): boolean {
  let at: string | undefined = pipe;
  for (let step = 0; step <= MAX_CHAIN && at !== undefined; step += 1) {
    if (wanted.get(at, nowMs) === true) return true;
    at = next.get(at, nowMs);
  }
  return false;
}
