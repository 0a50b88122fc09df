/** Ends a started program the way a person would, and by its process id when it does not end. */
import type { ChildProcess } from 'node:child_process';
import type { ElectronApplication } from 'playwright-core';

const PATIENCE_MS = 10_000;

/** `owner`: its process, which the driver does not tell any more once it has ended. */
export async function endApp(running: ElectronApplication, owner: ChildProcess = running.process()): Promise<void> {
  const gone = new Promise((resolve) => owner.once('exit', resolve));
  await running.evaluate(({ app }) => app.quit()).catch(() => undefined);
  const killer = setTimeout(() => owner.kill('SIGKILL'), PATIENCE_MS);
  if (owner.exitCode === null && owner.signalCode === null) await gone;
  clearTimeout(killer);
}
