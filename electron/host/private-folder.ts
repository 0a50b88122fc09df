/** Folders that only this account may enter or change. Made when missing; refused when somebody else could have prepared them. */
import fs from 'node:fs';
import path from 'node:path';
import { fail, ok, type Result } from '../../shared/result.ts';

/** Makes `folder` with `mode`. Every part of the path from the last existing one is made by us; the folder itself must be ours and no link. */
export function ensureFolder(folder: string, mode: number, uid: number): Result<void> {
  try {
    fs.mkdirSync(path.dirname(folder), { recursive: true, mode: 0o755 });
    fs.mkdirSync(folder, { mode });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return fail('folder', `${folder} can not be made: ${(error as Error).message}`);
  }
  const found = fs.lstatSync(folder);
  if (!found.isDirectory()) return fail('folder', `${folder} is not a folder (links are not followed): move it away and start again.`);
  if (found.uid !== uid) return fail('folder', `${folder} belongs to another account (uid ${found.uid}): remove it or choose another with --data-dir.`);
  if ((found.mode & 0o777) !== mode) fs.chmodSync(folder, mode);
  return ok(undefined);
}
