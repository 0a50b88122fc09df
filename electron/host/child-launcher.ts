/** How the owner starts its children: `fork` under Node, `utilityProcess` under Electron. One interface, so that the host never asks which. */

export type ChildEntry = 'engine' | 'sentinel';

export interface HostChild {
  readonly pid: number | undefined;
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, also when the child could not be started. */
  onExit(listener: (code: number | null) => void): void;
  /** SIGKILL. */
  kill(): void;
}

/**
 * Threads of a child for reads that may never return. Sentinel: one for each start that may be held, so that a stuck read takes none from
 * the others. Engine: some for the arguments that could not be read at a glance.
 */
const POOL_THREADS: Readonly<Record<ChildEntry, number>> = { sentinel: 64, engine: 16 };

/** What a child finds in its environment. The pool's size has to stand there before the child starts: Node 20 loads modules with the pool. */
export function childEnvironment(entry: ChildEntry, own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...own, UV_THREADPOOL_SIZE: String(POOL_THREADS[entry]) };
}

export interface ChildLauncher {
  fork(entry: ChildEntry, args: readonly string[]): HostChild;
}
