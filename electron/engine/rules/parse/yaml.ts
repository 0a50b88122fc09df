/** YAML text to documents that know the place of every key. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Document, type Node } from 'yaml';
import type { KeyPath, RuleDocument } from '../document.ts';
import { asResult, RuleError } from '../rule-error.ts';
import type { Result } from '../../../../shared/result.ts';

/** A rule file is text a person wrote; more than this is a mistake or an attack on the parser. */
const MAX_TEXT = 1 << 20;
const MAX_DEPTH = 32;

/** All documents of one file. A file with any syntax error is refused as a whole. */
export function parseYaml(file: string, text: string): Result<readonly RuleDocument[]> {
  return asResult('bad-rule-file', () => {
    if (text.length > MAX_TEXT) throw new RuleError(file, `is longer than ${MAX_TEXT} characters`);
    refuseDeepFlow(file, text);
    const lines = new LineCounter();
    const parsed = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: true, strict: true, prettyErrors: false });
    const documents = Array.isArray(parsed) ? parsed : [];
    return documents.map((document) => toRuleDocument(file, lines, document));
  });
}

function toRuleDocument(file: string, lines: LineCounter, document: Document): RuleDocument {
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem) throw new RuleError(place(problem.pos[0]), firstLine(problem.message));
  const root = document.contents;
  if (isDeeperThan(root, MAX_DEPTH)) throw new RuleError(file, `is nested deeper than ${MAX_DEPTH} levels`);
  return {
    value: toPlain(file, document),
    where: (path) => place(offsetOf(root, path)),
  };
}

function toPlain(file: string, document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    // The library throws for alias bombs and for aliases without anchor: both are the file's fault.
    throw new RuleError(file, error instanceof Error ? firstLine(error.message) : 'can not be read');
  }
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
  for (const row of text.split('\n')) {
    const openings = row.match(/[[{]/g)?.length ?? 0;
    const markers = /^(?:\s*[-?]\s)+/.exec(row)?.[0].length ?? 0;
    if (openings > 200 || markers > 200) throw new RuleError(`${file}:${line}:1`, 'has too many brackets or list marks in one line');
    line += 1;
  }
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? message;
}
