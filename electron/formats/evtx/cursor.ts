/** Reads little-endian numbers one after the other and never beyond its end. */
import { Damage } from './damage.ts';

export class Cursor {
  readonly view: DataView;
  position: number;
  end: number;

  constructor(view: DataView, position: number, end: number) {
    this.view = view;
    this.position = position;
    this.end = end;
  }

  get atEnd(): boolean {
    return this.position >= this.end;
  }

  /** Where the bytes begin that are passed. */
  skip(count: number): number {
    const at = this.position;
    if (count > this.end - at) throw new Damage(`${count} bytes are announced where ${this.end - at} are left`);
    this.position = at + count;
    return at;
  }

  peek(): number {
    if (this.atEnd) throw new Damage('it ends in the middle');
    return this.view.getUint8(this.position);
  }

  u8(): number {
    return this.view.getUint8(this.skip(1));
  }

  u16(): number {
    return this.view.getUint16(this.skip(2), true);
  }

  u32(): number {
    return this.view.getUint32(this.skip(4), true);
  }
}
