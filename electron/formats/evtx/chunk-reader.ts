/** Reads the records of one chunk; what can not be read is told and passed over. */
import type { ReadItem } from '../record.ts';
import { CHUNK_BYTES, parseChunkHeader, RECORDS_AT } from './chunk-header.ts';
import { Damage } from './damage.ts';
import { EventReader } from './event-reader.ts';
import { fileTimeText } from './time.ts';

const RECORD_MAGIC = Buffer.from([0x2a, 0x2a, 0, 0]);
/** Magic (4), size (4), record id (8), time of writing (8); behind the event its size again (4). */
const HEAD_BYTES = 24;
const TAIL_BYTES = 4;
const SMALLEST_RECORD = HEAD_BYTES + TAIL_BYTES;

export class ChunkReader {
  /** 64 KiB that the caller fills. */
  readonly bytes = Buffer.alloc(CHUNK_BYTES);
  readonly #view = new DataView(this.bytes.buffer, this.bytes.byteOffset, CHUNK_BYTES);
  readonly #events = new EventReader({ bytes: this.bytes, view: this.#view });
  #items: ReadItem[] = [];
  #fileOffset = 0;
  #lastId = -1n;

  /** Whether a record stands where the first one of a chunk does. */
  get beginsWithRecord(): boolean {
    return this.#recordSize(RECORDS_AT) > 0;
  }

  /** What is in the chunk that `bytes` hold now. `fileOffset`: where it begins in the file. */
  read(fileOffset: number): ReadItem[] {
    this.#items = [];
    this.#fileOffset = fileOffset;
    this.#lastId = -1n;
    this.#events.forget();
    const { recordsEnd, headSound, recordsSound } = parseChunkHeader(this.bytes);
    if (!headSound) this.#problem(0, 'the head of this chunk is damaged: its checksum is wrong; its records are read as far as they make sense');
    if (!recordsSound) this.#problem(RECORDS_AT, 'the checksum of the records of this chunk is wrong; those that make sense are read');
    const end = this.#readRecords(RECORDS_AT, recordsEnd ?? CHUNK_BYTES, recordsEnd !== null);
    if (recordsEnd !== null) this.#readLater(end);
    return this.#items;
  }

  /** Returns where it stopped. `whole`: records are known to fill the room, so that a gap is damage. */
  #readRecords(from: number, end: number, whole: boolean): number {
    let at = from;
    while (at < end) {
      const size = this.#recordSize(at);
      if (size > 0) {
        this.#readRecord(at, size);
        if (this.#events.exhausted) return CHUNK_BYTES;
        at += size;
        continue;
      }
      const next = this.#nextRecord(at + 1);
      const isGap = whole || next < CHUNK_BYTES;
      if (isGap) this.#readGap(at, Math.min(next, end));
      if (this.#events.exhausted) return CHUNK_BYTES;
      at = next;
    }
    return at;
  }

  /** Between records that hold together. */
  #readGap(from: number, to: number): void {
    const size = to - from;
    const isRecord = this.#fillsGap(from, size);
    this.#problem(from, isRecord ? 'this record has a damaged beginning or end; what it holds is read' : `no record stands here where one should; ${size} bytes are passed over`);
    if (isRecord) this.#readRecord(from, size);
  }

  /** Whether one record stands there, as its size says at its front or at its end. A file that was cut has zeros at the end. */
  #fillsGap(from: number, size: number): boolean {
    if (size < SMALLEST_RECORD) return false;
    const front = this.#view.getUint32(from + 4, true);
    const tail = this.#view.getUint32(from + size - TAIL_BYTES, true);
    return tail === size || (front === size && tail !== 0);
  }

  /**
   * A file in use holds records that the head of their chunk does not count yet. They follow at once with the next record id;
   * what is left of an older use of the chunk does not.
   */
  #readLater(from: number): void {
    let at = from;
    for (let size = this.#recordSize(at); size > 0 && this.#view.getBigUint64(at + 8, true) === this.#lastId + 1n; size = this.#recordSize(at)) {
      this.#readRecord(at, size);
      at += size;
    }
  }

  /** Bytes of the record at `at`; 0 when there is none that holds together. */
  #recordSize(at: number): number {
    if (at + SMALLEST_RECORD > CHUNK_BYTES || this.#view.getUint32(at, true) !== 0x2a2a) return 0;
    const size = this.#view.getUint32(at + 4, true);
    if (size < SMALLEST_RECORD || size > CHUNK_BYTES - at) return 0;
    return this.#view.getUint32(at + size - TAIL_BYTES, true) === size ? size : 0;
  }

  #nextRecord(from: number): number {
    for (let at = this.bytes.indexOf(RECORD_MAGIC, from); at >= 0; at = this.bytes.indexOf(RECORD_MAGIC, at + 1)) {
      if (this.#recordSize(at) > 0) return at;
    }
    return CHUNK_BYTES;
  }

  #readRecord(at: number, size: number): void {
    this.#lastId = this.#view.getBigUint64(at + 8, true);
    const writtenAt = fileTimeText(this.#view.getUint32(at + 16, true), this.#view.getUint32(at + 20, true));
    try {
      this.#items.push({ record: this.#events.read(at + HEAD_BYTES, at + size - TAIL_BYTES, writtenAt) });
    } catch (error) {
      if (!(error instanceof Damage)) throw error;
      const rest = this.#events.exhausted ? 'the rest of the chunk is passed over' : 'it is passed over';
      this.#problem(at, `record ${this.#lastId.toString()}: ${error.message}; ${rest}`);
    }
  }

  #problem(at: number, reason: string): void {
    this.#items.push({ problem: { offset: this.#fileOffset + at, reason, whole: false } });
  }
}
