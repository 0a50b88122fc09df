/** The owner under plain Node: where no Electron runtime can be had, and in tests. With `--owned` it ends when its standard input closes. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeLauncher } from './node-launcher.ts';
import { parseHostOptions } from './options.ts';
import { startHost } from './supervisor.ts';

const here = path.dirname(fileURLToPath(import.meta.url));
const uid = process.getuid?.() ?? 0;

async function main(): Promise<number> {
  const print = (line: string): void => {
    process.stdout.write(`${line}\n`);
  };
  const options = parseHostOptions(process.argv.slice(2), { packaged: false, resourcesDir: path.resolve(here, '../../resources'), uid, env: process.env });
  if (!options.ok) {
    process.stderr.write(`${options.error.message}\n`);
    return 2;
  }
  const host = startHost(options.value, nodeLauncher(here), { privileged: uid === 0, window: null }, print);
  const asked = new Promise<{ exitCode: number }>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve({ exitCode: 0 }));
    if (options.value.owned) endWithStandardInput(() => resolve({ exitCode: 0 }));
  });
  const { exitCode } = await Promise.race([asked, host.ended]);
  await host.stop();
  return exitCode;
}

/** The launcher holds the other end of our standard input: when it is gone, nobody owns us. */
function endWithStandardInput(end: () => void): void {
  process.stdin.resume();
  process.stdin.once('end', end);
  process.stdin.once('error', end);
}

process.exitCode = await main();
process.exit();
