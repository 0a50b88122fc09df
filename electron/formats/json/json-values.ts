/**
 * Cuts text into the JSON objects of its top level: one on each line, one behind the other over many lines, or the elements
 * of a list. What is broken is told with its line, and the next object is looked for.
 */
import { parseObject } from './parse-object.ts';

/** A script block with everything around it has some 100 KB. */
export const LONGEST_VALUE_BYTES = 4 << 20;

export type JsonItem =
  | { readonly value: object; readonly offset: number; readonly line: number }
  | { readonly broken: string; readonly offset: number; readonly line: number };

const NEWLINE = 0x0a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const COMMA = 0x2c;
const FIRST_BUFFER_BYTES = 1 << 16;
const BOM = [0xef, 0xbb, 0xbf];

/**
 * `between`: no object is open. `inside`: one is. `lost`: something was broken; lines are passed over, without a word about
 * each of them, up to one that begins with an object.
 */
type State = 'between' | 'inside' | 'lost';

export class JsonValues {
  #buffer = Buffer.alloc(FIRST_BUFFER_BYTES);
  #end = 0;
  /** The next byte to look at. */
  #at = 0;
  /** Where the open object begins, in the buffer. */
  #start = 0;
  /** Of the buffer's first byte in the whole text. */
  #bufferOffset = 0;
  #line = 1;
  #startLine = 1;
  #state: State = 'between';
  /** Nothing of an object was seen on this line yet. */
  #freshLine = true;
  #depth = 0;
  #inString = false;
  /** The byte before was a backslash; it may have been the last of its piece. */
  #escaped = false;
  #items: JsonItem[] = [];

  /** The objects that the next piece completes, and what in it is broken. */
  add(piece: Uint8Array): readonly JsonItem[] {
    this.#items = [];
    this.#append(piece);
    this.#look(false);
    return this.#items;
  }

  /** Nothing more comes. */
  finish(): readonly JsonItem[] {
    this.#items = [];
    this.#look(true);
    if (this.#state === 'inside') this.#broken('the text ends in the middle of an object');
    return this.#items;
  }

  #append(piece: Uint8Array): void {
    const keepFrom = this.#state === 'inside' ? this.#start : this.#at;
    this.#buffer.copyWithin(0, keepFrom, this.#end);
    this.#end -= keepFrom;
    this.#at -= keepFrom;
    this.#start = 0;
    this.#bufferOffset += keepFrom;
    if (this.#end + piece.length > this.#buffer.length) {
      const larger = Buffer.alloc(Math.max(this.#buffer.length * 2, this.#end + piece.length));
      this.#buffer.copy(larger, 0, 0, this.#end);
      this.#buffer = larger;
    }
    this.#buffer.set(piece, this.#end);
    this.#end += piece.length;
  }

  #look(last: boolean): void {
    while (this.#at < this.#end) {
      if (this.#state === 'inside') this.#lookInside();
      else if (this.#state === 'lost') {
        if (!this.#passLine(last)) break;
      } else if (!this.#lookBetween(last)) break;
    }
    if (this.#state === 'inside' && this.#end - this.#start > LONGEST_VALUE_BYTES) this.#broken(`an object is longer than ${LONGEST_VALUE_BYTES} bytes`);
  }

  /** False: more bytes are needed to go on. */
  #lookBetween(last: boolean): boolean {
    const byte = this.#buffer[this.#at] ?? 0;
    if (byte === OPEN_OBJECT) return this.#begin(last);
    if (byte === NEWLINE) {
      this.#line += 1;
      this.#freshLine = true;
    } else if (!isBetween(byte) && !(this.#bufferOffset + this.#at < BOM.length && BOM.includes(byte))) {
      this.#start = this.#at;
      this.#startLine = this.#line;
      this.#broken('this is no JSON object');
      return true;
    }
    this.#at += 1;
    return true;
  }

  /** Most files have one object a line: such a line is parsed at once, without a look at each byte. */
  #begin(last: boolean): boolean {
    const newline = this.#freshLine ? this.#buffer.subarray(this.#at, this.#end).indexOf(NEWLINE) : -1;
    // An object over many lines shows that in its first bytes.
    if (this.#freshLine && newline < 0 && !last && this.#end - this.#at < FIRST_BUFFER_BYTES) return false;
    this.#start = this.#at;
    this.#startLine = this.#line;
    if (!this.#freshLine || !this.#wholeLine(newline < 0 ? this.#end : this.#at + newline)) {
      this.#state = 'inside';
      this.#depth = 0;
      this.#inString = false;
      this.#escaped = false;
    }
    this.#freshLine = false;
    return true;
  }

  #wholeLine(lineEnd: number): boolean {
    const closed = this.#lastOnLine(lineEnd);
    if (this.#buffer[closed - 1] !== CLOSE_OBJECT || !this.#emit(closed)) return false;
    this.#at = closed;
    return true;
  }

  /** Behind the last byte of the line that belongs to an object. */
  #lastOnLine(lineEnd: number): number {
    let end = lineEnd;
    while (end > this.#at && isBetween(this.#buffer[end - 1] ?? 0)) end -= 1;
    return end;
  }

  #lookInside(): void {
    const buffer = this.#buffer;
    const end = this.#end;
    let at = this.#at;
    for (; at < end; at += 1) {
      const byte = buffer[at] ?? 0;
      if (byte === NEWLINE) {
        if (this.#inString) return this.#broken('a line ends inside a string', at);
        this.#line += 1;
      } else if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === BACKSLASH) this.#escaped = true;
        else if (byte === QUOTE) this.#inString = false;
      } else if (byte === QUOTE) this.#inString = true;
      else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
        if (this.#depth > 0 && byte === OPEN_OBJECT && buffer[at - 1] === NEWLINE) return this.#broken('an object is not closed before the next one begins', at);
        this.#depth += 1;
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
        this.#depth -= 1;
        if (this.#depth === 0) return this.#close(at + 1);
      }
    }
    this.#at = at;
  }

  #close(end: number): void {
    this.#at = end;
    if (this.#emit(end)) this.#state = 'between';
    else this.#broken('an object is no valid JSON', end);
  }

  /** True when what stands up to `end` is an object. */
  #emit(end: number): boolean {
    if (end - this.#start > LONGEST_VALUE_BYTES) return false;
    const value = parseObject(this.#buffer.toString('utf8', this.#start, end));
    if (value === null) return false;
    this.#items.push({ value, offset: this.#bufferOffset + this.#start, line: this.#startLine });
    return true;
  }

  #broken(reason: string, goOnAt = this.#at): void {
    this.#items.push({ broken: reason, offset: this.#bufferOffset + this.#start, line: this.#startLine });
    this.#at = Math.min(goOnAt, this.#end);
    this.#state = this.#buffer[goOnAt] === OPEN_OBJECT && this.#buffer[goOnAt - 1] === NEWLINE ? 'between' : 'lost';
    this.#freshLine = true;
  }

  /** False: the rest is the beginning of a line and more is needed to judge it. */
  #passLine(last: boolean): boolean {
    const newline = this.#buffer.subarray(this.#at, this.#end).indexOf(NEWLINE);
    if (newline < 0) {
      // Of a line that goes on nothing is kept: it may have no end.
      this.#at = this.#end;
      return false;
    }
    let next = this.#at + newline + 1;
    while (next < this.#end && isBlank(this.#buffer[next] ?? 0)) next += 1;
    if (next >= this.#end && !last) {
      this.#at += newline;
      return false;
    }
    this.#line += 1;
    this.#at = next;
    if (this.#buffer[next] === OPEN_OBJECT && next < this.#end) this.#state = 'between';
    this.#freshLine = true;
    return true;
  }
}

/** What may stand between objects: blanks, line ends, and what a list adds. */
function isBetween(byte: number): boolean {
  return isBlank(byte) || byte === NEWLINE || byte === COMMA || byte === OPEN_LIST || byte === CLOSE_LIST;
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d;
}
