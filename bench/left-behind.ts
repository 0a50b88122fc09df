/** Takes back what a benchmark made, also when the run is ended half-way: a mount with permission marks must not outlive it. */
import { rmSync } from 'node:fs';
import { PrivateTmpfs } from '../test/support/linux/private-tmpfs.ts';

const open = new Set<() => void>();

/** Runs `undo` once: when the returned function is called, or else when this process ends. */
export function takeBack(undo: () => void): () => void {
  const once = (): void => {
    if (open.delete(once)) undo();
  };
  open.add(once);
  return once;
}

/** `parent`: the folder it is mounted in; the one for temporary files unless said. */
export function temporaryTmpfs(parent?: string): { readonly folder: PrivateTmpfs; readonly remove: () => void } {
  const folder = new PrivateTmpfs(parent);
  return { folder, remove: takeBack(() => folder.remove()) };
}

export function temporaryFolder(folder: string): () => void {
  return takeBack(() => rmSync(folder, { recursive: true, force: true }));
}

/** Once, at the start of a run. */
export function takeBackAtEnd(): void {
  process.once('exit', () => {
    for (const once of [...open].reverse()) once();
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
}
