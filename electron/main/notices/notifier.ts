/**
 * Shows one notice with the system's own service. On Linux through `notify-send` of libnotify, started by its path without a
 * shell; elsewhere through node-notifier. node-notifier's own Linux part builds a shell line from texts that attackers choose
 * and can not tell a click, hence the two (docs/adr/0014).
 */
import { execFile, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { HistoryEntry } from '../../../shared/history/entry.ts';
import { NOTICES } from '../words.ts';
import type { Notice } from './plan.ts';

export interface Delivered {
  readonly outcome: NonNullable<HistoryEntry['notice']>['outcome'];
  readonly detail: string | null;
}

export interface Notifier {
  /** Resolves when the service has taken it, or why it has not; `onOpen` is called when the person clicks it. */
  show(notice: Notice, onOpen: () => void): Promise<Delivered>;
  /** Ends what still waits for a click. */
  close(): void;
}

const NOTIFY_SEND = '/usr/bin/notify-send';
/** Of util-linux. What it starts is ended by the kernel when the one who started it ends, however that comes. */
const SETPRIV = '/usr/bin/setpriv';
/** A notice that nobody clicks is gone after this; whoever waits for a click is a process. */
const CLICK_WITHIN_MS = 10 * 60_000;
/** What GLib writes before the reason. */
const FAILED = 'GDBus.Error';
/** A service that takes it says so by not failing at once. */
const TAKEN_AFTER_MS = 1_500;

export function linuxNotifier(icon: string, command = NOTIFY_SEND): Notifier {
  const waiting = new Set<ChildProcess>();
  return {
    show: (notice, onOpen) => {
      if (!existsSync(command)) return Promise.resolve({ outcome: 'no-service', detail: 'notify-send (libnotify) is not installed' });
      return new Promise((resolve) => {
        const options = ['--app-name=Holdfast', `--icon=${icon}`, `--urgency=${notice.asks ? 'critical' : 'normal'}`, '--category=device.error', `--action=open=${NOTICES.open}`, '--wait'];
        // What follows `--` is no option, whatever it begins with.
        const [program, ...leading] = endingWithUs(command);
        const child = execFile(program, [...leading, ...options, '--', notice.title, escapeMarkup(notice.body)], { timeout: CLICK_WITHIN_MS, env: sessionEnvironment(process.env) }, (error, stdout, stderr) => {
          clearTimeout(taken);
          waiting.delete(child);
          if (error !== null && error.killed !== true) resolve(failure(stderr || error.message));
          else resolve({ outcome: 'delivered', detail: null });
          if (stdout.trim() === 'open') onOpen();
        });
        waiting.add(child);
        let complaint = '';
        child.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString('utf8')));
        const taken = setTimeout(() => {
          // notify-send 0.8 says that nobody took it and then waits all the same.
          if (!complaint.includes(FAILED)) return resolve({ outcome: 'delivered', detail: null });
          child.kill('SIGKILL');
          resolve(failure(complaint));
        }, TAKEN_AFTER_MS);
      });
    },
    close: () => {
      for (const child of waiting) child.kill('SIGKILL');
    },
  };
}

/** It waits for a click for minutes: without us nobody would hear of it. */
function endingWithUs(command: string): [string, ...string[]] {
  return existsSync(SETPRIV) ? [SETPRIV, '--pdeathsig', 'KILL', '--', command] : [command];
}

function failure(text: string): Delivered {
  const detail = (text.split('\n').find((line) => line.includes(FAILED)) ?? text).trim().slice(0, 200);
  const noService = /ServiceUnknown|no such|not provided by any|Could not connect|Cannot autolaunch|unable to|Failed to execute/i.test(text);
  return { outcome: noService ? 'no-service' : 'failed', detail };
}

/** The body of a notice may hold markup (Desktop Notifications Specification); ours is text. */
export function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function sessionEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const wanted = ['DBUS_SESSION_BUS_ADDRESS', 'DISPLAY', 'WAYLAND_DISPLAY', 'XDG_RUNTIME_DIR', 'XAUTHORITY', 'HOME', 'LANG'];
  return { PATH: '/usr/bin:/bin', ...Object.fromEntries(wanted.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]))) };
}

/** Windows and others. Loaded when it is needed: it brings programs of its own. */
export function toastNotifier(icon: string): Notifier {
  return {
    show: async (notice, onOpen) => {
      const { default: notifier } = await import('node-notifier');
      return new Promise((resolve) => {
        notifier.notify({ title: notice.title, message: notice.body, icon, wait: true }, (error, response) => {
          if (response === 'activate') onOpen();
          resolve(error === null ? { outcome: 'delivered', detail: null } : { outcome: 'failed', detail: error.message.slice(0, 200) });
        });
      });
    },
    // Its helper programs end with their toast.
    close: () => undefined,
  };
}
