/**
 * Reads the plain part of YAML in which rule files are written: block maps and lists, words, quoted texts of one line, literal
 * blocks, simple lists in brackets, comments. It is a small part of the language and many times faster than the library for all
 * of it. Whatever is not certainly plain is answered with null, and then the library decides: what is wrong with a file, and
 * where, is always its word.
 */

export interface PlainDocument {
  readonly value: unknown;
  /** Offset of its first key or entry. */
  readonly start: number;
}

/** Levels that are followed; rules have five. */
const DEEPEST = 12;
const LONGEST_KEY = 200;

/** Not plain: the library is asked. */
const OTHER = Symbol('other');
type Other = typeof OTHER;

/** Tabs, other line ends, other spaces, halves of pairs. Everything else may stand in a text, and what `trim` takes away is a space. */
const STRANGE = /[\0-\x09\x0b-\x1f\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ud800-\udfff\ufeff\ufffe\uffff]/;

/** All documents of a text, or null when the library has to look. */
export function readPlainYaml(text: string): readonly PlainDocument[] | null {
  if (STRANGE.test(text)) return null;
  const reader = new Reader(text);
  const documents: PlainDocument[] = [];
  for (;;) {
    const document = reader.document();
    if (document === OTHER) return null;
    documents.push(document);
    if (reader.atEnd) return documents;
  }
}

interface Line {
  readonly indent: number;
  /** From the first character that is no space, without spaces at the end. */
  readonly text: string;
  /** Offset of that character. */
  readonly at: number;
}

const SEPARATOR = '---';
/** Words for a key: nothing that could be a number, a mark or a comment. */
const KEY = /^([A-Za-z_][\w.|/-]*(?: [\w.|/-]+)*):(?: +(.*))?$/;
const QUOTED_KEY = /^'([A-Za-z_][\w.|/ -]*)':(?: +(.*))?$/;
const WORD_THAT_IS_NONE = /^(?:null|true|false)$/i;
/** How a text without quotes begins. */
const FIRST = /^(?:[^\s\-?:,[\]{}#&*!|>'"%@`]|[-?:](?=[^\s,[\]{}#]))/;

class Reader {
  private readonly lines: readonly string[];
  private readonly offsets: readonly number[];
  /** Number of the line that is looked at: blank lines and comments are passed over. */
  private next = 0;
  private known: Line | null = null;

  constructor(text: string) {
    this.lines = text.split('\n');
    let at = 0;
    this.offsets = this.lines.map((line) => (at += line.length + 1) - line.length - 1);
  }

  get atEnd(): boolean {
    return this.next >= this.lines.length;
  }

  document(): PlainDocument | Other {
    if (this.isAtSeparator()) this.pass();
    const line = this.line();
    if (line?.indent !== 0) return OTHER;
    const value = this.block(0, DEEPEST);
    if (value === OTHER) return OTHER;
    return this.line() === null || this.isAtSeparator() ? { value, start: line.at } : OTHER;
  }

  private isAtSeparator(): boolean {
    const line = this.line();
    return line?.indent === 0 && line.text === SEPARATOR;
  }

  /** The next line with something in it; null at the end. */
  private line(): Line | null {
    if (this.known !== null) return this.known;
    for (; this.next < this.lines.length; this.next += 1) {
      const raw = this.lines[this.next] ?? '';
      const text = raw.trim();
      if (text === '' || text.startsWith('#')) continue;
      const indent = raw.length - raw.trimStart().length;
      return (this.known = { indent, text, at: (this.offsets[this.next] ?? 0) + indent });
    }
    return null;
  }

  private pass(): void {
    this.next += 1;
    this.known = null;
  }

  /** A map or a list, whose lines begin at this column. */
  private block(indent: number, left: number): unknown {
    const line = this.line();
    if (line === null || left === 0) return OTHER;
    return isEntry(line.text) ? this.list(indent, left) : this.map(indent, left, null);
  }

  /** `first`: its first line, where that began behind the mark of a list. */
  private map(indent: number, left: number, first: string | null): unknown {
    const map: Record<string, unknown> = {};
    for (let text = first; ; text = null) {
      const line = this.line();
      if (text === null) {
        if (line === null || line.indent < indent) return map;
        if (line.indent > indent) return OTHER;
        if (this.isAtSeparator()) return map;
      }
      const entry = text ?? line?.text ?? '';
      const found = KEY.exec(entry) ?? QUOTED_KEY.exec(entry);
      const key = found?.[1];
      if (key === undefined || !isKey(key) || Object.hasOwn(map, key)) return OTHER;
      const value = this.value(found?.[2] ?? '', indent, left, true);
      if (value === OTHER) return OTHER;
      map[key] = value;
    }
  }

  private list(indent: number, left: number): unknown {
    const list: unknown[] = [];
    for (;;) {
      const line = this.line();
      if (line === null || line.indent < indent || (line.indent === indent && !isEntry(line.text))) return list;
      if (line.indent > indent) return OTHER;
      const value = this.entry(line, left);
      if (value === OTHER) return OTHER;
      list.push(value);
    }
  }

  private entry({ indent, text }: Line, left: number): unknown {
    const rest = text.slice(1).trimStart();
    if (isEntry(rest)) return OTHER;
    if (KEY.test(rest)) return this.map(indent + text.length - rest.length, left - 1, rest);
    return this.value(rest, indent, left, false);
  }

  /** What stands behind a key or a list mark; the line is passed. `indent`: of the map or list it belongs to. */
  private value(rest: string, indent: number, left: number, ofMap: boolean): unknown {
    if (left === 0) return OTHER;
    if (rest === '' || rest.startsWith('#')) return this.below(rest, indent, left, ofMap);
    const first = rest.charAt(0);
    if (first === "'" || first === '"') return this.quoted(rest, first, indent);
    if (first === '|' || first === '>') return this.literal(rest, indent);
    if (first === '[' || first === '{') return this.brackets(rest, indent);
    return this.words(rest, indent);
  }

  /** What stands on the lines below; a list of a map may begin at the column of its key. */
  private below(rest: string, indent: number, left: number, ofMap: boolean): unknown {
    const behind = this.next + 1;
    this.pass();
    const line = this.line();
    if (line === null || line.indent < indent) return null;
    if (line.indent === indent) return ofMap && isEntry(line.text) ? this.list(indent, left - 1) : null;
    if (isEntry(line.text) || KEY.test(line.text) || QUOTED_KEY.test(line.text)) return this.block(line.indent, left - 1);
    // Brackets may stand there too. Behind a comment, or over several lines as words do, such things are less plain.
    return rest === '' && this.next === behind && /^[[{]/.test(line.text) ? this.brackets(line.text, indent) : OTHER;
  }

  private quoted(rest: string, quote: string, indent: number): unknown {
    const found = (quote === "'" ? SINGLE : DOUBLE).exec(rest);
    if (found === null) return OTHER;
    this.pass();
    if (this.goesOn(indent)) return OTHER;
    const inside = found[1] ?? '';
    return quote === "'" ? inside.replaceAll("''", "'") : unescaped(inside);
  }

  /** Whether the line below belongs to a text that began above it. */
  private goesOn(indent: number): boolean {
    const line = this.line();
    return line !== null && line.indent > indent;
  }

  /** `|` and `>`, also with `-`; what ends with blank lines that count (`+`) or says its own indentation is not plain. */
  private literal(rest: string, indent: number): unknown {
    const found = /^([|>])(-?)$/.exec(rest);
    if (found === null) return OTHER;
    this.pass();
    let column = -1;
    const content: string[] = [];
    for (; this.next < this.lines.length; this.next += 1) {
      const raw = this.lines[this.next] ?? '';
      const start = raw.length - raw.trimStart().length;
      const isBlank = start === raw.length;
      if (column === -1) {
        if (isBlank && raw !== '') return OTHER;
        if (!isBlank && start <= indent) return OTHER;
        if (!isBlank) column = start;
      }
      if (!isBlank && start < column) break;
      if (isBlank && start > column) return OTHER;
      content.push(isBlank ? '' : raw.slice(column));
    }
    // Without a line end behind it, and between the column of the block and that of its map, things are less plain.
    if (column === -1 || content.at(-1) !== '' && this.atEnd || this.endsInside(column, indent)) return OTHER;
    while (content.at(-1) === '') content.pop();
    const folds = found[1] === '>';
    // Blank lines and lines further in are not folded like others.
    if (folds && content.some((line) => line === '' || line.startsWith(' '))) return OTHER;
    return content.join(folds ? ' ' : '\n') + (found[2] === '-' ? '' : '\n');
  }

  /** Whether the line behind is neither part of the block nor back at the column of its map. */
  private endsInside(column: number, indent: number): boolean {
    const raw = this.lines[this.next];
    const start = raw === undefined ? 0 : raw.length - raw.trimStart().length;
    return start > indent && start < column;
  }

  /** A list or a map of words and quoted texts in brackets, on one line or on several that are further in. */
  private brackets(rest: string, indent: number): unknown {
    const isList = rest.startsWith('[');
    const closing = isList ? ']' : '}';
    let all = rest;
    this.pass();
    while (!all.includes(closing)) {
      const raw = this.lines[this.next];
      if (raw === undefined || raw.trim() === '' || raw.length - raw.trimStart().length <= indent) return OTHER;
      all += `\n${raw.trim()}`;
      this.pass();
    }
    const value = isList ? itemsOf(all) : entriesOf(all);
    return this.goesOn(indent) ? OTHER : value;
  }

  /** A text without quotes, which may go on below. */
  private words(rest: string, indent: number): unknown {
    const comment = rest.indexOf(' #');
    const first = (comment === -1 ? rest : rest.slice(0, comment)).trimEnd();
    if (!isPlain(first) || !FIRST.test(first)) return OTHER;
    const at = this.next;
    this.pass();
    if (!this.goesOn(indent)) return asScalar(first);
    return comment === -1 ? this.moreWords(first, at, indent) : OTHER;
  }

  /** Lines are joined by spaces; each blank line between them is a line end. */
  private moreWords(first: string, at: number, indent: number): unknown {
    let text = first;
    let blank = 0;
    this.known = null;
    this.next = at + 1;
    for (; this.next < this.lines.length; this.next += 1) {
      const raw = this.lines[this.next] ?? '';
      const line = raw.trim();
      if (line === '') {
        blank += 1;
        continue;
      }
      if (raw.length - raw.trimStart().length <= indent) break;
      if (!isPlain(line) || line.includes(' #') || !FIRST.test(line)) return OTHER;
      text += (blank === 0 ? ' ' : '\n'.repeat(blank)) + line;
      blank = 0;
    }
    return text;
  }
}

const SINGLE = /^'((?:[^']|'')*)'(?: +#.*)?$/;
const DOUBLE = /^"((?:[^"\\]|\\["\\/nt])*)"(?: +#.*)?$/;
/** In brackets: words without any sign that means something there, or a quoted text of one line, and what stands behind. */
const WORDS_INSIDE = String.raw`([A-Za-z0-9_/.][^\s,[\]{}#:'"&*!|>%@\x60]*(?: [^\s,[\]{}#:'"&*!|>%@\x60]+)*)|'((?:[^'\n]|'')*)'`;
const ITEM = new RegExp(String.raw`\s*(?:${WORDS_INSIDE})\s*([,\]])`, 'y');
const ENTRY = new RegExp(String.raw`\s*([A-Za-z_][\w.|/-]*): +(?:${WORDS_INSIDE})\s*([,}])`, 'y');
const ESCAPES: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/', n: '\n', t: '\t' };

function unescaped(inside: string): string {
  return inside.includes('\\') ? inside.replaceAll(/\\(.)/g, (_, sign: string) => ESCAPES[sign] ?? '') : inside;
}

function itemsOf(text: string): unknown {
  const items: unknown[] = [];
  for (let at = 1; ; ) {
    ITEM.lastIndex = at;
    const found = ITEM.exec(text);
    if (found === null) return OTHER;
    items.push(insideOf(found[1], found[2]));
    at += found[0].length;
    if (found[3] === ']') return at === text.length ? items : OTHER;
  }
}

function entriesOf(text: string): unknown {
  const map: Record<string, unknown> = {};
  for (let at = 1; ; ) {
    ENTRY.lastIndex = at;
    const found = ENTRY.exec(text);
    const key = found?.[1];
    if (!found || key === undefined || !isKey(key) || Object.hasOwn(map, key)) return OTHER;
    map[key] = insideOf(found[2], found[3]);
    at += found[0].length;
    if (found[4] === '}') return at === text.length ? map : OTHER;
  }
}

function insideOf(words: string | undefined, quoted: string | undefined): unknown {
  return words === undefined ? (quoted ?? '').replaceAll("''", "'") : asScalar(words);
}

function isKey(key: string): boolean {
  return key.length <= LONGEST_KEY && !WORD_THAT_IS_NONE.test(key) && key !== '__proto__';
}

function isEntry(text: string): boolean {
  return text === '-' || text.startsWith('- ');
}

/** Nothing in it that could be a key. */
function isPlain(text: string): boolean {
  return !text.includes(': ') && !text.endsWith(':');
}

const NUMBER = /^[-+.]?[0-9]/;

/** As the library reads it, numbers that are written in another way than they are shown excepted: those stay texts. */
function asScalar(text: string): unknown {
  if (text === '~' || text === 'null' || text === 'Null' || text === 'NULL') return null;
  if (text === 'true' || text === 'True' || text === 'TRUE') return true;
  if (text === 'false' || text === 'False' || text === 'FALSE') return false;
  return NUMBER.test(text) && String(Number(text)) === text ? Number(text) : text;
}
