/** What a rehearsed behaviour is made of. The list of them is in `behaviours/`. */
import type { Command } from './stand-in-programs.ts';
import type { Run, Workplace } from './workplace.ts';

export interface Behaviour {
  readonly id: string;
  /** For people: what is done, as if it were the real thing. */
  readonly behaviour: string;
  /** Id of the rule that speaks about it. */
  readonly rule: string;
  perform(stage: Stage): Promise<Performance>;
}

export interface Stage {
  readonly workplace: Workplace;
  /** A shell that is asked to do nothing: the system's, or a stand-in where Holdfast is limited to a folder that the system's is not in. */
  shell(): Command;
  /** A folder that Holdfast takes for somebody's home. */
  readonly home: string;
  /** Mount points of sticks and other media that can be taken out, where this account may write. */
  readonly removableMedia: readonly string[];
}

export type Performance =
  | { readonly kind: 'skipped'; readonly because: string }
  | {
      readonly kind: 'done';
      readonly run: Run;
      /** Which of the reported starts the rule speaks about. */
      readonly target: number;
      /** The program that is started, or the file that is read: by where it lies, it can be prevented or not. */
      readonly object: string;
      /** For what Holdfast sees only after a while (a new file among those it guards): does the same once more. */
      readonly again?: () => Promise<Performance>;
    };
