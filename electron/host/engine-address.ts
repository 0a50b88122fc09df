/** Which engine a command speaks to: the one named by the options, else the machine's, else this account's own. */
import { lstatSync } from 'node:fs';
import { fail, ok, type Result } from '../../shared/result.ts';
import { hostPaths, type HostPaths } from './paths.ts';

export interface AddressChoice {
  readonly dataDir: string | undefined;
  readonly instance: string;
  readonly uid: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDir: string;
}

type Exists = (path: string) => boolean;

export function controlSocketFor(choice: AddressChoice, exists: Exists = somethingLiesAt): Result<string> {
  const paths = enginePathsFor(choice, exists);
  return paths.ok ? ok(paths.value.controlSocket) : paths;
}

export function enginePathsFor(choice: AddressChoice, exists: Exists = somethingLiesAt): Result<HostPaths> {
  if (!/^[a-z0-9][a-z0-9-]{0,31}$/.test(choice.instance)) {
    return fail('bad-instance', `--instance ${choice.instance}: use up to 32 small letters, digits and hyphens.`);
  }
  if (choice.dataDir?.trim() === '') return fail('usage', '--data-dir is empty: name the folder in which Holdfast keeps its things.');
  const base = { instance: choice.instance, env: choice.env, homeDir: choice.homeDir, uid: choice.uid };
  if (choice.dataDir !== undefined) return ok(hostPaths({ ...base, privileged: choice.uid === 0, dataDir: choice.dataDir }));
  const machine = hostPaths({ ...base, privileged: true });
  if (choice.uid === 0 || exists(machine.controlSocket)) return ok(machine);
  return ok(hostPaths({ ...base, privileged: false }));
}

/** Also true for what may not be looked at closely: then the machine's engine is there, and connecting says why it is not for us. */
function somethingLiesAt(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}
