/**
 * What no page may do, set once for the whole program: only our own files over our own scheme, no permission, no other page, no
 * window, no address outside. Electron's security checklist, and habits of the projects named in docs/adr.
 */
import crypto from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { app, protocol, session } from 'electron';
import { APP_SCHEME, fileOf, isOwn, policy, typeOf } from './page-files.ts';

/** Stands in the page where the number of this load belongs; the style elements of the components carry it. */
const NONCE_MARK = '__CSP_NONCE__';

/** Before the program is ready. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges: { standard: true, secure: true } }]);
}

/** Once it is. `rendererDir` holds the built page. */
export function harden(rendererDir: string): void {
  serve(rendererDir);
  const { defaultSession } = session;
  // Electron grants whatever nobody refuses.
  defaultSession.setPermissionRequestHandler((_, permission, decide) => decide(permission === 'clipboard-sanitized-write'));
  defaultSession.setPermissionCheckHandler((_, permission) => permission === 'clipboard-sanitized-write');
  defaultSession.setDevicePermissionHandler(() => false);
  defaultSession.webRequest.onBeforeRequest((details, decide) => decide({ cancel: !isOwn(details.url, !app.isPackaged) }));
  app.on('web-contents-created', (_, contents) => {
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}

function serve(rendererDir: string): void {
  protocol.handle(APP_SCHEME, async (request) => {
    const file = fileOf(rendererDir, request.url);
    if (file === null || request.method !== 'GET') return new Response('', { status: 404 });
    try {
      const bytes = await readFile(file);
      const nonce = crypto.randomBytes(18).toString('base64');
      const body = path.extname(file) === '.html' ? bytes.toString('utf8').replaceAll(NONCE_MARK, nonce) : bytes;
      return new Response(body, { headers: { 'content-type': typeOf(file), 'content-security-policy': policy(nonce), 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' } });
    } catch {
      return new Response('', { status: 404 });
    }
  });
}
