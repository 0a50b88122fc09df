/**
 * One start seen in every way that matters: as itself, and as each program it carries. A rule matches the start when it
 * matches one view.
 *
 * Carriers that become their program (script header, dynamic loader, busybox) and carriers that start it a moment later
 * (env, nohup, sudo, xargs, …) are treated alike; the second start of the latter is judged again on its own facts.
 */
import { NOT_READ, type Ancestor, type FactName, type FactReader } from '../../../../shared/start/facts.ts';
import { appletCommand, hasManyNames, isLoader, loadedCommand } from './in-process.ts';
import { baseName, resolvePath, SEARCH_PATH } from './paths.ts';
import { isWrapper, passesInput, wrappedCommands } from './wrappers.ts';

/** `unread`: the caller can read them. `unknown`: nobody can (too long, or gone). `begun`: how they begin is known, the rest is unread or unknown. */
export type ViewArguments =
  | { readonly state: 'known' | 'begun'; readonly values: readonly string[] }
  | { readonly state: 'unread' | 'unknown' };

export interface StartView {
  readonly via: 'itself' | 'header' | 'loader' | 'applet' | 'wrapper';
  readonly image: string;
  readonly argv: ViewArguments;
  /** The script file, when a script header led here. */
  readonly headerScript: string | null;
  /** False when the program gets another standard input than the start (xargs). */
  readonly sharesInput: boolean;
}

export interface StartViews {
  readonly views: readonly StartView[];
  /** Facts without which further views can not be seen. */
  readonly missing: readonly FactName[];
  /** True when arguments that can not be known hide what a carrier carries. */
  readonly hidden: boolean;
}

/** Carriers inside carriers beyond this are not followed; nobody writes that by hand and each adds work to a waiting start. */
const MAX_DEPTH = 6;
const MAX_VIEWS = 16;

export function startViews(read: FactReader): StartViews {
  const collector = new Collector(read);
  const image = read('image');
  if (image === NOT_READ) return { views: [], missing: ['image'], hidden: false };
  collector.add({ via: 'itself', image, argv: ownArguments(read), headerScript: null, sharesInput: true }, 0);
  return collector;
}

function ownArguments(read: FactReader): ViewArguments {
  const argv = read('argv');
  if (argv === NOT_READ) return { state: 'unread' };
  return argv === null ? { state: 'unknown' } : { state: 'known', values: argv };
}

class Collector implements StartViews {
  readonly views: StartView[] = [];
  readonly missing: FactName[] = [];
  hidden = false;
  private readonly read: FactReader;

  constructor(read: FactReader) {
    this.read = read;
  }

  add(view: StartView, depth: number): void {
    if (depth > MAX_DEPTH || this.views.length >= MAX_VIEWS) return;
    this.views.push(view);
    if (view.via === 'itself') this.followHeader(view, depth);
    this.followCarrier(view, depth);
  }

  private followHeader(view: StartView, depth: number): void {
    const script = this.read('script');
    if (script === NOT_READ) this.missing.push('script');
    if (script === NOT_READ || script === null) return;
    const begin = [script.interpreter, ...(script.argument === null ? [] : [script.argument]), view.image];
    const argv: ViewArguments =
      view.argv.state === 'known' ? { state: 'known', values: [...begin, ...view.argv.values.slice(1)] } : { state: 'begun', values: begin };
    this.add({ via: 'header', image: script.interpreter, argv, headerScript: view.image, sharesInput: true }, depth + 1);
  }

  private followCarrier(view: StartView, depth: number): void {
    const name = baseName(view.image);
    const loader = isLoader(view.image);
    if (!loader && !hasManyNames(view.image) && !isWrapper(name)) return;
    if (!('values' in view.argv)) {
      if (view.argv.state === 'unread') this.missing.push('argv');
      else this.hidden = true;
      return;
    }
    const { state, values } = view.argv;
    const child = (via: StartView['via'], image: string, command: readonly string[], sharesInput: boolean): void => {
      this.add({ via, image, argv: { state, values: command }, headerScript: view.headerScript, sharesInput: view.sharesInput && sharesInput }, depth + 1);
    };
    if (loader) {
      const command = loadedCommand(values);
      if (command) child('loader', this.programPath(command[0] ?? '', true), command, true);
    } else if (isWrapper(name)) {
      for (const command of wrappedCommands(name, values)) child('wrapper', this.programPath(command[0] ?? '', false), command, passesInput(name));
    } else {
      const command = appletCommand(view.image, values);
      if (command) child('applet', `${folderOf(view.image)}/${command[0] ?? ''}`, command, true);
    }
  }

  /** Absolute path of a program as an argument names it. The loader looks into the working folder, everyone else along PATH. */
  private programPath(program: string, inFolder: boolean): string {
    if (program.startsWith('/')) return resolvePath('/', program);
    if (!inFolder && !program.includes('/')) return `${SEARCH_PATH}/${program}`;
    const folder = this.read('currentDirectory');
    if (folder === NOT_READ) {
      this.missing.push('currentDirectory');
      return program;
    }
    return resolvePath(folder ?? '/', program);
  }
}

function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** The program that a start belongs to: the nearest ancestor that does more than start others. */
export function effectiveParent(ancestors: readonly Ancestor[]): Ancestor | null {
  return ancestors.find(({ image }) => isParent(image)) ?? null;
}

/** Whether a program does more than start others. */
export function isParent(image: string): boolean {
  return !isWrapper(baseName(image)) && !isLoader(image);
}
