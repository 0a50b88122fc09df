/** Options of the host processes. Parsed once in the owner and handed to the children as the same arguments. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { fail, ok, type Result } from '../../shared/result.ts';
import { hostPaths, type HostPaths } from './paths.ts';

export interface HostOptions {
  readonly instance: string;
  readonly dataDir: string | undefined;
  /** Folders that limit marks and acts; empty means the whole machine. */
  readonly scope: readonly string[];
  /** Folder with `rules/`; the packaged one or the clone's `resources`. */
  readonly resourcesDir: string;
  readonly packaged: boolean;
  /** Standard input is the owner's pipe: Holdfast ends when it closes. */
  readonly owned: boolean;
  readonly paths: HostPaths;
  /** What this process hosts; null: as fits here (a window where there is a display, and an engine where there is none yet). */
  readonly role: Role | null;
}

/** DESIGN §2: engine and window, the engine alone, the window alone. */
export const ROLES = ['both', 'engine', 'ui'] as const;
export type Role = (typeof ROLES)[number];

export interface HostEnvironment {
  readonly packaged: boolean;
  readonly resourcesDir: string;
  readonly uid: number;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** `argv` without interpreter and script. Unknown options are refused by name. */
export function parseHostOptions(argv: readonly string[], environment: HostEnvironment): Result<HostOptions> {
  const parsed = readArguments(argv);
  if (!parsed.ok) return parsed;
  const { scope = [], instance = 'default', 'data-dir': dataDir, owned = false, role } = parsed.value;
  if (role !== undefined && !isRole(role)) return fail('bad-role', `--role ${role}: it is ${ROLES.join(', ')}.`);
  if (scope.length > 0 && environment.packaged) return fail('scope-refused', '--scope is for tests of a clone; an installed Holdfast protects the whole machine.');
  if (!/^[a-z0-9][a-z0-9-]{0,31}$/.test(instance)) return fail('bad-instance', `--instance ${instance}: use up to 32 small letters, digits and hyphens.`);
  const relative = scope.find((folder) => !path.isAbsolute(folder));
  if (relative !== undefined) return fail('bad-scope', `--scope ${relative}: give an absolute path.`);
  const useless = scope.map(whyNoScope).find((reason) => reason !== null);
  if (useless !== undefined) return fail('bad-scope', useless);
  const paths = hostPaths({ privileged: environment.uid === 0, ...(dataDir === undefined ? {} : { dataDir }), instance, env: environment.env, homeDir: os.homedir(), uid: environment.uid });
  return ok({ instance, dataDir, scope: scope.map((folder) => path.resolve(folder)), resourcesDir: environment.resourcesDir, packaged: environment.packaged, owned, paths, role: role ?? null });
}

function isRole(text: string): text is Role {
  return (ROLES as readonly string[]).includes(text);
}

/** A scope that protects nothing, or that is none, would be taken for protection. */
function whyNoScope(folder: string): string | null {
  if (path.resolve(folder) === '/') return '--scope / is no limit: leave --scope out to protect the whole machine.';
  return fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true ? null : `--scope ${folder}: there is no such folder.`;
}

function readArguments(argv: readonly string[]): Result<{ scope?: string[]; instance?: string; 'data-dir'?: string; owned?: boolean; role?: string }> {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { scope: { type: 'string', multiple: true }, instance: { type: 'string' }, 'data-dir': { type: 'string' }, owned: { type: 'boolean' }, role: { type: 'string' } },
    });
    return ok(values);
  } catch (error) {
    return fail('bad-option', error instanceof Error ? error.message : String(error));
  }
}

/** The same options again, for a child's argument list. */
export function toArguments(options: HostOptions): string[] {
  const args = ['--instance', options.instance];
  if (options.dataDir !== undefined) args.push('--data-dir', options.dataDir);
  for (const folder of options.scope) args.push('--scope', folder);
  return args;
}
