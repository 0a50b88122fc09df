/**
 * Asks polkit whether the person behind a process may make a change. `pkcheck` is polkit's own tool (polkit(8), pkcheck(1)); it is
 * started by its absolute path, without a shell, with numbers only.
 *
 * The process is named by id, start time and uid together, so that an id that was used again is another process for polkit.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Pid } from '../contract.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { readStat, readUid } from './proc.ts';

const PKCHECK = '/usr/bin/pkcheck';
const ACTION_FILE = '/usr/share/polkit-1/actions/org.holdfast.policy';
const ACTION = 'org.holdfast.change';
/** A person has to find the dialogue and type a password. */
const PATIENCE_MS = 120_000;
const MOST_AT_ONCE_PER_ACCOUNT = 2;
/** pkcheck(1): 0 authorised, 1 not, 2 not and nobody could be asked, 3 the person closed the dialogue. */
const DISMISSED = 3;

export interface PolkitCaller {
  readonly uid: number;
  readonly pid: Pid;
}

export class Polkit {
  private readonly asking = new Map<number, number>();
  private readonly command: string;
  private readonly actionFile: string;

  /** Other places are for tests. */
  constructor(command = PKCHECK, actionFile = ACTION_FILE) {
    this.command = command;
    this.actionFile = actionFile;
  }

  /** In words; null when somebody can be asked. */
  whyNot(): string | null {
    if (!existsSync(this.command)) return 'polkit (pkcheck) is not installed here, so nobody can be asked for the right. Use an administrator account: sudo holdfast …';
    if (!existsSync(this.actionFile)) return 'Holdfast is not known to polkit here (org.holdfast.policy is not installed), so nobody can be asked for the right. Use an administrator account: sudo holdfast …';
    return null;
  }

  async ask({ uid, pid }: PolkitCaller): Promise<Result<void>> {
    const whyNot = this.whyNot();
    if (whyNot !== null) return fail('no-right', whyNot);
    const startTicks = readStat(pid)?.startTicks;
    if (startTicks === undefined || readUid(pid) !== uid) return fail('ask-refused', 'The program that asked is gone.');
    const running = this.asking.get(uid) ?? 0;
    if (running >= MOST_AT_ONCE_PER_ACCOUNT) return fail('ask-refused', 'A question for permission is already open: answer it first.');
    this.asking.set(uid, running + 1);
    try {
      return await this.check(['--action-id', ACTION, '--process', `${pid},${startTicks},${uid}`, '--allow-user-interaction']);
    } finally {
      this.asking.set(uid, (this.asking.get(uid) ?? 1) - 1);
    }
  }

  private check(args: readonly string[]): Promise<Result<void>> {
    return new Promise((resolve) => {
      execFile(this.command, [...args], { timeout: PATIENCE_MS, killSignal: 'SIGKILL', env: { PATH: '/usr/bin:/bin' } }, (error) => {
        if (error === null) resolve(ok(undefined));
        else resolve(fail('ask-refused', error.code === DISMISSED ? 'The question for permission was closed, so nothing was changed.' : 'Permission was not given, so nothing was changed.'));
      });
    });
  }
}
