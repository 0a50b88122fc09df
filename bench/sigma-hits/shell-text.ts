/**
 * Shell text taken apart into its simple commands, roughly as the kernel would see them started: each with the words a shell
 * would hand over, and where its output goes. Nothing is run, and only what is plain from the text is expanded. Good enough to
 * count what rules see of a written command line; not a shell.
 */

export interface ShellCommand {
  readonly words: readonly string[];
  /** Number of the pipe at standard input and output within this text; null where there is none. */
  readonly pipeIn: number | null;
  readonly pipeOut: number | null;
  /** File that standard output is written to. */
  readonly outputFile: string | null;
}

/** Substitutions inside substitutions beyond this are not followed. */
const MAX_DEPTH = 6;

const RESERVED = new Set(['if', 'then', 'elif', 'else', 'fi', 'while', 'until', 'do', 'done', 'esac', '{', '}', '!', 'time', 'coproc']);
const PERSON: Readonly<Record<string, string>> = { HOME: '/home/ada', USER: 'ada', LOGNAME: 'ada', PWD: '/home/ada', SHELL: '/bin/bash', PATH: '/usr/bin:/bin', HISTFILE: '/home/ada/.bash_history' };

interface Draft {
  words: string[];
  outputFile: string | null;
  pipeIn: number | null;
}

export function commandsIn(text: string): readonly ShellCommand[] {
  const counter = { pipes: 0 };
  return new Reader(text, 0, counter).all();
}

class Reader {
  private readonly text: string;
  private readonly depth: number;
  private readonly counter: { pipes: number };
  private readonly found: ShellCommand[] = [];
  private at = 0;
  private draft: Draft = { words: [], outputFile: null, pipeIn: null };

  constructor(text: string, depth: number, counter: { pipes: number }) {
    this.text = text;
    this.depth = depth;
    this.counter = counter;
  }

  all(): readonly ShellCommand[] {
    while (this.at < this.text.length) this.step();
    this.finish(null);
    return this.found;
  }

  private step(): void {
    const rest = this.text.slice(this.at);
    const blank = /^(?:[ \t\r]+|\\\n)/.exec(rest);
    if (blank) return this.skip(blank[0].length);
    if (rest.startsWith('#')) return this.skip(/^[^\n]*/.exec(rest)?.[0].length ?? 1);
    if (rest.startsWith('((') && this.draft.words.length === 0) return this.skipArithmetic(rest);
    const redirection = /^(?:\d*|&)(?:>>|>\||>&|<<<|<<-?|<>|<&|>|<)(?!\()/.exec(rest);
    if (redirection) return this.redirect(redirection[0]);
    const operator = /^(?:\|\||&&|;;|\|&|[|&;\n()])/.exec(rest);
    if (operator) return this.operate(operator[0]);
    this.take(this.word());
  }

  private skip(length: number): void {
    this.at += length;
  }

  private skipArithmetic(rest: string): void {
    const end = rest.indexOf('))');
    this.skip(end < 0 ? rest.length : end + 2);
  }

  private operate(operator: string): void {
    this.skip(operator.length);
    if (operator !== '|' && operator !== '|&') return this.finish(null);
    this.counter.pipes += 1;
    this.finish(this.counter.pipes);
    this.draft.pipeIn = this.counter.pipes;
  }

  private redirect(operator: string): void {
    this.skip(operator.length);
    this.skip(/^[ \t]*/.exec(this.text.slice(this.at))?.[0].length ?? 0);
    const target = this.word();
    if (/^(?:1|&)?(?:>>|>\||>)$/.test(operator) && !/^[0-9-]$/.test(target)) this.draft.outputFile = target;
  }

  private take(word: string): void {
    const { words } = this.draft;
    if (words.length === 0 && RESERVED.has(word)) return;
    if (words.length === 0 && /^(?:for|select|case|function)$/.test(word)) return this.skipHead(word);
    words.push(word);
  }

  /** The head of a loop names words, not commands. */
  private skipHead(keyword: string): void {
    const rest = this.text.slice(this.at);
    const head = (keyword === 'case' ? /^[\s\S]*?\sin\s[^)]*\)/ : keyword === 'function' ? /^\s*[\w-]+\s*(?:\(\))?/ : /^[^;\n]*/).exec(rest)?.[0] ?? rest;
    for (const inner of head.matchAll(/\$\(([^()]*)\)|`([^`]*)`/g)) this.nested(inner[1] ?? inner[2] ?? '');
    this.skip(head.length);
  }

  private finish(pipeOut: number | null): void {
    const { words, outputFile, pipeIn } = this.draft;
    if (words.length > 0) this.found.push({ words, pipeIn, pipeOut, outputFile });
    this.draft = { words: [], outputFile: null, pipeIn: null };
  }

  /** One word from here on, quotes taken off; at least one character is read. */
  private word(): string {
    let word = '';
    const from = this.at;
    while (this.at < this.text.length) {
      const piece = this.piece();
      if (piece === null) break;
      word += piece;
    }
    if (this.at === from) this.skip(1);
    return word.replace(/^~(?=\/|$)/, PERSON['HOME'] ?? '~');
  }

  private piece(): string | null {
    const rest = this.text.slice(this.at);
    const first = rest.charAt(0);
    if (/^[<>]\(/.test(rest)) return this.substitution(rest, 2);
    if (/[\s;&|<>()]/.test(first)) return null;
    if (first === "'" || rest.startsWith("$'")) return this.single(rest, first === "'" ? 1 : 2);
    if (first === '"') return this.double();
    if (first === '\\') return this.escaped(rest);
    if (first === '$' || first === '`') return this.dollar(rest);
    this.skip(1);
    return first;
  }

  private escaped(rest: string): string {
    this.skip(2);
    return rest.charAt(1);
  }

  private single(rest: string, from: number): string {
    const end = rest.indexOf("'", from);
    this.skip(end < 0 ? rest.length : end + 1);
    return rest.slice(from, end < 0 ? rest.length : end);
  }

  private double(): string {
    let text = '';
    this.skip(1);
    while (this.at < this.text.length && this.text.charAt(this.at) !== '"') {
      const rest = this.text.slice(this.at);
      if (/^\\["\\$`]/.test(rest)) text += this.escaped(rest);
      else if (/^[$`]/.test(rest)) text += this.dollar(rest);
      else {
        text += rest.charAt(0);
        this.skip(1);
      }
    }
    this.skip(1);
    return text;
  }

  private dollar(rest: string): string {
    if (rest.startsWith('$((')) return this.verbatim(/^\$\(\([^)]*\)\)/.exec(rest)?.[0] ?? '$');
    if (rest.startsWith('$(')) return this.substitution(rest, 2);
    if (rest.startsWith('`')) {
      const end = rest.indexOf('`', 1);
      const whole = end < 0 ? rest : rest.slice(0, end + 1);
      this.nested(whole.replace(/^`|`$/g, ''));
      return this.verbatim(whole);
    }
    const variable = /^\$(?:\{(\w+)\}|(\w+))/.exec(rest);
    const name = variable?.[1] ?? variable?.[2] ?? '';
    const known = Object.hasOwn(PERSON, name) ? PERSON[name] : undefined;
    if (variable === null || known === undefined) return this.verbatim(variable?.[0] ?? /^\$\{[^}]*\}/.exec(rest)?.[0] ?? '$');
    this.skip(variable[0].length);
    return known;
  }

  private verbatim(text: string): string {
    this.skip(text.length);
    return text;
  }

  private substitution(rest: string, from: number): string {
    const end = closing(rest, from);
    this.nested(rest.slice(from, end));
    this.skip(Math.min(end + 1, rest.length));
    return rest.slice(0, end + 1);
  }

  private nested(text: string): void {
    if (this.depth < MAX_DEPTH) this.found.push(...new Reader(text, this.depth + 1, this.counter).all());
  }
}

/** Place of the bracket that closes the one before `from`; the end of the text when none does. */
function closing(text: string, from: number): number {
  let open = 1;
  let quote = '';
  for (let at = from; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '\\') at += 1;
    else if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === "'" || character === '"') quote = character;
    else if (character === '(') open += 1;
    else if (character === ')') open -= 1;
    if (open === 0) return at;
  }
  return text.length;
}
