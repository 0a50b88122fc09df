/** `npm run setup [-- --retry-official]`: set-up alone, for images and for a second try at Electron's own download. */
import { say } from './lib/say.mjs';
import { describe, setUp } from './set-up.mjs';

try {
  const runtime = await setUp({ retryOfficial: process.argv.includes('--retry-official') });
  say(`ready: ${describe(runtime)}`);
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
