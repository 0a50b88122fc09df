/** YAML text to documents that know the place of every key. */
import { isAlias, isCollection, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, visit, type Document, type Node } from 'yaml';
import type { KeyPath, RuleDocument } from '../document.ts';
import { readPlainYaml } from './plain-yaml.ts';
import { asResult, RuleError } from '../rule-error.ts';
import type { Result } from '../../../../shared/result.ts';

/** A rule file is text a person wrote; more than this is a mistake or an attack on the parser. */
const MAX_TEXT = 1 << 20;
const MAX_DEPTH = 32;
/** Brackets that stand open at once, over all lines: more overflow the library's stack, which ends a whole process at times. */
const MAX_OPEN = 200;
const MAX_DOCUMENTS = 500;
/** Anchors, aliases and tags, which the library handles one against the others. */
const MAX_MARKS = 1000;
const MAX_ALIASES = 100;
/** Lines, keys and list entries, about. The longest public rule file has 4,500. */
const MAX_ENTRIES = 50_000;

/** All documents of one file. A file with any syntax error is refused as a whole. */
export function parseYaml(file: string, text: string): Result<readonly RuleDocument[]> {
  return asResult('bad-rule-file', () => {
    if (text.length > MAX_TEXT) throw new RuleError(file, `is longer than ${MAX_TEXT} characters`);
    refuseTooMany(file, text);
    return readPlain(file, text) ?? readAll(file, text);
  });
}

/** Null for what is not plain. Places within it are asked for when something is wrong, so the library is asked then. */
function readPlain(file: string, text: string): readonly RuleDocument[] | null {
  const documents = readPlainYaml(text);
  let read: readonly RuleDocument[] | null = null;
  return documents?.map(({ value, start }, index) => ({
    value,
    where: (path, at) => (path.length === 0 && at === undefined ? placeIn(file, text, start) : ((read ??= readAll(file, text))[index]?.where(path, at) ?? file)),
  })) ?? null;
}

function placeIn(file: string, text: string, offset: number): string {
  const lineAt = text.lastIndexOf('\n', offset - 1) + 1;
  return `${file}:${text.slice(0, lineAt).split('\n').length}:${offset - lineAt + 1}`;
}

/** By the library for all of the language. */
export function readAll(file: string, text: string): readonly RuleDocument[] {
  refuseDeepFlow(file, text);
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: false, logLevel: 'error', strict: true, prettyErrors: false });
  const documents = Array.isArray(parsed) ? parsed : [];
  return documents.map((document) => toRuleDocument(file, text, lines, document));
}

function toRuleDocument(file: string, text: string, lines: LineCounter, document: Document): RuleDocument {
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem) throw new RuleError(place(problem.pos[0]), firstLine(problem.message));
  const root = document.contents;
  if (isDeeperThan(root, MAX_DEPTH)) throw new RuleError(file, `is nested deeper than ${MAX_DEPTH} levels`);
  const wrong = keysAndAliases(document);
  if (wrong) throw new RuleError(place(wrong.at), wrong.reason);
  keepNumbersAsWritten(document);
  return {
    value: toPlain(file, document),
    where: (path, at) => place(at === undefined ? offsetOf(root, path) : offsetInText(root, path, text, at)),
  };
}

/** The first key that its map has already, or alias too many. The library's own look for doubles takes the square of their number. */
function keysAndAliases(document: Document): { readonly at: number; readonly reason: string } | null {
  let wrong: { at: number; reason: string } | null = null;
  let aliases = 0;
  const anchors = new Set<string>();
  const keepAnchor = (anchor: string | undefined): void => {
    if (anchor !== undefined) anchors.add(anchor);
  };
  visit(document, {
    Scalar: (_, { anchor }) => keepAnchor(anchor),
    Seq: (_, { anchor }) => keepAnchor(anchor),
    Map(_, map) {
      keepAnchor(map.anchor);
      const seen = new Set<string>();
      for (const { key } of map.items) {
        const name = isScalar(key) ? String(key.value) : null;
        if (name === null) wrong ??= { at: startOf(key) ?? startOf(map) ?? 0, reason: 'a key is a text' };
        else if (seen.has(name)) wrong ??= { at: startOf(key) ?? 0, reason: `the key "${name}" stands twice in one map` };
        else seen.add(name);
      }
      return wrong ? visit.BREAK : undefined;
    },
    Alias(_, alias, path) {
      aliases += 1;
      if (aliases > MAX_ALIASES) wrong ??= { at: startOf(alias) ?? 0, reason: `has more than ${MAX_ALIASES} aliases` };
      if (!anchors.has(alias.source)) wrong ??= { at: startOf(alias) ?? 0, reason: `"*${alias.source}" stands for nothing: there is no "&${alias.source}" before it` };
      if (path.some((node) => isCollection(node) && node.anchor === alias.source)) wrong ??= { at: startOf(alias) ?? 0, reason: `"*${alias.source}" stands inside of what it stands for` };
      return wrong ? visit.BREAK : undefined;
    },
  });
  return wrong;
}

/** `0x1410`, `007` and `1.0` are compared as the author wrote them; as numbers they would read 5136, 7 and 1. */
function keepNumbersAsWritten(document: Document): void {
  visit(document, {
    Scalar(key, node) {
      if (key !== 'key' && typeof node.value === 'number' && node.source !== undefined && String(node.value) !== node.source) node.value = node.source;
    },
  });
}

function toPlain(file: string, document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    // The library throws for alias bombs and for aliases without anchor: both are the file's fault.
    throw new RuleError(file, error instanceof Error ? firstLine(error.message) : 'can not be read');
  }
}

/**
 * Offset of a character of the text at `path`. Quotes, block marks and indentation move it, so what is not white is counted;
 * an escape in double quotes makes the place a little early.
 */
function offsetInText(root: unknown, path: KeyPath, text: string, at: number): number {
  const node = nodeAt(root, path);
  if (!isScalar(node) || typeof node.value !== 'string' || !node.range) return offsetOf(root, path);
  const [start, end] = node.range;
  const isBlock = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED';
  const quoted = node.type === 'QUOTE_SINGLE' || node.type === 'QUOTE_DOUBLE';
  let left = node.value.slice(0, at).replaceAll(/\s/g, '').length;
  let offset = isBlock ? text.indexOf('\n', start) + 1 : quoted ? start + 1 : start;
  for (; offset < end; offset += 1) {
    if (/\s/.test(text.charAt(offset))) continue;
    if (left === 0) return offset;
    left -= 1;
  }
  return end;
}

function nodeAt(root: unknown, path: KeyPath): unknown {
  let node = root;
  for (const key of path) {
    if (isMap(node)) node = node.get(key, true);
    else if (isSeq(node)) node = node.get(key, true);
    else return undefined;
  }
  return node;
}

/** Offset of the key (or list entry) that a path names; the nearest known one above when the path leads nowhere. */
function offsetOf(root: unknown, path: KeyPath): number {
  let node: unknown = root;
  let offset = startOf(root) ?? 0;
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
      if (!pair) return offset;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof key === 'number') {
      node = node.items[key];
      offset = startOf(node) ?? offset;
    } else {
      return offset;
    }
  }
  return offset;
}

function startOf(node: unknown): number | null {
  const range = (node as Partial<Node> | null | undefined)?.range;
  return range ? range[0] : null;
}

function isDeeperThan(node: unknown, limit: number): boolean {
  if (limit === 0) return true;
  if (isAlias(node)) return false;
  if (isMap(node)) return node.items.some((pair) => isDeeperThan(pair.value, limit - 1));
  if (isSeq(node)) return node.items.some((item) => isDeeperThan(item, limit - 1));
  return false;
}

/** The library recurses per bracket and per indentation step; a file made to overflow the stack is refused before it is asked. */
function refuseDeepFlow(file: string, text: string): void {
  let line = 1;
  let open = 0;
  for (const row of text.split('\n')) {
    const openings = row.match(/[[{]/g)?.length ?? 0;
    // Brackets in texts count too, so a few that nobody closes are no reason.
    open = Math.max(0, open + openings - (row.match(/[\]}]/g)?.length ?? 0));
    if (open > MAX_OPEN) throw new RuleError(`${file}:${line}:1`, `has more than ${MAX_OPEN} brackets inside each other`);
    const markers = /^(?:\s*[-?]\s)+/.exec(row)?.[0].length ?? 0;
    if (openings > 200 || markers > 200) throw new RuleError(`${file}:${line}:1`, 'has too many brackets or list marks in one line');
    line += 1;
  }
}

function refuseTooMany(file: string, text: string): void {
  if ((text.match(/[,:\n]/g)?.length ?? 0) > MAX_ENTRIES) throw new RuleError(file, `has more than ${MAX_ENTRIES} lines, keys and entries`);
  if ((text.match(/^---/gm)?.length ?? 0) > MAX_DOCUMENTS) throw new RuleError(file, `has more than ${MAX_DOCUMENTS} documents`);
  if ((text.match(/(?:^|[\s[{,])[!&*][^\s*]/g)?.length ?? 0) > MAX_MARKS) throw new RuleError(file, `has more than ${MAX_MARKS} anchors, aliases and tags`);
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? message;
}
