/** Texts of `holdfast replay`. */
import type { FindingLine } from '../../shared/replay/lines.ts';
import { count } from './output/times.ts';

export const REPLAY_HELP = {
  replay: 'send event files through the rules and say what would have been found and contained',
  input: 'an event file (.evtx, .json, .jsonl, also .gz), a folder of them, or - for the standard input',
  rules: 'a zip, a folder or a file of Sigma rules, or own, in place of the installed packs; may be given several times',
  trust: 'how far the rules of --rules may go by a response of their own: observe (default), suspend, contain',
  noAsr: 'without the attack surface reduction rules, which otherwise all judge as if set to block',
  noBehavior: 'without behaviour detectors (this version has none that look at event files)',
  noModel: 'without the model (this version has none)',
} as const;

const SOURCES: Readonly<Record<FindingLine['rule']['source'], string>> = { asr: 'ASR', sigma: 'Sigma', behavior: 'behaviour', model: 'model', indicator: 'indicator' };

export const REPLAY = {
  place: (input: string, group: string | null) => (group === null ? input : `${input}, ${group}`),
  noTime: 'no time',
  rule: (level: string, source: FindingLine['rule']['source']) => `${level} (${SOURCES[source]})`,
  by: (author: string | null) => (author === null ? '' : ` (${author})`),
  verdicts: { observe: 'WATCH', contain: 'CONTAIN' },
  verdict: (score: number, processes: number) => `score ${score.toFixed(2)}, ${count(processes)} ${processes === 1 ? 'process' : 'processes'}`,
  summary: (events: number, seconds: number, rate: number) => `${count(events)} events in ${seconds.toFixed(1)} s (${count(Math.round(rate))} a second).`,
  found: (findings: number, contained: number) => `${count(findings)} ${findings === 1 ? 'finding' : 'findings'}, ${count(contained)} ${contained === 1 ? 'tree' : 'trees'} contained.`,
  errors: (errors: number) => `${count(errors)} ${errors === 1 ? 'place' : 'places'} could not be read; the error output names them.`,
  interrupted: (events: number) => `Interrupted after ${count(events)} events.`,
  noRules: 'No Sigma rules judge: no pack is installed and none was named with --rules.',
  refused: (files: number, target: string) => `${count(files)} rule files of ${target} were refused and do not judge; "holdfast rules check" names each reason.`,
  unlinked: (documents: number, target: string) => `${count(documents)} rules, filters or correlations of ${target} name something that is not there, or are there twice; they are left out.`,
  emptyFolder: 'there is no event file in this folder',
  nothingLoads: (target: string) => `No rule of ${target} can be loaded. "holdfast rules check" names each reason.`,
  noOwn: 'This Holdfast was built without rules of its own.',
} as const;
