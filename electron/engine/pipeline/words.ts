/** What history says about a start that was not prevented, and about what came of stopping it. */
import type { StartRecord } from '../../../shared/link/messages.ts';
import type { StopReport } from '../response/stop-tree.ts';

export const WATCHING_ONLY = 'Holdfast runs without the rights to stop programs and only watches.';
export const ALREADY_ENDED = 'It had already ended by itself when it was to be stopped.';
export const ENGINE_ENDED = 'The engine ended while it was stopping the program; the program is gone.';
export const NOT_CONFIRMED = 'The sentinel ended between its decision and its answer; whether the program ran is not known.';
export const OPEN_NOT_CONFIRMED = 'The sentinel ended between its decision and its answer; whether the file was opened is not known.';
export const RAN_AFTER_ALL = 'It was not prevented: the sentinel ended between its decision and its answer, so the kernel let the program start.';

const UNJUDGED_WORDS: Readonly<Record<NonNullable<StartRecord['unjudged']>, string>> = {
  deadline: 'what had to be read about it did not come within the time a start may be held',
  'too-long': 'its arguments were too long to judge',
  held: 'too many starts were waiting for an answer',
  'user-stuck': 'too many starts of this user were waiting for reads that do not return',
};

export function unreadWords(userName: string | null): string {
  return `A program of ${userName ?? 'an unknown user'} runs whose arguments can not be read.`;
}

export function unjudgedWords(why: NonNullable<StartRecord['unjudged']>, userName: string | null): string {
  return `A start by ${userName ?? 'an unknown user'} could not be judged before it ran: ${UNJUDGED_WORDS[why]}.`;
}

export function notPrevented(because: string): string {
  return `It was not prevented: ${because}.`;
}

export const NO_RECORD = 'the sentinel was not asked about it (its file system is newer than its mark or belongs to another mount namespace)';
export const NOT_JUDGED = 'it could not be judged before it ran';
export const OLDER_POLICY = 'it was judged by the rules in force before the last change';
export const UNREAD = 'its arguments could not be read from the process to compare them with what was judged before the start';
export const TOO_LONG_TO_COMPARE = 'its arguments are too long to be compared with what was judged before the start';

export function differs(record: StartRecord): string {
  return `what the kernel runs differs from what was judged before the start (${shorten([record.image, ...(record.argv ?? []).slice(1)].join(' '))})`;
}

const MOST_CHARACTERS = 500;
function shorten(text: string): string {
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}…`;
}

const MOST_NAMED = 5;

/** One sentence for each thing a person may want to know about how the stop went. */
export function stopNotes(report: StopReport): string[] {
  const notes: string[] = [];
  if (report.outcome === 'gone') notes.push(ALREADY_ENDED);
  if (report.outcome === 'refused') notes.push(`It was not stopped: ${report.reason ?? 'it is protected'}.`);
  if (report.outcome === 'failed') notes.push(`It could not be stopped: ${report.reason ?? 'unknown reason'}.`);
  const below = report.processes.filter((process) => process.pid !== report.rootPid);
  const stopped = below.filter(({ outcome }) => outcome === 'stopped').length;
  if (stopped > 0) notes.push(`${stopped} ${stopped === 1 ? 'process' : 'processes'} it had started ${stopped === 1 ? 'was' : 'were'} stopped with it.`);
  const spared = below.filter(({ outcome }) => outcome === 'refused' || outcome === 'failed');
  for (const { pid, reason } of spared.slice(0, MOST_NAMED)) notes.push(`Process ${pid} below it was not stopped: ${reason ?? 'unknown reason'}.`);
  if (spared.length > MOST_NAMED) notes.push(`${spared.length - MOST_NAMED} more below it were not stopped.`);
  if (report.multiplies) notes.push('Processes it had started multiplied faster than they could be stopped; some may still run.');
  return notes;
}
