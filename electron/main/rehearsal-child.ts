/** Starts the command line's rehearsal as a helper process of Electron. */
import path from 'node:path';
import { Readable } from 'node:stream';
import { utilityProcess } from 'electron';
import { HelperOutput } from './helper-output.ts';
import type { RehearsalChild } from './rehearsal-runner.ts';

const MOST_PROBLEM = 4_096;

/** `cliDir` holds the built command; `options` say what of it, and lead to the engine. */
export function startRehearsal(cliDir: string, options: readonly string[]): RehearsalChild {
  const child = utilityProcess.fork(path.join(cliDir, 'holdfast.js'), ['rehearse', '--json', ...options], { serviceName: 'holdfast-rehearsal', stdio: 'pipe' });
  let rest = '';
  let problem = '';
  const listeners: ((line: string) => void)[] = [];
  const outputs = [
    outputOf(child.stdout, (text) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) listeners.forEach((listener) => listener(line));
    }),
    outputOf(child.stderr, (text) => {
      problem = (problem + text).slice(0, MOST_PROBLEM);
    }),
  ];
  return {
    onLine: (listener) => listeners.push(listener),
    onEnd: (listener) => void child.once('exit', (exitCode) => void Promise.all(outputs.map((output) => output.lastWords())).then(() => listener(exitCode, problem))),
    cancel: () => void child.kill(),
  };
}

function outputOf(stream: NodeJS.ReadableStream | null, take: (text: string) => void): HelperOutput {
  if (!(stream instanceof Readable)) throw new TypeError('a helper process whose output is not piped');
  return new HelperOutput(stream, take);
}
