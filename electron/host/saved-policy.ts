/** The policy that was in force when the last engine ended; null when there is none that can be used. */
import fs from 'node:fs';
import { policySnapshotSchema, type PolicySnapshot } from '../../shared/policy/snapshot.ts';

export function savedPolicy(file: string): PolicySnapshot | null {
  try {
    const parsed = policySnapshotSchema.safeParse(JSON.parse(fs.readFileSync(file, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
