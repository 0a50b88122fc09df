/**
 * Where an interpreter takes its program from: a file, its own arguments, or its standard input. Only as much of each
 * command line is understood as this needs.
 */
import { baseName } from './paths.ts';

export type ProgramSource =
  | { readonly from: 'script'; readonly path: string }
  /** Given as an argument (`-c`, `-e`) or as a module name (`-m`). */
  | { readonly from: 'arguments' }
  | { readonly from: 'input' };

interface Shape {
  /** Short options whose text or name follows and is the program. */
  readonly code: string;
  /** Short options that take a value, joined or as the next argument. */
  readonly value: string;
  /** Short options whose value, if any, is joined (`-i.bak`): the rest of the cluster is no option. */
  readonly joined: string;
  readonly codeLong: readonly string[];
  readonly valueLong: readonly string[];
  /** Short options that name the script file (php -f). */
  readonly file: string;
  /** Short options after which the program is read from standard input even when operands follow (sh -s). */
  readonly input: string;
}

const PLAIN: Shape = { code: 'ce', value: '', joined: '', codeLong: [], valueLong: [], file: '', input: '' };
const SHELL: Shape = { ...PLAIN, code: 'c', value: 'oO', valueLong: ['--rcfile', '--init-file'], input: 's' };
const PYTHON: Shape = { ...PLAIN, code: 'cm', value: 'WX', valueLong: ['--check-hash-based-pycs'] };
const PERL: Shape = { ...PLAIN, code: 'eE', value: 'I', joined: '0CDFiMmlVdx' };
const RUBY: Shape = { ...PLAIN, code: 'e', value: 'rIC', joined: '0FKTWxi' };
const NODE: Shape = {
  ...PLAIN,
  code: 'ep',
  value: 'rC',
  codeLong: ['--eval', '--print'],
  valueLong: ['--require', '--import', '--loader', '--experimental-loader', '--conditions', '--env-file', '--input-type', '--title'],
};
const PHP: Shape = { ...PLAIN, code: 'rRBES', value: 'dczt', codeLong: ['--run', '--server'], valueLong: ['--define', '--php-ini'], file: 'f' };
const LUA: Shape = { ...PLAIN, code: 'e', value: 'l' };
const FISH: Shape = { ...PLAIN, code: 'c', value: 'CdDo', codeLong: ['--command'], valueLong: ['--init-command'] };

const SHAPES: ReadonlyMap<string, Shape> = new Map([
  ...['sh', 'bash', 'dash', 'ash', 'zsh', 'ksh', 'mksh', 'rbash', 'csh', 'tcsh'].map((name) => [name, SHELL] as const),
  ['fish', FISH],
  ['python', PYTHON],
  ['pypy', PYTHON],
  ['perl', PERL],
  ['ruby', RUBY],
  ['node', NODE],
  ['nodejs', NODE],
  ['php', PHP],
  ['lua', LUA],
  ['luajit', LUA],
  ['tclsh', PLAIN],
  ['wish', PLAIN],
  ['expect', PLAIN],
  ['guile', PLAIN],
]);

/** `python` for `python3.11`, `perl` for `perl5.36.0`, `php` for `php8.2`; null when it is no interpreter known here. */
export function interpreterName(image: string): string | null {
  const name = baseName(image);
  if (SHAPES.has(name)) return name;
  const family = name.replace(/-?[0-9][0-9.]*$/, '');
  return SHAPES.has(family) ? family : null;
}

/** What the interpreter will run. `argv` begins with its own name. */
export function programSource(interpreter: string, argv: readonly string[]): ProgramSource {
  const shape = SHAPES.get(interpreter) ?? PLAIN;
  let at = 1;
  while (at < argv.length) {
    const argument = argv[at] ?? '';
    if (argument === '--') return scriptOrInput(argv[at + 1]);
    if (argument === '-' || !/^[-+]/.test(argument)) return scriptOrInput(argument);
    const step = argument.startsWith('--') ? longOption(shape, argument) : shortOptions(shape, argument);
    if (step.source === 'arguments' || step.source === 'input') return { from: step.source };
    if (step.source === 'file') return scriptOrInput(step.joined ?? argv[at + 1]);
    at += step.consumed;
  }
  return { from: 'input' };
}

interface Step {
  readonly consumed: number;
  readonly source?: 'arguments' | 'input' | 'file';
  readonly joined?: string;
}

function longOption(shape: Shape, argument: string): Step {
  const [name = ''] = argument.split('=', 1);
  if (shape.codeLong.includes(name)) return { consumed: 1, source: 'arguments' };
  return { consumed: shape.valueLong.includes(argument) ? 2 : 1 };
}

function shortOptions(shape: Shape, argument: string): Step {
  for (let at = 1; at < argument.length; at += 1) {
    const letter = argument[at] ?? '';
    const rest = argument.slice(at + 1);
    if (shape.code.includes(letter)) return { consumed: 1, source: 'arguments' };
    if (shape.input.includes(letter) && argument.startsWith('-')) return { consumed: 1, source: 'input' };
    if (shape.file.includes(letter)) return { consumed: 1, source: 'file', ...(rest === '' ? {} : { joined: rest }) };
    if (shape.value.includes(letter)) return { consumed: rest === '' ? 2 : 1 };
    if (shape.joined.includes(letter)) return { consumed: 1 };
  }
  return { consumed: 1 };
}

/** Names under which an interpreter finds its own standard input. */
const INPUT_PATHS = new Set(['-', '/dev/stdin', '/dev/fd/0', '/proc/self/fd/0', '/proc/thread-self/fd/0']);

function scriptOrInput(path: string | undefined): ProgramSource {
  return path === undefined || INPUT_PATHS.has(path) ? { from: 'input' } : { from: 'script', path };
}
