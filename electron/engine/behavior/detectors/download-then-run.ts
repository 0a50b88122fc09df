/** A file that a download tool was told to write, run soon afterwards: as a program, or as an interpreter's script. */
import { NOT_READ, type FactName, type FactReader } from '../../../../shared/start/facts.ts';
import { baseName } from '../start/paths.ts';
import { scriptOf } from '../start/script.ts';
import type { StartView } from '../start/views.ts';
import { BoundedMap } from './bounded-map.ts';
import { isStreamSource, mayFetchToOutput } from './stream-tools.ts';
import { copies, downloadOutputs, isCopyTool, isDownloadTool } from './downloads.ts';

const MAX_AGE_MS = 10 * 60_000;
const MAX_FILES = 1_024;

export class DownloadState {
  /** Files that were downloaded, by absolute path. */
  readonly files = new BoundedMap<true>(MAX_FILES, MAX_AGE_MS);
}

export function stepDownloads(state: DownloadState, view: StartView, read: FactReader, nowMs: number): boolean | FactName {
  const name = baseName(view.image);
  const missing = noteFiles(state, name, view, read, nowMs);
  if (missing !== null) return missing;
  return state.files.size === 0 ? false : runsDownload(state, view, read, nowMs);
}

/** Remembers what this start will write, when it is a tool that fetches, or passes on what was fetched. */
function noteFiles(state: DownloadState, name: string, view: StartView, read: FactReader, nowMs: number): FactName | null {
  const saves = isDownloadTool(name);
  const copiesFiles = isCopyTool(name) && state.files.size > 0;
  if (!saves && !copiesFiles && !mayFetchToOutput(name)) return null;
  if (view.argv.state === 'unread') return 'argv';
  if (view.argv.state !== 'known') return null;
  if (saves || copiesFiles) {
    const folder = read('currentDirectory');
    if (folder === NOT_READ) return 'currentDirectory';
    remember(state, saves ? name : null, view.argv.values, folder ?? '/', nowMs);
  }
  if (!mayFetchToOutput(name) || !isStreamSource(name, view.argv.values)) return null;
  const file = read('standardOutputFile');
  if (file === NOT_READ) return 'standardOutputFile';
  if (file !== null) state.files.set(file, true, nowMs);
  return null;
}

function remember(state: DownloadState, tool: string | null, argv: readonly string[], folder: string, nowMs: number): void {
  if (tool !== null) {
    for (const file of downloadOutputs(tool, argv, folder)) state.files.set(file, true, nowMs);
    return;
  }
  for (const { from, to } of copies(argv, folder)) {
    if (state.files.get(from, nowMs) === true) for (const file of to) state.files.set(file, true, nowMs);
  }
}

function runsDownload(state: DownloadState, view: StartView, read: FactReader, nowMs: number): boolean | FactName {
  if (state.files.get(view.image, nowMs) === true) return true;
  const script = scriptOf(view, read);
  if (script.missing !== null) return script.missing;
  return script.path !== null && state.files.get(script.path, nowMs) === true;
}
