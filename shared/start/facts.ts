/**
 * What is known about one start of a program (or one opening of a guarded file) when the decision is made.
 *
 * The sentinel fills facts from the kernel while the starter waits; the engine fills the same facts from the process that
 * already runs. Both hand a `FactReader` to the same pure decision. A fact whose reading could block (another process's
 * memory) is answered with `NOT_READ`; the decision then says which facts it needs, the caller reads them within the
 * deadline and asks again. So no work is done that the answer does not need.
 */

export const NOT_READ: unique symbol = Symbol('not read yet');
export type NotRead = typeof NOT_READ;

/** One program in the line of descent, nearest first. `image` is the program before this start; exec chains count as generations. */
export interface Ancestor {
  readonly pid: number;
  readonly startTicks: number;
  readonly image: string;
}

export interface StartFacts {
  /** Path of the file the kernel is about to run (or of the running process), links resolved. */
  image: string;
  /** The arguments the kernel takes; null when they could not be read or were too long to judge. */
  argv: readonly string[] | null;
  /** Interpreter line, when the file is a script. */
  script: { readonly interpreter: string; readonly argument: string | null } | null;
  currentDirectory: string | null;
  uid: number | null;
  userName: string | null;
  /** Nearest first, at most 16. The first is what this process ran before the start (the parent's program after a plain fork). */
  ancestors: readonly Ancestor[];
  /** The image of the first ancestor alone, for less than the whole line costs; absent where nobody tells it apart. */
  runningImage?: string;
  /** Arguments of the nearest ancestor that is not a carrier, joined; null when gone. */
  parentArgv: readonly string[] | null;
  /** Name of the system tool whose content this file has (path in the system folders), null when it has none's. */
  systemTool: string | null;
  /**
   * This version of the image's file (`file:<inode>:<size>:<change time>`), as allows name it; null when it can not be told.
   * Asked for only when an allow for this very image exists. No build id: whoever writes a file can give it any.
   */
  content: string | null;
  volume: 'fixed' | 'removable' | 'network' | 'fuse' | 'memory' | 'image' | null;
  /** Hours since the file last changed (inode change time). */
  imageAgeHours: number | null;
  imageOwnerUid: number | null;
  /** False when the process has another root folder or mount namespace than the machine's (container, chroot). */
  sharesRoot: boolean;
  /** Identity of the pipe at standard input / output (`pipe:[123]`), null when it is no pipe. */
  standardInputPipe: string | null;
  standardOutputPipe: string | null;
  /** Path of the file that standard output goes into (`curl … > file`), null when it goes elsewhere. */
  standardOutputFile: string | null;
}

export type FactName = keyof StartFacts;

/** Reads one fact; a reader remembers what it has read, so asking twice is free. */
export type FactReader = <K extends FactName>(name: K) => StartFacts[K] | NotRead;

/** Facts of an opening of a guarded file. */
export interface OpenFacts {
  /** The guarded file. */
  targetFilename: string;
  image: string;
  argv: readonly string[] | null;
  uid: number | null;
  userName: string | null;
  ancestors: readonly Ancestor[];
  sharesRoot: boolean;
}
export type OpenFactReader = <K extends keyof OpenFacts>(name: K) => OpenFacts[K] | NotRead;
