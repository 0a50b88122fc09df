/**
 * `holdfast rules check`: whether rule files would be accepted: Sigma rules in archives, folders and files, and Holdfast's
 * own rule book and mappings. Needs no engine, and changes nothing.
 */
import path from 'node:path';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { RefusedFile, RuleTotals } from '../../../shared/packs/pack.ts';
import { loadRuleBook } from '../../engine/asr/rule-book.ts';
import { checkFiles, refusedFile, type CheckedDocument } from '../../engine/packs/check-files.ts';
import { readSource } from '../../engine/packs/load-source.ts';
import { sourceName } from '../../engine/packs/readiness.ts';
import type { RuleText } from '../../engine/packs/rule-text.ts';
import { parseMappings } from '../../engine/sensors/mappings/mapping-file.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { hanging } from '../output/table.ts';
import { visible } from '../output/visible.ts';
import { CHECK_WORDS } from '../words-packs.ts';
import { RULES } from '../words.ts';

const PRESETS_FILE = 'presets.yml';
/** Only the files of the rule book have these keys. */
const OF_THE_BOOK = /^(?:systems|presets):/m;
/** And only mappings of logs to kinds of events have this one. */
const OF_THE_MAPPINGS = /^sources:/m;

interface Refusal extends RefusedFile {
  readonly code: string;
  /** Place and reason in one line. */
  readonly message: string;
}

interface Checked {
  readonly totals: RuleTotals;
  readonly book: number;
  readonly mappings: number;
  readonly documents: readonly CheckedDocument[];
  readonly refused: readonly Refusal[];
}

export async function rulesCheckCommand(context: CliContext, targets: readonly string[]): Promise<number> {
  const read = await readAll(targets);
  if (!read.ok) return context.fail(read.error);
  const checked = await check(read.value.files, read.value.refused);
  const { totals, refused } = checked;
  if (context.json) context.printJson({ files: totals.files, refused, totals: { ...totals, loaded: totals.rules + totals.filters + totals.correlations, bookRules: checked.book }, kinds: kindsOf(checked.documents) });
  else show(context, checked);
  return refused.length === 0 ? EXIT.ok : EXIT.refused;
}

function show(context: CliContext, { totals, book, mappings, refused }: Checked): void {
  const ours = book + mappings;
  context.print(...refused.flatMap(({ message }) => hanging('', visible(message), context.width)));
  if (totals.files > ours) context.print(...hanging('', CHECK_WORDS.totals(totals), context.width));
  if (refused.length > 0) context.print(RULES.refused(refused.length));
  else if (totals.files === ours) context.print(RULES.checked(totals.files));
}

interface ReadAll {
  readonly files: readonly RuleText[];
  readonly refused: readonly RefusedFile[];
}

async function readAll(targets: readonly string[]): Promise<Result<ReadAll>> {
  const files: RuleText[] = [];
  const refused: RefusedFile[] = [];
  for (const typed of targets) {
    // Presets speak about rules, so they can only be checked with the rules beside them.
    const target = path.basename(typed) === PRESETS_FILE ? path.dirname(typed) : typed;
    const source = await readSource(target);
    if (!source.ok) return source;
    const shown = (file: string): string => (source.value.kind === 'file' ? target : path.join(target, file));
    if (source.value.files.length + source.value.refused.length === 0) return fail('no-rule-files', RULES.noFiles(target));
    files.push(...source.value.files.map((file) => ({ ...file, path: shown(file.path) })));
    refused.push(...source.value.refused.map((each) => ({ ...each, file: shown(each.file) })));
  }
  return ok({ files, refused });
}

async function check(files: readonly RuleText[], unread: readonly RefusedFile[]): Promise<Checked> {
  const book = files.filter(({ text }) => OF_THE_BOOK.test(text));
  const mappings = files.filter((file) => OF_THE_MAPPINGS.test(file.text) && !book.includes(file));
  const sigma = await checkFiles(files.filter((file) => !book.includes(file) && !mappings.includes(file)), () => Promise.resolve());
  const alone = [...unread, ...sigma.refused, ...refusedOfBook(book), ...mappings.flatMap(refusedMapping)];
  const refused = alone.length > 0 || book.length === 0 ? alone : refusalOf(book);
  const told = refused.map(asRefusal).sort((a, b) => (a.file < b.file ? -1 : 1));
  return { totals: { ...sigma.totals, files: files.length + unread.length, refused: told.length }, book: book.length, mappings: mappings.length, documents: sigma.documents, refused: told };
}

/** Every file on its own first, so that all that is wrong is told at once; then all together, as the engine takes them. */
function refusedOfBook(book: readonly RuleText[]): RefusedFile[] {
  return book.filter((file) => path.basename(file.path) !== PRESETS_FILE).flatMap((file) => refusalOf([file]));
}

function refusalOf(book: readonly RuleText[]): RefusedFile[] {
  const loaded = loadRuleBook(book);
  if (loaded.ok) return [];
  const file = book.find(({ path: each }) => loaded.error.message.startsWith(each))?.path ?? book[0]?.path ?? '';
  return [refusedFile(file, inWords(loaded.error.message))];
}

function refusedMapping(file: RuleText): RefusedFile[] {
  const parsed = parseMappings([file]);
  return parsed.ok ? [] : [refusedFile(file.path, inWords(parsed.error.message))];
}

function asRefusal(refused: RefusedFile): Refusal {
  const place = [refused.file, refused.line, refused.column].filter((part) => part !== null).join(':');
  return { code: 'bad-rule-file', message: `${place}: ${refused.reason}`, ...refused };
}

interface Kind {
  readonly source: string;
  readonly rules: number;
}

/** Rules by the events they speak about, most first. */
function kindsOf(documents: readonly CheckedDocument[]): Kind[] {
  const found = new Map<string, number>();
  for (const { parsed } of documents) {
    const source = parsed.kind === 'rule' ? sourceName(parsed.rule.logsource) : null;
    if (source !== null) found.set(source, (found.get(source) ?? 0) + 1);
  }
  return [...found].map(([source, number]) => ({ source, rules: number })).sort((a, b) => b.rules - a.rules);
}

/** The form of a file is checked by a library that speaks to programmers. */
function inWords(message: string): string {
  return message.replace(/Invalid input: expected (\w+), received (\w+)/, (whole, expected: string, received: string) => {
    const [wanted, found] = [shape(expected), shape(received)];
    return wanted === undefined || found === undefined ? whole : RULES.shouldBe(wanted, found);
  });
}

function shape(name: string): string | undefined {
  return Object.hasOwn(RULES.shapes, name) ? RULES.shapes[name as keyof typeof RULES.shapes] : undefined;
}
