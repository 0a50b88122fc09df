/** What the command line has of the world around it, so that tests can give it another. */
import type { Readable } from 'node:stream';

export interface CliIo {
  out(text: string): void;
  err(text: string): void;
  readonly isTty: boolean;
  /** Columns of the terminal; null when the output goes elsewhere. */
  readonly columns: number | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly uid: number;
  readonly gid: number;
  readonly homeDir: string;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  nowMs(): number;
  /** Called once at the first request to end (Ctrl-C); the returned function takes the listener away again. */
  onInterrupt(listener: () => void): () => void;
  /** Resolves when the output takes more: at once, unless whoever reads it is slow. */
  drained(): Promise<void>;
  standardInput(): Readable;
}

/** Where the output is no terminal there is nothing to wrap for, but endless lines read badly in a file too. */
const DEFAULT_COLUMNS = 100;
const LEAST_COLUMNS = 40;

export function outputWidth(io: Pick<CliIo, 'columns'>): number {
  return Math.max(LEAST_COLUMNS, io.columns ?? DEFAULT_COLUMNS);
}

/** How this command is typed here: `npx` says so in the environment of what it runs. */
export function commandName(env: CliIo['env']): string {
  return env['npm_command'] === 'exec' || env['npm_lifecycle_event'] === 'npx' ? 'npx holdfast' : 'holdfast';
}
