/** The script file a view of a start runs, absolute. */
import { NOT_READ, type FactName, type FactReader } from '../../../../shared/start/facts.ts';
import { interpreterName, programSource } from './interpreters.ts';
import { resolvePath } from './paths.ts';
import type { StartView } from './views.ts';

/** `path` null with `missing` null: it runs none. `unknown`: arguments that nobody can read hide it. */
export interface ScriptOf {
  readonly path: string | null;
  readonly missing: FactName | null;
  readonly unknown: boolean;
}

const NONE: ScriptOf = { path: null, missing: null, unknown: false };

export function scriptOf(view: StartView, read: FactReader): ScriptOf {
  if (view.headerScript !== null) return { path: view.headerScript, missing: null, unknown: false };
  const interpreter = interpreterName(view.image);
  if (interpreter === null) return view.via === 'itself' ? ownHeader(view, read) : NONE;
  if (view.argv.state === 'unread') return { path: null, missing: 'argv', unknown: false };
  if (!('values' in view.argv)) return { path: null, missing: null, unknown: true };
  const source = programSource(interpreter, view.argv.values);
  if (source.from !== 'script') return NONE;
  if (source.path.startsWith('/')) return { path: resolvePath('/', source.path), missing: null, unknown: false };
  const folder = read('currentDirectory');
  if (folder === NOT_READ) return { path: null, missing: 'currentDirectory', unknown: false };
  return { path: resolvePath(folder ?? '/', source.path), missing: null, unknown: false };
}

/** A file with a script header is itself the script. */
function ownHeader(view: StartView, read: FactReader): ScriptOf {
  const script = read('script');
  if (script === NOT_READ) return { path: null, missing: 'script', unknown: false };
  return script === null ? NONE : { path: view.image, missing: null, unknown: false };
}
