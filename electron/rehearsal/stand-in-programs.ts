/**
 * What stand-ins do: nothing, or start something, hand text on, read it, open a file. None of them looks at its own name
 * or arguments, so a stand-in called like a dangerous tool does nothing of what the tool would do.
 */
import type { Instruction, Operand, SystemCall } from './machine-code.ts';
import { ProgramData, type Program } from './stand-in-elf.ts';

/** One program to start: `argv` as the kernel takes it, with the name first. */
export interface Command {
  readonly path: string;
  readonly argv: readonly string[];
}

/** Where a starting stand-in tells whom it started: pairs of 32-bit numbers, the command's index and its process id. */
export const REPORT_FD = 3;

const AT_FDCWD = -100;
const SIGCHLD = 17;
const O_RDONLY = 0;
const O_WRONLY_CREAT_TRUNC = 0o1101;
/** Long enough that the first program of a pipeline runs before the second is started, as it mostly does by hand. */
const PIPELINE_HEAD_START_MS = 100;
const ENVIRONMENT = ['PATH=/usr/bin:/bin', 'LC_ALL=C'];

/** Ends at once. */
export function quietProgram(): Program {
  const body = new Body();
  body.exit(0);
  return body.program();
}

/** Starts the commands one after the other, each as a child; ends as the first that fails, or as the last. */
export function startingProgram(commands: readonly Command[]): Program {
  const body = new Body();
  const [status, child] = [2, 3];
  commands.forEach((command, index) => {
    body.startChild(index, child, () => {
      body.become(command);
    });
    body.waitFor(child, status);
    body.push({ op: 'load', slot: status }, { op: 'jumpIfNonZero', to: 'end' });
  });
  body.push({ op: 'label', name: 'end' }, { op: 'exitWithStatus', slot: status });
  return body.program();
}

/** Starts `from | to` as a shell would, with a pipe of the kernel between them; ends as `to`. */
export function pipelineProgram(from: Command, to: Command): Program {
  const body = new Body();
  const [readEnd, writeEnd, first, second, firstStatus, secondStatus] = [2, 3, 4, 5, 6, 7];
  const closePipe = (): void => {
    body.call('close', slot(readEnd));
    body.call('close', slot(writeEnd));
  };
  body.call('pipe2', address(readEnd), value(0));
  body.orExit();
  body.startChild(0, first, () => {
    body.call('dup3', slot(writeEnd), value(1), value(0));
    closePipe();
    body.become(from);
  });
  body.startChild(1, second, () => {
    body.sleep(PIPELINE_HEAD_START_MS);
    body.call('dup3', slot(readEnd), value(0), value(0));
    closePipe();
    body.become(to);
  });
  closePipe();
  body.waitFor(second, secondStatus);
  body.waitFor(first, firstStatus);
  body.push({ op: 'exitWithStatus', slot: secondStatus });
  return body.program();
}

/** Writes text to its standard output, or to a new file, then stays for a moment. */
export function writingProgram(text: string, options: { readonly file?: string; readonly stayMs?: number } = {}): Program {
  const body = new Body();
  const target = 0;
  body.push({ op: 'set', slot: target, value: 1 });
  if (options.file !== undefined) {
    body.call('openat', value(AT_FDCWD), body.string(options.file), value(O_WRONLY_CREAT_TRUNC), value(0o700));
    body.orExit();
    body.push({ op: 'store', slot: target });
  }
  body.call('write', slot(target), body.string(text), value(Buffer.byteLength(text)));
  if (options.stayMs !== undefined) body.sleep(options.stayMs);
  body.exit(0);
  return body.program();
}

/** Reads its standard input to the end and forgets it. */
export function readingProgram(): Program {
  const body = new Body();
  const [buffer, bufferBytes] = [0, 64];
  body.push({ op: 'label', name: 'more' });
  body.call('read', value(0), address(buffer), value(bufferBytes));
  body.orExit();
  body.push({ op: 'jumpIfNonZero', to: 'more' });
  body.exit(0);
  return body.program();
}

/** Opens a file for reading and ends; the exit code tells whether it could. */
export function openingProgram(file: string): Program {
  const body = new Body();
  body.call('openat', value(AT_FDCWD), body.string(file), value(O_RDONLY), value(0));
  body.orExit();
  body.exit(0);
  return body.program();
}

class Body {
  private readonly code: Instruction[] = [];
  private readonly data = new ProgramData();
  private labels = 0;

  program(): Program {
    return { code: this.code, data: this.data };
  }

  push(...instructions: readonly Instruction[]): void {
    this.code.push(...instructions);
  }

  call(call: SystemCall, ...operands: readonly Operand[]): void {
    this.push({ op: 'call', call, operands });
  }

  string(text: string): Operand {
    return { kind: 'data', offset: this.data.string(text) };
  }

  exit(code: number): void {
    this.call('exit_group', value(code));
  }

  /** Ends with the errno of the last call when it failed. */
  orExit(): void {
    const failed = this.newLabel();
    const fine = this.newLabel();
    this.push({ op: 'jumpIfError', to: failed }, { op: 'jump', to: fine }, { op: 'label', name: failed }, { op: 'exitWithError' }, { op: 'label', name: fine });
  }

  sleep(milliseconds: number): void {
    this.call('nanosleep', { kind: 'data', offset: this.data.duration(milliseconds) }, value(0));
  }

  /** The child reports itself, then does `inChild`, which must not return; the parent keeps its id in `childSlot`. */
  startChild(index: number, childSlot: number, inChild: () => void): void {
    const parent = this.newLabel();
    const [reportIndex, reportPid] = [0, 1];
    this.call('clone', value(SIGCHLD), value(0), value(0), value(0), value(0));
    this.orExit();
    this.push({ op: 'jumpIfNonZero', to: parent }, { op: 'set', slot: reportIndex, value: index });
    this.call('getpid');
    this.push({ op: 'store', slot: reportPid });
    this.call('write', value(REPORT_FD), address(reportIndex), value(8));
    this.call('close', value(REPORT_FD));
    inChild();
    this.push({ op: 'label', name: parent }, { op: 'store', slot: childSlot });
  }

  become(command: Command): void {
    const argv: Operand = { kind: 'data', offset: this.data.strings(command.argv) };
    const environment: Operand = { kind: 'data', offset: this.data.strings(ENVIRONMENT) };
    this.call('execve', this.string(command.path), argv, environment);
    this.push({ op: 'exitWithError' });
  }

  waitFor(childSlot: number, statusSlot: number): void {
    this.call('wait4', slot(childSlot), address(statusSlot), value(0), value(0));
    this.orExit();
  }

  private newLabel(): string {
    this.labels += 1;
    return `label-${this.labels}`;
  }
}

function value(number: number): Operand {
  return { kind: 'value', value: number };
}

function slot(number: number): Operand {
  return { kind: 'slot', slot: number };
}

function address(number: number): Operand {
  return { kind: 'slotAddress', slot: number };
}
