/** Starts the command line's rehearsal as a helper process of Electron. */
import path from 'node:path';
import { utilityProcess } from 'electron';
import type { RehearsalChild } from './rehearsal-runner.ts';

const MOST_PROBLEM = 4_096;

/** `cliDir` holds the built command; `options` say what of it, and lead to the engine. */
export function startRehearsal(cliDir: string, options: readonly string[]): RehearsalChild {
  const child = utilityProcess.fork(path.join(cliDir, 'holdfast.js'), ['rehearse', '--json', ...options], { serviceName: 'holdfast-rehearsal', stdio: 'pipe' });
  let rest = '';
  let problem = '';
  const listeners: ((line: string) => void)[] = [];
  child.stdout?.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString('utf8')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) listeners.forEach((listener) => listener(line));
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    problem = (problem + chunk.toString('utf8')).slice(0, MOST_PROBLEM);
  });
  return {
    onLine: (listener) => listeners.push(listener),
    onEnd: (listener) => void child.once('exit', (exitCode) => listener(exitCode, problem)),
    cancel: () => void child.kill(),
  };
}
