/** The words of a Sigma rule for history, with its author, as its licence asks. */
import type { RuleDescription } from '../edr/describe-rule.ts';
import type { SigmaCorrelation, SigmaRule } from '../rules/model.ts';

const TECHNIQUE = /^attack\.(t\d{4}(?:\.\d{3})?)$/i;

export function describeSigma({ title, description, tags, author, level }: SigmaRule | SigmaCorrelation): RuleDescription {
  const attack = tags.flatMap((tag) => TECHNIQUE.exec(tag)?.[1]?.toUpperCase() ?? []);
  return { name: title, reason: description ?? title, severity: level ?? 'medium', attack, source: 'sigma', author };
}
