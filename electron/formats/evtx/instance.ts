/** The values of one template instance: where they stand in the chunk and of what type they are. */
import type { Cursor } from './cursor.ts';
import { Damage } from './damage.ts';

const DESCRIPTOR_BYTES = 4;

export class Instance {
  readonly offsets: number[] = [];
  readonly sizes: number[] = [];
  readonly types: number[] = [];
  count = 0;

  /** The cursor stands behind the template's definition or pointer, and is moved behind the last value. */
  read(cursor: Cursor): void {
    const count = cursor.u32();
    if (count > (cursor.end - cursor.position) / DESCRIPTOR_BYTES) throw new Damage(`${count} values are announced, more than there is room for`);
    let at = cursor.skip(count * DESCRIPTOR_BYTES);
    for (let index = 0; index < count; index += 1) {
      const size = cursor.view.getUint16(at, true);
      this.sizes[index] = size;
      this.types[index] = cursor.view.getUint8(at + 2);
      this.offsets[index] = cursor.skip(size);
      at += DESCRIPTOR_BYTES;
    }
    this.count = count;
  }

  /** For content without a template. */
  empty(): void {
    this.count = 0;
  }
}
