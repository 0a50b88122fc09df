/**
 * A real polkitd on a system bus of its own, in a mount namespace where nothing of the machine's bus and rules is seen. The machine keeps
 * its own; what is mounted there goes with the last process in it.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Polkit } from '../../../electron/platform/linux/polkit.ts';

const root = path.join(import.meta.dirname, '..', '..', '..');
const DAEMONS = ['/usr/lib/polkit-1/polkitd', '/usr/libexec/polkitd', '/usr/libexec/polkit-1/polkitd'];
const UP_WITHIN_MS = 15_000;
const POLL_MS = 100;

/** Everybody may say everything: what polkit answers is looked at, not the bus. */
const BUS = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path=/run/dbus/system_bus_socket</listen><auth>EXTERNAL</auth><policy context="default"><allow user="*"/><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy></busconfig>`;

export class PolkitStage {
  readonly polkit: Polkit;
  private readonly folder: string;
  private readonly space: ChildProcess;

  private constructor(folder: string, space: ChildProcess) {
    this.folder = folder;
    this.space = space;
    this.polkit = new Polkit(path.join(folder, 'pkcheck'), path.join(folder, 'actions', 'org.holdfast.policy'));
  }

  /** `rules`: the text of a rule file of polkit, beside which there is none. */
  static async open(rules: string): Promise<PolkitStage> {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'holdfast-test-polkit-'));
    for (const name of ['rules', 'actions', 'none']) mkdirSync(path.join(folder, name));
    cpSync(policyFile(), path.join(folder, 'actions', 'org.holdfast.policy'));
    writeFileSync(path.join(folder, 'rules', '10-test.rules'), rules);
    writeFileSync(path.join(folder, 'bus.conf'), BUS);
    for (const name of ['.', 'rules', 'actions', 'none']) chmodSync(path.join(folder, name), 0o755);
    const space = spawn('unshare', ['--mount', '--propagation', 'private', 'sh', '-ec', script(folder)], { stdio: 'ignore', detached: true });
    // The tool is started as everywhere, but where this polkitd is the one that answers.
    writeFileSync(path.join(folder, 'pkcheck'), `#!/bin/sh\nexec nsenter --mount=/proc/${space.pid ?? 0}/ns/mnt -- /usr/bin/pkcheck "$@"\n`, { mode: 0o755 });
    const stage = new PolkitStage(folder, space);
    await stage.answers();
    return stage;
  }

  close(): void {
    const { pid } = this.space;
    // Its own group: the shell, the bus and polkitd.
    if (pid !== undefined && this.space.exitCode === null) process.kill(-pid, 'SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async answers(): Promise<void> {
    const end = performance.now() + UP_WITHIN_MS;
    while (spawnSync('nsenter', [`--mount=/proc/${this.space.pid ?? 0}/ns/mnt`, '--', 'pkaction', '--action-id', 'org.holdfast.change']).status !== 0) {
      if (performance.now() > end || this.space.exitCode !== null) {
        this.close();
        throw new Error('polkitd did not come up on its own bus');
      }
      await delay(POLL_MS);
    }
  }
}

function policyFile(): string {
  const folder = path.join(root, 'resources', 'polkit');
  const [name] = readdirSync(folder).filter((one) => one.endsWith('.policy'));
  if (name === undefined) throw new Error(`no policy file in ${folder}`);
  return path.join(folder, name);
}

function script(folder: string): string {
  const daemon = DAEMONS.find((file) => existsSync(file)) ?? '';
  return [
    'mkdir -p /run/dbus',
    'mount -t tmpfs -o mode=0755 holdfast-test /run/dbus',
    `mount --bind '${folder}/rules' /etc/polkit-1/rules.d`,
    `if [ -d /usr/share/polkit-1/rules.d ]; then mount --bind '${folder}/none' /usr/share/polkit-1/rules.d; fi`,
    `mount --bind '${folder}/actions' /usr/share/polkit-1/actions`,
    `dbus-daemon --config-file='${folder}/bus.conf' --nofork &`,
    'tries=0',
    'until [ -S /run/dbus/system_bus_socket ]; do tries=$((tries + 1)); [ $tries -lt 100 ]; sleep 0.1; done',
    `'${daemon}' --no-debug`,
  ].join('\n');
}
