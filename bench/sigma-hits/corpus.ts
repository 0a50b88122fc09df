/** The recordings that the rules are measured on. They lie outside the project and are only read. */
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';

export interface CommandText {
  readonly set: string;
  readonly label: string;
  readonly line: string;
  readonly technique?: string;
  readonly executor?: string;
  readonly platforms?: readonly string[];
}

export interface RecordedEvent {
  readonly set: string;
  readonly group: string;
  readonly label: string;
  readonly eventId: number;
  readonly fields: Readonly<Record<string, string>>;
}

/** A group of command lines with one label; `scripts` are runs of lines that stand together, where the set has such. */
export interface TextSet {
  readonly name: string;
  readonly label: string;
  readonly lines: readonly string[];
  readonly scripts: readonly (readonly string[])[];
}

export function readLines<T>(file: string): T[] {
  return zlib
    .gunzipSync(fs.readFileSync(file))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

/** Sets of shell text for Linux: attack tests, what people ask for, what manuals show. */
export function textSets(corpus: string): readonly TextSet[] {
  const all = readLines<CommandText>(path.join(corpus, 'command-text-dev.jsonl.gz'));
  const onLinux = (text: CommandText): boolean => text.platforms?.some((platform) => platform === 'linux' || platform === 'common') ?? false;
  const atomic = all.filter((text) => text.set === 'atomic-red-team' && (text.executor === 'sh' || text.executor === 'bash') && onLinux(text));
  const named = (set: string): readonly string[] => all.filter((text) => text.set === set && onLinux(text)).map(({ line }) => line);
  return [
    { name: 'atomic-red-team', label: 'attack', lines: atomic.map(({ line }) => line), scripts: scriptsOf(atomic) },
    { name: 'nl2bash', label: 'benign', lines: named('nl2bash'), scripts: [] },
    { name: 'tldr', label: 'documented-use', lines: named('tldr'), scripts: [] },
  ];
}

/** The set names no tests; neighbouring lines of one technique for the same systems and shell are taken as one. */
function scriptsOf(texts: readonly CommandText[]): readonly (readonly string[])[] {
  const scripts: string[][] = [];
  let last = '';
  for (const { technique, executor, platforms, line } of texts) {
    const key = JSON.stringify([technique, executor, platforms]);
    if (key === last) scripts.at(-1)?.push(line);
    else scripts.push([line]);
    last = key;
  }
  return scripts;
}

export function windowsStarts(corpus: string, file: string): readonly RecordedEvent[] {
  return readLines<RecordedEvent>(path.join(corpus, file)).filter(({ eventId, fields }) => eventId === 1 && fields['Image'] !== undefined);
}
