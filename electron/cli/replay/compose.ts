/** Puts a replay together from what this program carries: the mappings of logs, the rule book, and the rules that were chosen. */
import { plainDocument } from '../../engine/rules/document.ts';
import { parseRule } from '../../engine/rules/parse/rule.ts';
import { recordedDefinitions } from '../../engine/asr/judge-recorded.ts';
import { loadRuleBook, type RuleBook } from '../../engine/asr/rule-book.ts';
import type { EventJudge } from '../../engine/pipeline/event-pipeline.ts';
import { bookJudge, type BookDefinition } from '../../engine/pipeline/book-judge.ts';
import { ReplaySession } from '../../engine/pipeline/replay-session.ts';
import type { MakeMatcher } from '../../engine/pipeline/rule-judge.ts';
import { judgeOfPacks } from '../../engine/pipeline/sigma-judge.ts';
import { SigmaSet } from '../../engine/rules/set/sigma-set.ts';
import { MappedLogs } from '../../engine/sensors/mappings/mapped-log.ts';
import { parseMappings } from '../../engine/sensors/mappings/mapping-file.ts';
import { readMappingFiles, readRuleFiles } from '../../host/engine/rule-files.ts';
import { resourcesDir } from '../../host/resources-dir.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { loadReplayRules, type RuleChoice } from './rules.ts';

const makeMatcher: MakeMatcher = (rules) => SigmaSet.build(rules);

export interface Composed {
  readonly session: ReplaySession;
  readonly notes: readonly string[];
}

export async function composeReplay(choice: RuleChoice, asr: boolean): Promise<Result<Composed>> {
  const logs = readLogs();
  if (!logs.ok) return logs;
  const rules = await loadReplayRules(choice);
  if (!rules.ok) return rules;
  const judges: EventJudge[] = [judgeOfPacks(rules.value.packs, makeMatcher)];
  if (asr) {
    const book = readBook();
    if (!book.ok) return book;
    judges.unshift(bookJudge(definitionsOf(book.value), makeMatcher));
  }
  return ok({ session: new ReplaySession(logs.value, judges), notes: rules.value.notes });
}

function readLogs(): Result<MappedLogs> {
  const files = readMappingFiles(resourcesDir());
  const mappings = files.ok ? parseMappings(files.value) : files;
  return mappings.ok ? ok(new MappedLogs(mappings.value)) : mappings;
}

function readBook(): Result<RuleBook> {
  const files = readRuleFiles(resourcesDir());
  return files.ok ? loadRuleBook(files.value) : files;
}

/** Of every system: which of them speak about an event its log source decides. Loading the book has checked them. */
function definitionsOf(book: RuleBook): BookDefinition[] {
  const linux = book.rules.flatMap((rule) => {
    const part = rule.systems.linux;
    return (part.available ? part.definitions : []).map((raw): BookDefinition => {
      const definition = parseRule(plainDocument(rule.slug, raw));
      if (!definition.ok) throw new Error(definition.error.message);
      return { rule, definition: definition.value };
    });
  });
  return [...recordedDefinitions(book, 'windows'), ...linux];
}
