/** A rehearsal that the window asked for: the command line's own, in a child of this program, as the person at the window. */
import { rehearsalResultSchema } from '../../shared/rehearsal/result.ts';
import type { RehearsalState } from '../../shared/ipc/table.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { APP } from './words.ts';

/** The child: lines of its output, and its end. */
export interface RehearsalChild {
  onLine(listener: (line: string) => void): void;
  /** `problem`: what it said on its error output. */
  onEnd(listener: (exitCode: number, problem: string) => void): void;
  /** It cleans up before it ends. */
  cancel(): void;
}

export interface RehearsalChildren {
  readonly start: () => RehearsalChild;
  /** Names each look-alike on a line of its own, and performs none. */
  readonly list: () => RehearsalChild;
}

/** `holdfast rehearse`: 0 all as promised, 6 something was not; anything else is an end before the end. */
const FINISHED: readonly number[] = [0, 6];

export class RehearsalRunner {
  private child: RehearsalChild | null = null;
  private current: RehearsalState = { running: false, results: [], planned: 0, problem: null };
  private readonly children: RehearsalChildren;
  /** How many a whole rehearsal has; zero until that is known. */
  private planned = 0;
  private readonly onChange: (state: RehearsalState) => void;

  constructor(children: RehearsalChildren, onChange: (state: RehearsalState) => void) {
    this.children = children;
    this.onChange = onChange;
  }

  get state(): RehearsalState {
    return this.current;
  }

  begin(): Result<RehearsalState> {
    if (this.child !== null) return fail('rehearsal-running', APP.rehearsalRunning);
    const child = this.children.start();
    this.child = child;
    this.show({ running: true, results: [], planned: this.planned, problem: null });
    if (this.planned === 0) this.count();
    child.onLine((line) => this.take(line));
    child.onEnd((exitCode, problem) => {
      this.child = null;
      const broke = FINISHED.includes(exitCode) ? null : APP.rehearsalBroke(problem.trim().slice(0, 300) || `code ${exitCode}`);
      this.show({ ...this.current, running: false, problem: broke });
    });
    return ok(this.current);
  }

  cancel(): RehearsalState {
    this.child?.cancel();
    return this.current;
  }

  /** Beside the rehearsal, which does not wait for it. */
  private count(): void {
    const child = this.children.list();
    let lines = 0;
    child.onLine(() => (lines += 1));
    child.onEnd((exitCode) => {
      if (exitCode !== 0) return;
      this.planned = lines;
      this.show({ ...this.current, planned: lines });
    });
  }

  private take(line: string): void {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return;
    }
    const result = rehearsalResultSchema.safeParse(value);
    if (result.success) this.show({ ...this.current, results: [...this.current.results, result.data] });
  }

  private show(state: RehearsalState): void {
    this.current = state;
    this.onChange(state);
  }
}
