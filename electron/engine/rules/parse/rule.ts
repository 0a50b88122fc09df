/** One Sigma rule document, checked key by key. The first problem refuses the whole rule with its place and reason. */
import type { Result } from '../../../../shared/result.ts';
import type { RuleDocument } from '../document.ts';
import type { SigmaRule } from '../model.ts';
import { asResult } from '../rule-error.ts';
import { placeholdersOf } from './fill.ts';
import { readHead, readLevel, readLogSource, readRoot } from './head.ts';
import { readDetection } from './selections.ts';

export function parseRule(document: RuleDocument): Result<SigmaRule> {
  return asResult('bad-rule-file', () => readRule(document));
}

/** Throws `RuleError`. */
export function readRule(document: RuleDocument): SigmaRule {
  const root = readRoot(document);
  const detection = readDetection(document, ['detection']);
  return {
    ...readHead(document, root, ['level', 'logsource', 'detection']),
    level: readLevel(document, root) ?? 'medium',
    logsource: readLogSource(document, root),
    ...detection,
    placeholders: placeholdersOf(detection.selections),
  };
}
