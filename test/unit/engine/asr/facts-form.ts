/** Facts in the short form of the fixtures, made into readers. What is not given is an ordinary start by a person at a prompt. */
import { judgeOpen, judgeStart, newDetectorState, type CompiledPolicy, type Judgement } from '../../../../electron/engine/asr/judge.ts';
import type { Ancestor, FactReader, OpenFactReader, OpenFacts, StartFacts } from '../../../../shared/start/facts.ts';

export interface FactsForm {
  readonly image: string;
  /** Command line as a person would type it; quotes as in a shell. */
  readonly run?: string;
  /** Header of a script file: interpreter and at most one argument. */
  readonly script?: string | null;
  readonly cwd?: string;
  readonly uid?: number;
  /** Nearest first. */
  readonly parents?: readonly string[];
  readonly parentRun?: string;
  readonly systemTool?: string;
  readonly volume?: StartFacts['volume'];
  readonly ageHours?: number;
  readonly ownerUid?: number;
  readonly sharesRoot?: boolean;
  readonly stdin?: string;
  readonly stdout?: string;
  readonly content?: string;
  /** The opened file; makes it an opening. */
  readonly target?: string;
  /** Starts that were seen before, oldest first. */
  readonly before?: readonly (FactsForm & { readonly secondsAgo?: number })[];
}

const NOW_MS = Date.UTC(2026, 7, 5);

export function judgeForm(policy: CompiledPolicy, form: FactsForm, detectors = newDetectorState()): Judgement {
  const context = (secondsAgo: number): Parameters<typeof judgeStart>[2] => ({ nowMs: NOW_MS - secondsAgo * 1000, bootId: 'boot', detectors });
  for (const earlier of form.before ?? []) judgeStart(policy, startReader(earlier), context(earlier.secondsAgo ?? 1));
  return form.target === undefined ? judgeStart(policy, startReader(form), context(0)) : judgeOpen(policy, openReader(form), context(0));
}

export function startReader(form: FactsForm): FactReader {
  const facts = startFacts(form);
  return (name) => facts[name];
}

export function startFacts(form: FactsForm): StartFacts {
  const [interpreter, argument] = (form.script ?? '').split(' ', 2);
  return {
    image: form.image,
    argv: words(form.run ?? form.image),
    script: interpreter ? { interpreter, argument: argument ?? null } : null,
    currentDirectory: form.cwd ?? '/home/ada',
    uid: form.uid ?? 1000,
    userName: form.uid === 0 ? 'root' : 'ada',
    ancestors: ancestors(form),
    parentArgv: form.parentRun === undefined ? ['-bash'] : words(form.parentRun),
    systemTool: form.systemTool ?? null,
    content: form.content ?? null,
    volume: form.volume ?? 'fixed',
    imageAgeHours: form.ageHours ?? 5000,
    imageOwnerUid: form.ownerUid ?? 0,
    sharesRoot: form.sharesRoot ?? true,
    standardInputPipe: form.stdin ?? null,
    standardOutputPipe: form.stdout?.startsWith('/') === false ? form.stdout : null,
    standardOutputFile: form.stdout?.startsWith('/') === true ? form.stdout : null,
  };
}

export function openReader(form: FactsForm): OpenFactReader {
  const { image, argv, uid, userName, ancestors: line, sharesRoot } = startFacts(form);
  const facts: OpenFacts = { targetFilename: form.target ?? '', image, argv, uid, userName, ancestors: line, sharesRoot };
  return (name) => facts[name];
}

function ancestors(form: FactsForm): Ancestor[] {
  const images = form.parents ?? ['/usr/bin/bash', '/usr/libexec/gnome-terminal-server', '/usr/lib/systemd/systemd'];
  return images.map((image, index) => ({ pid: 1000 - index, startTicks: 1, image }));
}

/** Splits like a shell, without expanding anything. */
export function words(line: string): string[] {
  const found: string[] = [];
  for (const match of line.matchAll(/(?:[^\s'"]+|'[^']*'|"(?:[^"\\]|\\.)*")+/g)) {
    found.push(match[0].replace(/'([^']*)'|"((?:[^"\\]|\\.)*)"/g, (_, single?: string, double?: string) => single ?? (double ?? '').replace(/\\(["$`])/g, '$1')));
  }
  return found;
}
