/** Writes docs/asr-hits.md: what each of the nineteen rules finds in the recordings, attack and background apart. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadRuleBook } from '../../electron/engine/asr/rule-book.ts';
import { readRuleFiles } from '../../electron/host/engine/rule-files.ts';
import { countHits, missingRecording, type BackgroundHit } from './count.ts';
import { page } from './page.ts';
import { reasonFor } from './reasons.ts';

export interface HitsSetting {
  readonly root: string;
  readonly corpus: string;
}

/** Resolves to false when a hit in the background has no reason. */
export async function writeHits({ root, corpus }: HitsSetting, say: (line: string) => void): Promise<boolean> {
  const missing = missingRecording(corpus);
  if (missing !== null) throw new Error(`${missing} is not there; name the folder of the recordings in HOLDFAST_CORPUS.`);
  const files = readRuleFiles(path.join(root, 'resources'));
  const book = files.ok ? loadRuleBook(files.value) : files;
  if (!book.ok) throw new Error(book.error.message);
  const counts = await countHits(book.value, corpus, path.join(root, 'resources'));
  const file = path.join(root, 'docs', 'asr-hits.md');
  writeFileSync(file, page(book.value, counts));
  const open = [...counts.rules.values()].flatMap(({ background }) => background).filter((hit) => reasonFor(hit) === null);
  for (const hit of open) say(`no reason: ${describe(hit)}`);
  say(`written: ${file}`);
  return open.length === 0;
}

function describe({ recording, group, hit, event }: BackgroundHit): string {
  const shown = ['Image', 'ParentImage', 'SourceImage', 'TargetFilename', 'CommandLine'].flatMap((name) => (event.fields[name] === undefined ? [] : [`${name}=${String(event.fields[name]).slice(0, 300)}`]));
  return `${hit.rule.slug}, "${hit.definition.title}", ${recording}, ${group}: ${shown.join(' ')}`;
}
