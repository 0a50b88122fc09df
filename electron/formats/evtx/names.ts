/** Names of elements and attributes: each stands once in a chunk and is pointed at from everywhere else. */
import type { Cursor } from './cursor.ts';
import { Damage } from './damage.ts';
import { utf16, type TextBytes } from './text.ts';

/** Next in the hash chain (4), hash (2), characters (2); behind the characters a closing zero (2). */
const HEAD_BYTES = 8;
const ZERO_BYTES = 2;

export class Names {
  readonly #chunk: TextBytes;
  readonly #known = new Map<number, string>();

  constructor(chunk: TextBytes) {
    this.#chunk = chunk;
  }

  /** Another chunk is in the bytes now. */
  forget(): void {
    this.#known.clear();
  }

  /** The cursor stands before the pointer; a name that stands right here for the first time is passed too. */
  read(cursor: Cursor): string {
    const offset = cursor.u32();
    if (offset === cursor.position) {
      const head = cursor.skip(HEAD_BYTES);
      cursor.skip(this.#chunk.view.getUint16(head + 6, true) * 2 + ZERO_BYTES);
    }
    const known = this.#known.get(offset);
    if (known !== undefined) return known;
    const name = this.#at(offset);
    this.#known.set(offset, name);
    return name;
  }

  /** A name with a right hash can hardly stand there by chance. */
  isName(offset: number): boolean {
    const { bytes, view } = this.#chunk;
    if (offset + HEAD_BYTES > bytes.length) return false;
    const characters = view.getUint16(offset + 6, true);
    const start = offset + HEAD_BYTES;
    if (characters === 0 || start + characters * 2 > bytes.length) return false;
    let hash = 0;
    for (let index = 0; index < characters; index += 1) hash = (hash * 65_599 + view.getUint16(start + index * 2, true)) >>> 0;
    return (hash & 0xffff) === view.getUint16(offset + 4, true);
  }

  #at(offset: number): string {
    const { bytes, view } = this.#chunk;
    if (offset + HEAD_BYTES > bytes.length) throw new Damage(`a name is said to be at ${offset}, outside its chunk`);
    const size = view.getUint16(offset + 6, true) * 2;
    if (offset + HEAD_BYTES + size > bytes.length) throw new Damage(`the name at ${offset} leaves its chunk`);
    return utf16(this.#chunk, offset + HEAD_BYTES, size);
  }
}
