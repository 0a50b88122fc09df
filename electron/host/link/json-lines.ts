/** One JSON value a line over a stream: the framing of both local sockets. Lines over the limit are told, never buffered. */

const NEWLINE = 0x0a;

export class LineReader {
  private parts: Buffer[] = [];
  private length = 0;
  private readonly limit: number;
  private readonly onLine: (line: string) => void;
  private readonly onTooLong: () => void;

  /** `limit` in bytes. After `onTooLong` the caller is expected to close the stream. */
  constructor(limit: number, onLine: (line: string) => void, onTooLong: () => void) {
    this.limit = limit;
    this.onLine = onLine;
    this.onTooLong = onTooLong;
  }

  push(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
      if (!this.keep(chunk.subarray(from, end))) return;
      const line = this.parts.length === 1 ? (this.parts[0] ?? Buffer.alloc(0)) : Buffer.concat(this.parts);
      this.parts = [];
      this.length = 0;
      from = end + 1;
      this.onLine(line.toString('utf8'));
    }
    if (from < chunk.length) this.keep(chunk.subarray(from));
  }

  private keep(part: Buffer): boolean {
    this.length += part.length;
    if (this.length > this.limit) {
      this.parts = [];
      this.length = 0;
      this.onTooLong();
      return false;
    }
    this.parts.push(part);
    return true;
  }
}

/** `JSON.stringify` escapes lone surrogates and newlines, so a value is always exactly one line. */
export function toLine(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}
