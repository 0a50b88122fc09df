/** How a command line that can not be understood is told: commander finds it, and its words may quote what was typed. */
import type { OutputConfiguration } from 'commander';
import { outputWidth, type CliIo } from './io.ts';
import { failureLine } from './output/json-line.ts';
import { visible } from './output/visible.ts';

/** Commander's own remark on a typing error stands at the very end; what was typed never does. */
const HINT = /\n(\(Did you mean [\w ,.-]+\?\))$/;
const NO_COMMAND = 'No command was given. --help shows what can be typed.';

/** Asked before anything is parsed, for failures of parsing. */
export function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end === -1 ? argv : argv.slice(0, end)).includes('--json');
}

export function outputOf(io: CliIo, json: boolean): OutputConfiguration {
  const silent = (): undefined => undefined;
  return {
    writeOut: (text) => io.out(text),
    // With --json only the failure itself goes there, as one line.
    writeErr: json ? silent : (text) => io.err(text),
    outputError: json ? silent : (text, write) => write(`${shown(text.trim())}\n`),
    getOutHelpWidth: () => outputWidth(io),
    getErrHelpWidth: () => outputWidth(io),
    getOutHasColors: () => false,
    getErrHasColors: () => false,
  };
}

export function usageLine(code: string, message: string): string {
  const words = code === 'commander.help' ? NO_COMMAND : message.replace(/^error: /, '').replace(HINT, ' $1');
  return failureLine({ code: 'usage', message: words });
}

function shown(text: string): string {
  const hint = HINT.exec(text);
  return hint === null ? visible(text) : `${visible(text.slice(0, hint.index))}\n${hint[1] ?? ''}`;
}
