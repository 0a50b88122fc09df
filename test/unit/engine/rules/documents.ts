/** Sigma documents for tests, from text. */
import { linkRules, type LinkedRules } from '../../../../electron/engine/rules/link/link-rules.ts';
import { parseRuleFile, type RuleDocumentParsed } from '../../../../electron/engine/rules/parse/rule-file.ts';

export function documentsOf(text: string, file = 'rules/x.yml'): readonly RuleDocumentParsed[] {
  const parsed = parseRuleFile(file, text);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

/** Why the text is refused. */
export function refusal(text: string, file = 'rules/x.yml'): string {
  const parsed = parseRuleFile(file, text);
  if (parsed.ok) throw new Error('was accepted');
  return parsed.error.message;
}

export function link(...texts: string[]): LinkedRules {
  return linkRules(texts.flatMap((text, index) => documentsOf(text, `rules/${index}.yml`)));
}

/** A rule that matches nothing in particular, for correlations and filters to speak of. */
export function ruleText(id: string, more = '', selection = '{Image: x}'): string {
  return `title: Rule ${id}\nid: ${id}\nlogsource: {category: process_creation, product: windows}\ndetection: {selection: ${selection}, condition: selection}\n${more}`;
}
