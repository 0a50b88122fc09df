/** An ordinary account at the screen: Holdfast's window started by it, with Chromium's sandbox, beside an engine of root. */
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { bindMount, detach } from '../../support/linux/libc.ts';
import { VirtualScreen } from '../../support/screen.ts';
import { endApp } from './end-app.ts';

const root = path.join(import.meta.dirname, '..', '..', '..');
/** An account of nobody else here. */
export const PERSON = 61_234;

export class Person {
  readonly app: ElectronApplication;
  readonly page: Page;
  private readonly screen: VirtualScreen;
  private readonly home: string;

  private constructor(parts: { app: ElectronApplication; page: Page; screen: VirtualScreen; home: string }) {
    this.app = parts.app;
    this.page = parts.page;
    this.screen = parts.screen;
    this.home = parts.home;
  }

  /** `args`: those of Holdfast. */
  static async opensWindow(args: readonly string[]): Promise<Person> {
    const screen = await VirtualScreen.open();
    const home = mkdtempSync(path.join(os.tmpdir(), 'holdfast-person-'));
    chownSync(home, PERSON, PERSON);
    const program = path.join(home, 'program');
    mkdirSync(program);
    // The clone may lie where only its owner can go.
    bindMount(root, program);
    const app = await _electron.launch({
      executablePath: asPerson(home, path.join(program, path.relative(root, process.env['HOLDFAST_TEST_ELECTRON'] ?? ''))),
      args: ['--log-level=3', path.join(program, 'dist/main/main.cjs'), '--', ...args],
      env: { PATH: '/usr/bin:/bin', HOME: home, DISPLAY: screen.display },
    });
    return new Person({ app, page: await app.firstWindow(), screen, home });
  }

  async leaves(): Promise<void> {
    await endApp(this.app);
    await this.screen.close();
    const program = path.join(this.home, 'program');
    detach(program);
    // Not by the recursive removal below, should the mount still be there.
    if (existsSync(program)) rmdirSync(program);
    rmSync(this.home, { recursive: true, force: true });
  }
}

/** Playwright starts programs as itself only, and as root without a sandbox; a script in between gives up the rights and takes the sandbox back. */
function asPerson(home: string, program: string): string {
  const script = path.join(home, 'start');
  const dropped = 'for word; do shift; [ "$word" = --no-sandbox ] || set -- "$@" "$word"; done';
  writeFileSync(script, `#!/bin/sh\n${dropped}\nexec setpriv --reuid=${PERSON} --regid=${PERSON} --clear-groups -- '${program}' "$@"\n`);
  chmodSync(script, 0o755);
  return script;
}
