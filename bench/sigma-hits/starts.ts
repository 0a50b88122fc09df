/** The starts of programs that a piece of shell text leads to, as facts in the form the Linux sensor gives. */
import type { StartFacts } from '../../shared/start/facts.ts';
import { commandsIn, type ShellCommand } from './shell-text.ts';

/** What a shell does itself: no program starts, so no sensor sees one. */
const BUILT_IN = new Set([
  '.', ':', '[', '[[', 'alias', 'bg', 'bind', 'break', 'cd', 'continue', 'declare', 'dirs', 'disown', 'echo', 'enable', 'exit', 'export', 'false', 'fc', 'fg', 'getopts', 'hash', 'help',
  'history', 'in', 'jobs', 'kill', 'let', 'local', 'logout', 'mapfile', 'popd', 'printf', 'pushd', 'pwd', 'read', 'readonly', 'return', 'set', 'shift', 'shopt', 'source', 'test', 'times', 'trap', 'true',
  'type', 'typeset', 'ulimit', 'umask', 'unalias', 'unset', 'wait',
]);

/** Built-ins that run what follows them. */
const PASSES_ON = new Set(['exec', 'command', 'builtin']);
const SHELLS = new Set(['sh', 'bash', 'dash', 'ash', 'zsh', 'ksh', 'su']);
const MAX_NESTED = 4;
const ASSIGNMENT = /^[A-Za-z_]\w*\+?=/;

export interface Setting {
  /** Programs above, nearest first. */
  readonly parents?: readonly string[];
  readonly parentWords?: readonly string[];
}

/** Every program that starts when a person types `text` at a prompt. */
export function startsOf(text: string, setting: Setting = {}, depth = 0): readonly StartFacts[] {
  return commandsIn(text).flatMap((command) => startsOfCommand(command, setting, depth));
}

/** The same when `text` is handed to a shell as its argument, as cron, remote sessions and other programs do. */
export function startsOfShellArgument(text: string): readonly StartFacts[] {
  const words = ['sh', '-c', text];
  return [startOf({ words, pipeIn: null, pipeOut: null, outputFile: null }, {}), ...startsOf(text, { parents: ['/usr/bin/dash'], parentWords: words })];
}

function startsOfCommand(command: ShellCommand, setting: Setting, depth: number): readonly StartFacts[] {
  const words = withoutAssignments(command.words);
  const name = words[0];
  if (name === undefined) return [];
  if (name === 'eval') return depth < MAX_NESTED ? startsOf(words.slice(1).join(' '), setting, depth + 1) : [];
  if (PASSES_ON.has(name)) return words[1]?.startsWith('-') === false ? startsOfCommand({ ...command, words: words.slice(1) }, setting, depth) : [];
  if (BUILT_IN.has(name)) return [];
  const inner = depth < MAX_NESTED ? innerText(words) : null;
  const below = inner === null ? [] : startsOf(inner, { parents: [pathOf('sh')], parentWords: words }, depth + 1);
  return [startOf({ ...command, words }, setting), ...below];
}

function withoutAssignments(words: readonly string[]): readonly string[] {
  const from = words.findIndex((word) => !ASSIGNMENT.test(word));
  return from < 0 ? [] : words.slice(from);
}

/** The text behind `-c` of a shell, also behind sudo and its like. */
function innerText(words: readonly string[]): string | null {
  const shell = words.findIndex((word) => SHELLS.has(baseName(word)));
  const option = shell < 0 ? -1 : words.findIndex((word, index) => index > shell && /^-[a-z]*c$/.test(word));
  return option < 0 ? null : (words[option + 1] ?? null);
}

export function startOf(command: ShellCommand, setting: Setting): StartFacts {
  const parents = setting.parents ?? ['/usr/bin/bash'];
  return {
    image: pathOf(command.words[0] ?? ''),
    argv: command.words,
    script: null,
    currentDirectory: '/home/ada',
    uid: 1000,
    userName: 'ada',
    ancestors: [...parents, '/usr/lib/systemd/systemd'].map((image, index) => ({ pid: 1000 - index, startTicks: 1, image })),
    parentArgv: setting.parentWords ?? ['-bash'],
    systemTool: null,
    content: null,
    volume: 'fixed',
    imageAgeHours: 5000,
    imageOwnerUid: 0,
    sharesRoot: true,
    standardInputPipe: pipe(command.pipeIn),
    standardOutputPipe: pipe(command.pipeOut),
    standardOutputFile: command.outputFile,
  };
}

function pipe(number: number | null): string | null {
  return number === null ? null : `pipe:[${String(number)}]`;
}

function pathOf(word: string): string {
  if (word.startsWith('/')) return word;
  return word.includes('/') ? `/home/ada/${word.replace(/^\.\//, '')}` : `/usr/bin/${word}`;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
