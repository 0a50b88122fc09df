/** `npm start [-- arguments of Holdfast]` from a fresh clone: sets up what is missing, then starts and stays with it. */
import { launch } from './launch.mjs';
import { say } from './lib/say.mjs';
import { describe, setUp } from './set-up.mjs';

try {
  const runtime = await setUp();
  say(`starting on ${describe(runtime)}`);
  process.exitCode = await launch(runtime, process.argv.slice(2));
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
