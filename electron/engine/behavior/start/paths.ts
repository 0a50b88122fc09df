/** Path text without touching a disk. */

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Absolute and without `.`, `..` and doubled slashes; links are not followed. */
export function resolvePath(folder: string, path: string): string {
  const parts: string[] = [];
  const whole = path.startsWith('/') ? path : `${folder}/${path}`;
  for (const part of whole.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** Folder that stands for "found along PATH": such a program ends like the real one and begins like nothing on disk. */
export const SEARCH_PATH = '$PATH';
