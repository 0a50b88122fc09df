/** `npm run build`: dist/ from the sources, whether or not it looks up to date. */
import { say } from './lib/say.mjs';
import { buildAll } from './steps/build.mjs';

try {
  await buildAll();
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
