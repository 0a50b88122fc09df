/** Runs one command line with surroundings of the test's choosing. */
import { Readable } from 'node:stream';
import { run } from '../../../electron/cli/program.ts';
import type { CliIo } from '../../../electron/cli/io.ts';

export interface Ran {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

export const NOW = new Date(2026, 4, 20, 12, 0, 0).getTime();

export async function runCli(argv: readonly string[], changes: Partial<CliIo> = {}): Promise<Ran> {
  let out = '';
  let err = '';
  const io: CliIo = {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    isTty: false,
    columns: null,
    env: {},
    uid: process.getuid?.() ?? 0,
    gid: process.getgid?.() ?? 0,
    homeDir: '/home/nobody',
    platform: 'linux',
    arch: process.arch,
    nowMs: () => NOW,
    onInterrupt: () => () => undefined,
    drained: () => Promise.resolve(),
    standardInput: () => Readable.from([]),
    ...changes,
  };
  const exit = await run(argv, io, '1.2.3');
  return { exit, out, err };
}

export function lines(text: string): unknown[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}
