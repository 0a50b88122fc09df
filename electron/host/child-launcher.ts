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

export interface ChildLauncher {
  fork(entry: ChildEntry, args: readonly string[]): HostChild;
}
