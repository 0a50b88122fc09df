/** Which files of the built page an address of our own scheme names, and the policy they are served with. Pure but for paths. */
import path from 'node:path';

export const APP_SCHEME = 'app';
export const APP_ORIGIN = `${APP_SCHEME}://holdfast`;
const START_PAGE = '/index.html';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

export function typeOf(file: string): string {
  return TYPES[path.extname(file)] ?? 'application/octet-stream';
}

/** `devTools`: Chromium's own tools may be loaded (development only). */
export function isOwn(url: string, devTools: boolean): boolean {
  try {
    const { protocol: scheme, host } = new URL(url);
    return `${scheme}//${host}` === APP_ORIGIN || (scheme === 'devtools:' && devTools);
  } catch {
    return false;
  }
}

/** Only files of a known type below the folder; the path of an URL is already free of `..`, and is looked at once more. */
export function fileOf(rendererDir: string, url: string): string | null {
  if (!isOwn(url, false)) return null;
  let name: string;
  try {
    name = decodeURIComponent(new URL(url).pathname);
  } catch {
    return null;
  }
  if (name.includes('\0') || name.includes('\\')) return null;
  const file = path.resolve(rendererDir, `.${name === '/' ? START_PAGE : name}`);
  const inside = path.relative(rendererDir, file);
  if (inside === '' || inside.startsWith('..') || path.isAbsolute(inside)) return null;
  return TYPES[path.extname(file)] === undefined ? null : file;
}

export function policy(nonce: string): string {
  return [
    "default-src 'none'", "script-src 'self'", `style-src 'self' 'nonce-${nonce}'`, "img-src 'self' data:", "font-src 'self'", "connect-src 'none'",
    "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "object-src 'none'",
  ].join('; ');
}
