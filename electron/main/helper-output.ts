/**
 * What a helper process of Electron prints, to its last line.
 *
 * Electron takes every listener off the streams of a helper when that exits, and the exit may be known before the last words
 * were read. So nothing flows by itself here: text stays in the stream until it is asked for, and the listeners are put back.
 */
import type { Readable } from 'node:stream';

/** After the exit; a process that the helper started may still hold the pipe open. */
const LAST_WORDS_MS = 2_000;

export class HelperOutput {
  private readonly stream: Readable;
  private readonly take: (text: string) => void;
  private readonly decoder = new TextDecoder();
  private readonly ended: Promise<void>;
  private end: () => void = () => undefined;

  constructor(stream: Readable, take: (text: string) => void) {
    this.stream = stream;
    this.take = take;
    this.ended = new Promise((resolve) => (this.end = resolve));
    this.listen();
  }

  /** To be called while the exit is being reported. Resolves when everything has been taken, at the latest two seconds later. */
  async lastWords(): Promise<void> {
    // Electron is not done with the listeners before the report is over.
    await Promise.resolve();
    this.listen();
    this.read();
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([this.ended, new Promise<void>((resolve) => (timer = setTimeout(resolve, LAST_WORDS_MS)))]);
    clearTimeout(timer);
    this.stream.destroy();
  }

  private listen(): void {
    if (this.stream.readableEnded || this.stream.destroyed) {
      this.end();
      return;
    }
    this.stream.on('readable', () => this.read());
    for (const event of ['end', 'close', 'error']) this.stream.once(event, this.end);
  }

  private read(): void {
    for (let chunk: unknown = this.stream.read(); chunk !== null; chunk = this.stream.read()) this.take(this.decoder.decode(chunk as Buffer, { stream: true }));
  }
}
