/** Options of a child: what the owner was given, plus the resources folder it found. */
import path from 'node:path';
import { parseHostOptions, type HostOptions } from './options.ts';

/** Throws on a bad line: the owner wrote it, so that is a bug. */
export function readChildOptions(argv: readonly string[]): HostOptions {
  const at = argv.indexOf('--resources');
  const resourcesDir = argv[at + 1];
  if (at === -1 || resourcesDir === undefined) throw new Error('--resources is missing');
  const rest = argv.filter((_, index) => index !== at && index !== at + 1);
  // Whether scope is allowed was decided by the owner, which knows if it is packaged.
  const options = parseHostOptions(rest, { packaged: false, resourcesDir: path.resolve(resourcesDir), uid: process.getuid?.() ?? 0, env: process.env });
  if (!options.ok) throw new Error(options.error.message);
  return options.value;
}
