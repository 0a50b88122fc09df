/** Finding a rule by what a person types, and a mode by its name or by Defender's number. */
import type { RuleInfo } from '../../shared/control/calls.ts';
import type { RuleMode } from '../../shared/policy/modes.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { parseMode } from '../engine/asr/rule-book.ts';
import { visible } from './output/visible.ts';

type Named = Pick<RuleInfo, 'id' | 'slug' | 'name'>;

const MOST_NAMED = 6;

/** By id, by short name, by the start of an id, or by part of either name; never a guess among several. */
export function findRule<R extends Named>(rules: readonly R[], typed: string): Result<R> {
  const wanted = typed.trim().toLowerCase();
  const exact = rules.find((rule) => rule.id.toLowerCase() === wanted || rule.slug === wanted);
  if (exact !== undefined) return ok(exact);
  const words = hyphened(wanted);
  const near = words === '' ? [] : rules.filter((rule) => isIdStart(rule.id, wanted) || rule.slug.includes(words) || hyphened(rule.name).includes(words));
  const [only] = near;
  if (only !== undefined && near.length === 1) return ok(only);
  if (only === undefined) return fail('unknown-rule', `No rule is called "${visible(typed)}". \`holdfast rules list\` shows them all.`);
  const named = near.slice(0, MOST_NAMED).map((rule) => `  ${rule.slug}  ${rule.name}`);
  const more = near.length > MOST_NAMED ? [`  and ${near.length - MOST_NAMED} more`] : [];
  return fail('ambiguous-rule', [`"${visible(typed)}" fits ${near.length} rules; say which:`, ...named, ...more].join('\n'));
}

/** Words as they stand in short names, so that blanks, hyphens and case make no difference. */
function hyphened(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

const LEAST_ID_START = 4;

function isIdStart(id: string, wanted: string): boolean {
  return wanted.length >= LEAST_ID_START && id.toLowerCase().startsWith(wanted);
}

/** Also `not-configured`, as options are written. */
export function modeFrom(typed: string): Result<RuleMode> {
  const mode = parseMode(typed.trim().replaceAll('-', ''));
  return mode === null ? fail('unknown-mode', `"${visible(typed)}" is no mode. Modes: off (0), block (1), audit (2), notConfigured (5), warn (6).`) : ok(mode);
}
