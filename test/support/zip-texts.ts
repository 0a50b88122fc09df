/** The text files of a zip, in its order. */
import { text } from 'node:stream/consumers';
import yauzl, { type Entry, type ZipFile } from 'yauzl';

export interface ZipText {
  readonly name: string;
  readonly text: string;
}

/** Those whose name ends so. */
export async function zipTexts(file: string, ending: string): Promise<readonly ZipText[]> {
  const zip = await new Promise<ZipFile>((resolve, reject) => {
    yauzl.open(file, { lazyEntries: true, autoClose: false }, (error, opened) => (error instanceof Error ? reject(error) : resolve(opened)));
  });
  const entries = await entriesOf(zip);
  const found: ZipText[] = [];
  for (const entry of entries) if (entry.fileName.endsWith(ending)) found.push({ name: entry.fileName, text: await read(zip, entry) });
  zip.close();
  return found;
}

function entriesOf(zip: ZipFile): Promise<readonly Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: Entry[] = [];
    zip.on('entry', (entry: Entry) => {
      entries.push(entry);
      zip.readEntry();
    });
    zip.on('end', () => resolve(entries)).on('error', reject);
    zip.readEntry();
  });
}

function read(zip: ZipFile, entry: Entry): Promise<string> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error instanceof Error) reject(error);
      else text(stream).then(resolve, reject);
    });
  });
}
