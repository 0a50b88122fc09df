/** The id of a pack from the name a person gave it: what is left of the name in small letters, digits and hyphens. */
import { OWN_PACK } from '../../../shared/packs/pack.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { PACKS } from './words.ts';

const LONGEST_ID = 48;

export function packIdFrom(name: string): Result<string> {
  const id = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST_ID)
    .replace(/^-|-$/g, '');
  if (id === '') return fail('bad-pack-name', PACKS.badName);
  return id === OWN_PACK ? fail('bad-pack-name', PACKS.ownName) : ok(id);
}
