/** Where the program's resources lie: beside an installed program, or in the clone that was built. */
import fs from 'node:fs';
import path from 'node:path';

export function resourcesDir(): string {
  // Electron names the folder of the installed program; plain Node has no such thing.
  const installed = 'resourcesPath' in process && typeof process.resourcesPath === 'string' ? path.join(process.resourcesPath, 'holdfast') : null;
  if (installed !== null && fs.existsSync(path.join(installed, 'rules'))) return installed;
  return path.resolve(import.meta.dirname, '..', '..', 'resources');
}
