/** Visible words stand in renderer/words alone: one place to read them all, and to translate them one day. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '..', '..', '..');
/** Attributes whose text a person sees or hears. */
const SEEN = /^(?:aria-label|aria-description|aria-roledescription|title|placeholder|label|hint|alt|text|subtitle|children|badge)$/;
const WORD = /\p{L}{2,}/u;

/** Literal words in markup: as text, in a seen attribute, or in an expression between tags. */
function wordsIn(file: string, source: string): string[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: string[] = [];
  const literals = (node: ts.Node): void => {
    if (ts.isJsxAttribute(node) || ts.isCallExpression(node) || ts.isJsxElement(node) || ts.isJsxSelfClosingElement(node) || ts.isElementAccessExpression(node)) return visit(node);
    if (ts.isBinaryExpression(node) && /^[!=]==?$/.test(node.operatorToken.getText())) return;
    if (ts.isStringLiteralLike(node) && WORD.test(node.text)) found.push(node.text);
    if (ts.isTemplateExpression(node)) for (const { text } of [node.head, ...node.templateSpans.map(({ literal }) => literal)]) if (WORD.test(text)) found.push(text);
    node.forEachChild(literals);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node) && WORD.test(node.text)) found.push(node.text.trim());
    if (ts.isJsxAttribute(node) && SEEN.test(node.name.getText()) && node.initializer !== undefined) literals(node.initializer);
    else if (ts.isJsxExpression(node) && !ts.isJsxAttribute(node.parent) && node.expression !== undefined) literals(node.expression);
    else node.forEachChild(visit);
  };
  visit(tree);
  return found;
}

describe('the scan', () => {
  it.each([
    ['text', '<p>Hello you</p>', ['Hello you']],
    ['an attribute', '<p title="Hello" className="not-seen" />', ['Hello']],
    ['an expression', "<p>{a === 'all' ? 'Yes' : `${n} items`}</p>", ['Yes', ' items']],
    ['inside a component that is handed on', '<A aside={<b>Hello</b>} />', ['Hello']],
    ['nothing where there is nothing', '<p aria-label={WORDS.label} style={{ width: "wide" }}>{WORDS.text} · {n}</p>', []],
  ])('finds %s', (_, source, words) => {
    expect(wordsIn('x.tsx', source)).toEqual(words);
  });
});

describe('the window', () => {
  const files = readdirSync(path.join(root, 'renderer'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tsx')).map((name) => `renderer/${name}`);

  it('is really looked at', () => {
    expect(files.length).toBeGreaterThan(15);
  });

  it.each(files)('has its words in renderer/words: %s', (file) => {
    expect(wordsIn(file, readFileSync(path.join(root, file), 'utf8'))).toEqual([]);
  });
});
