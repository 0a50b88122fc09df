/** `npm run gallery`: the gallery (test/ui/gallery) in the browser of whoever draws screens, built anew on every change. On this machine only. */
import { join } from 'node:path';
import { createServer } from 'vite';
import react from '@vitejs/plugin-react';
import { root } from './lib/paths.mjs';

const server = await createServer({ root: join(root, 'test', 'ui', 'gallery'), configFile: false, envDir: false, plugins: [react()], server: { host: '127.0.0.1', fs: { allow: [root] } } });
await server.listen();
server.printUrls();
