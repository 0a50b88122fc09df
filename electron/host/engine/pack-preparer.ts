/** Makes packs ready to judge: from what the build worked out or the last run left where that is of the same rules, else by the thread that reads them. */
import crypto from 'node:crypto';
import fs from 'node:fs';
import { OWN_PACK } from '../../../shared/packs/pack.ts';
import { indexKey, loadIndex, saveIndex, type IndexFile } from '../../engine/packs/load-index.ts';
import { readOwnIndex } from '../../engine/packs/load-own-index.ts';
import type { Preparation } from '../../engine/packs/pack-keeper.ts';
import type { Trial } from '../../engine/packs/prepare-packs.ts';
import { decodePrepared, type PreparedPacks } from '../../engine/packs/prepared-codec.ts';
import type { PackContent } from '../../engine/packs/read-pack.ts';
import { PACKS } from '../../engine/packs/words.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { OwnPlace } from '../own-pack.ts';
import { VERSION } from '../version.ts';
import { runRulesThread, THREAD_FILE, type ThreadWork } from './rules-thread-runner.ts';

export interface PackPreparerOptions {
  readonly index: IndexFile;
  /** Of the own pack alone, made by the build; null when there is none. */
  readonly ownIndex: OwnPlace | null;
  readonly privileged: boolean;
  readonly log: (line: string) => void;
  readonly work?: (work: ThreadWork) => Promise<Result<Uint8Array>>;
}

export class PackPreparer {
  private readonly options: PackPreparerOptions;
  /** What the bytes of the code that made it say: in a clone the same version has many of them. */
  private readonly program: string;
  private saving: Promise<void> = Promise.resolve();

  constructor(options: PackPreparerOptions) {
    this.options = options;
    this.program = programHash();
  }

  /** A pack that is tried is always read anew. */
  async prepare(contents: readonly PackContent[], trial: Trial | null): Promise<Result<Preparation>> {
    const { privileged, work = runRulesThread } = this.options;
    const key = indexKey([VERSION, this.program, privileged ? 'privileged' : 'ordinary', ...contents.map(({ id, body }) => `${id} ${body.version}`)]);
    const kept = trial === null ? ((await this.fromBuild(contents)) ?? (await this.fromFile(key))) : null;
    if (kept !== null) return ok({ ...kept, keep: () => undefined });
    const bytes = await work({ contents, trial, privileged });
    if (!bytes.ok) return bytes;
    const prepared = await this.decode(bytes.value);
    return prepared.ok ? ok({ ...prepared.value, keep: () => this.save(bytes.value, key) }) : fail('rules-thread', PACKS.threadEnded(prepared.error.message));
  }

  /** Null unless the own pack is the only one. */
  private async fromBuild(contents: readonly PackContent[]): Promise<PreparedPacks | null> {
    const { ownIndex, index } = this.options;
    if (ownIndex === null || contents.length !== 1 || contents[0]?.id !== OWN_PACK) return null;
    return this.decoded(await readOwnIndex(ownIndex.file, ownIndex.sha256, index.rest));
  }

  /** Null when there is none of these very rules. */
  private async fromFile(key: string): Promise<PreparedPacks | null> {
    return this.decoded(await loadIndex(this.options.index, key).catch((error: unknown) => fail('bad-index', String(error))));
  }

  private async decoded(read: Result<Uint8Array>): Promise<PreparedPacks | null> {
    const prepared = read.ok ? await this.decode(read.value) : read;
    if (prepared.ok) return prepared.value;
    if (prepared.error.code !== 'no-index') this.options.log(PACKS.indexAnew(prepared.error.message));
    return null;
  }

  private async decode(bytes: Uint8Array): Promise<Result<PreparedPacks>> {
    return decodePrepared(bytes, this.options.index.rest).catch((error: unknown) => fail('bad-index', String(error)));
  }

  /** Without it the next start only takes longer. */
  private save(bytes: Uint8Array, key: string): void {
    const { index, log } = this.options;
    this.saving = this.saving.then(() => saveIndex(index, bytes, key)).catch((error: unknown) => log(PACKS.indexUnsaved(String(error))));
  }
}

function programHash(): string {
  try {
    return crypto.createHash('sha256').update(fs.readFileSync(THREAD_FILE)).digest('hex');
  } catch {
    // Sources that run unbuilt have no thread either.
    return '';
  }
}
