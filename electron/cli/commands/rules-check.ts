/** `holdfast rules check`: whether rule files would be accepted. Needs no engine, and changes nothing. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fail, ok, type Failure, type Result } from '../../../shared/result.ts';
import { loadRuleBook, type RuleBookFile } from '../../engine/asr/rule-book.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { hanging } from '../output/table.ts';
import { visible } from '../output/visible.ts';
import { RULES } from '../words.ts';

const PRESETS_FILE = 'presets.yml';
const MOST_FILES = 2_000;

export function rulesCheckCommand(context: CliContext, target: string): Promise<number> {
  const files = readRuleFiles(target);
  if (!files.ok) return Promise.resolve(context.fail(files.error));
  const refusals = check(files.value);
  if (context.json) context.printJson({ files: files.value.length, refused: refusals });
  else if (refusals.length === 0) context.print(RULES.checked(files.value.length));
  else context.print(...refusals.flatMap(({ message }) => hanging('', visible(message), context.width)), RULES.refused(refusals.length));
  return Promise.resolve(refusals.length === 0 ? EXIT.ok : EXIT.refused);
}

/** Every file on its own first, so that all that is wrong is told at once; then all together, as the engine takes them. */
function check(files: readonly RuleBookFile[]): Failure[] {
  const rules = files.filter((file) => path.basename(file.path) !== PRESETS_FILE);
  const alone = rules.flatMap((file) => refusalOf([file]));
  return alone.length > 0 ? alone : refusalOf(files);
}

function refusalOf(files: readonly RuleBookFile[]): Failure[] {
  const book = loadRuleBook(files);
  return book.ok ? [] : [{ ...book.error, message: inWords(book.error.message) }];
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

function readRuleFiles(target: string): Result<RuleBookFile[]> {
  try {
    const paths = statSync(target).isDirectory() ? filesIn(target) : withItsBook(target);
    if (paths.length === 0) return fail('no-rule-files', RULES.noFiles(target));
    if (paths.length > MOST_FILES) return fail('too-many-files', RULES.tooManyFiles(target, MOST_FILES));
    return ok(paths.map((file) => ({ path: file, text: readFileSync(file, 'utf8') })));
  } catch (error) {
    return fail('unreadable', RULES.unreadable(target, whyUnreadable(error)));
  }
}

function whyUnreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (Object.hasOwn(RULES.unreadableBecause, code)) return RULES.unreadableBecause[code as keyof typeof RULES.unreadableBecause];
  return error instanceof Error ? error.message : String(error);
}

/** Presets speak about rules, so they can only be checked with the rules beside them. */
function withItsBook(file: string): string[] {
  return path.basename(file) === PRESETS_FILE ? filesIn(path.dirname(file)) : [file];
}

/** Also in the folders below: presets lie above the rules they speak about. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}
