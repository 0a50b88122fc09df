/** Carriers that become the program they carry, without another start: the dynamic loader and programs of many names. */
import { baseName } from './paths.ts';

const LOADER_NAME = /^ld(?:-linux|-musl|64|-2|\.so)[^/]*$/;
const LOADER_VALUES = new Set(['--library-path', '--preload', '--audit', '--argv0', '--inhibit-rpath', '--glibc-hwcaps-prepend', '--glibc-hwcaps-mask']);
/** With these the loader only tells; nothing is run. */
const LOADER_TELLS = new Set(['--list', '--verify', '--list-tunables', '--list-diagnostics', '--help', '--version']);

/** Programs that act by the name they are called, or by their first argument where `byArgument` says so. */
const MANY_NAMES: Readonly<Record<string, { readonly byArgument: boolean }>> = {
  busybox: { byArgument: true },
  'busybox-static': { byArgument: true },
  toybox: { byArgument: true },
  kmod: { byArgument: false },
  systemctl: { byArgument: false },
  coreutils: { byArgument: false },
};

export function isLoader(image: string): boolean {
  const name = baseName(image);
  return LOADER_NAME.test(name) && name.includes('.so');
}

/** The command line the loader runs, as given (not yet absolute); null when it runs none. */
export function loadedCommand(argv: readonly string[]): readonly string[] | null {
  let at = 1;
  while (at < argv.length) {
    const argument = argv[at] ?? '';
    if (LOADER_TELLS.has(argument)) return null;
    if (!argument.startsWith('--')) break;
    at += LOADER_VALUES.has(argument) ? 2 : 1;
  }
  return at < argv.length ? argv.slice(at) : null;
}

export function hasManyNames(image: string): boolean {
  return Object.hasOwn(MANY_NAMES, baseName(image));
}

/** The command line of the applet, its name first; null when the program was called by its own name and does not choose by argument. */
export function appletCommand(image: string, argv: readonly string[]): readonly string[] | null {
  const own = baseName(image);
  const called = baseName(argv[0] ?? '').replace(/^-/, '');
  if (called !== own && called !== '') return [called, ...argv.slice(1)];
  const applet = argv[1];
  if (MANY_NAMES[own]?.byArgument !== true || applet === undefined || applet.startsWith('-')) return null;
  return argv.slice(1);
}
