/**
 * The folder of containers: `<id>.hfpack` is in force, `<id>.previous` the one before it. Replacing goes through a complete
 * new file and one rename, so a crash at any moment leaves the old pack or the new one, never half of either.
 */
import fs from 'node:fs';
import path from 'node:path';
import { packIdSchema } from '../../../shared/packs/pack.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { errorCode, setAside, type OwnUid } from '../settings/load-and-save.ts';
import { openContainer, sealContainer, type Container, type Signer } from './container.ts';
import { LIMITS } from './limits.ts';
import { PACKS } from './words.ts';

const IN_FORCE = '.hfpack';
const PREVIOUS = '.previous';
const NEW = '.new';
const LINKED = '.linked';

export interface StoredPacks {
  readonly containers: readonly Container[];
  /** For a person: what was set aside, and what is used in its place. */
  readonly problems: readonly string[];
}

/** What the folder does to files; a test makes it fail or stop between any two steps. */
export interface FileSteps {
  readonly write: (file: string, bytes: Buffer) => void;
  readonly link: (from: string, to: string) => void;
  readonly rename: (from: string, to: string) => void;
}

export class PackFolder {
  private readonly folder: string;
  private readonly signer: Signer;
  private readonly ownUid: OwnUid;
  private readonly nowMs: () => number;
  private readonly steps: FileSteps;

  constructor(folder: string, signer: Signer, ownUid: OwnUid, nowMs: () => number, steps: FileSteps = SYSTEM) {
    this.folder = folder;
    this.signer = signer;
    this.ownUid = ownUid;
    this.nowMs = nowMs;
    this.steps = steps;
  }

  /** Everything that is in force and whole. What is not is set aside and named, and the version before takes its place. */
  load(): Result<StoredPacks> {
    try {
      const ids = this.tidy();
      const problems: string[] = [];
      const containers = ids.slice(0, LIMITS.packs).flatMap((id) => this.loadOne(id, problems));
      return ok({ containers, problems });
    } catch (error) {
      return fail('packs', PACKS.notOurs(`${this.folder} can not be read (${errorCode(error)}).`));
    }
  }

  /** The packs in force for a reader that may change nothing: what is not whole is named, and stays where it is. */
  look(): Result<StoredPacks> {
    try {
      const ids = fs.readdirSync(this.folder).filter((name) => name.endsWith(IN_FORCE)).map((name) => name.slice(0, -IN_FORCE.length));
      const found = ids.filter((id) => packIdSchema.safeParse(id).success).sort().slice(0, LIMITS.packs).map((id) => ({ id, read: this.read(this.file(id, IN_FORCE)) }));
      const containers = found.flatMap(({ read }) => (read.ok && read.value !== null ? [read.value] : []));
      return ok({ containers, problems: found.flatMap(({ id, read }) => (read.ok ? [] : [PACKS.leftOut(id, read.error.message)])) });
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return ok({ containers: [], problems: [] });
      return fail('packs', PACKS.unread(this.folder, errorCode(error)));
    }
  }

  /** Puts a version in force; what was in force until now becomes the one before, unless it is the same. */
  install(container: Container): Result<void> {
    const { id, version } = container.manifest;
    const target = this.file(id, IN_FORCE);
    try {
      this.steps.write(target + NEW, sealContainer(container.manifest, container.body, this.signer));
      const inForce = this.versionInForce(id);
      // What is damaged must not take the place of the last good version.
      if (inForce !== null && inForce !== version) {
        fs.rmSync(target + LINKED, { force: true });
        this.steps.link(target, target + LINKED);
        this.steps.rename(target + LINKED, this.file(id, PREVIOUS));
      }
      this.steps.rename(target + NEW, target);
      return ok(undefined);
    } catch (error) {
      return fail('pack-not-saved', PACKS.notSaved(errorCode(error)));
    }
  }

  remove(id: string): Result<void> {
    try {
      // The one before goes first: left alone it would come back as the last good one.
      fs.rmSync(this.file(id, PREVIOUS), { force: true });
      fs.rmSync(this.file(id, IN_FORCE), { force: true });
      return ok(undefined);
    } catch (error) {
      return fail('pack-not-saved', PACKS.notSaved(errorCode(error)));
    }
  }

  /** Out of force because its rules can not be used; the version before takes its place when there is a whole one. */
  reject(id: string, why: string, problems: string[]): Container[] {
    const file = this.file(id, IN_FORCE);
    if (fs.lstatSync(file, { throwIfNoEntry: false }) !== undefined) problems.push(PACKS.setAside(id, setAside(file, this.nowMs()), why));
    const previous = this.read(this.file(id, PREVIOUS));
    if (!previous.ok || previous.value?.manifest.id !== id) return [];
    this.steps.rename(this.file(id, PREVIOUS), file);
    problems.push(PACKS.lastGood(id));
    return [previous.value];
  }

  private loadOne(id: string, problems: string[]): Container[] {
    const found = this.read(this.file(id, IN_FORCE));
    if (found.ok && found.value === null) return this.reject(id, PACKS.damaged, problems);
    if (!found.ok) return this.reject(id, found.error.message, problems);
    // A good container under another's name would take that one's place.
    if (found.value?.manifest.id !== id) return this.reject(id, PACKS.damaged, problems);
    return [found.value];
  }

  /** Ids with a file in force or before; leftovers of a change that was cut off are removed. */
  private tidy(): string[] {
    const ids = new Set<string>();
    for (const name of fs.readdirSync(this.folder)) {
      if (name.endsWith(NEW) || name.endsWith(LINKED)) fs.rmSync(path.join(this.folder, name), { force: true });
      const ending = [IN_FORCE, PREVIOUS].find((each) => name.endsWith(each));
      const id = ending === undefined ? '' : name.slice(0, -ending.length);
      if (packIdSchema.safeParse(id).success) ids.add(id);
    }
    return [...ids].sort();
  }

  private versionInForce(id: string): string | null {
    const found = this.read(this.file(id, IN_FORCE));
    return found.ok ? (found.value?.manifest.version ?? null) : null;
  }

  /** Null when there is no file. A failure's message completes "it could not be used, because …". */
  private read(file: string): Result<Container | null> {
    const bytes = readOwn(file, this.ownUid);
    if (!bytes.ok || bytes.value === null) return bytes.ok ? ok(null) : bytes;
    return openContainer(bytes.value, this.signer);
  }

  private file(id: string, ending: string): string {
    return path.join(this.folder, id + ending);
  }
}

/** The bytes of a file that nobody else may have had a hand in; null when there is none. Throws for want of descriptors and the like. */
function readOwn(file: string, ownUid: OwnUid): Result<Buffer | null> {
  let fd: number;
  try {
    fd = fs.openSync(file, fs.constants.O_RDONLY | ((fs.constants as Partial<typeof fs.constants>).O_NOFOLLOW ?? 0) | ((fs.constants as Partial<typeof fs.constants>).O_NONBLOCK ?? 0));
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT') return ok(null);
    if (code === 'ELOOP') return fail('bad-pack', 'it is a link');
    throw error;
  }
  try {
    const stat = fs.fstatSync(fd);
    if (!stat.isFile()) return fail('bad-pack', 'it is not a plain file');
    if (ownUid !== null && (stat.uid !== ownUid || (stat.mode & 0o022) !== 0)) return fail('bad-pack', 'other accounts may write to it');
    if (stat.size > LIMITS.packedBytes + LIMITS.fileBytes) return fail('bad-pack', PACKS.damaged);
    return ok(fs.readFileSync(fd));
  } finally {
    fs.closeSync(fd);
  }
}

export const SYSTEM: FileSteps = {
  write: (file, bytes) => {
    fs.rmSync(file, { force: true });
    const fd = fs.openSync(file, fs.constants.O_WRONLY | fs.constants.O_CREAT | fs.constants.O_EXCL, 0o600);
    try {
      fs.writeFileSync(fd, bytes);
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
  },
  link: (from, to) => fs.linkSync(from, to),
  rename: (from, to) => {
    fs.renameSync(from, to);
    const fd = fs.openSync(path.dirname(to), fs.constants.O_RDONLY);
    try {
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
  },
};
