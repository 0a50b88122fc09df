/** Every sentence that state, status and doctor show. Line one says what is so, the rest what follows or what to do. */

export const REASONS = {
  noRights: 'Holdfast runs without administrator rights: it sees the programs of this account a moment late and stops nothing. Start the engine as root to protect.',
  noRuleActs: 'No rule is switched on to block or warn. Choose a preset: holdfast rules preset standard',
  noRuleCanAct: 'No rule that is switched on can block or warn on this device. Choose a preset: holdfast rules preset standard',
  pausedBy: (who: string, reason: string) => `Paused by ${who}: ${reason}. What would have been stopped is recorded.`,
  downgraded: (count: number, first: string, why: string) => `${count === 1 ? 'One rule does' : `${count} rules do`} less here than was asked: ${first}${count > 1 ? ' and others' : ''} (${why}).`,
  sentinelDown: 'Nothing is asked before a start at the moment: the sentinel is being started again. Programs that start now and still run in a moment are judged then.',
  sentinelUnavailable: (why: string) => `Starts can not be prevented on this machine, only stopped right after: ${why}`,
  markFailed: (mount: string, why: string) => `Starts from ${mount} can not be prevented, only stopped right after: ${why}`,
  sensorDegraded: (id: string, why: string) => `The sensor ${id} does not work fully: ${why}`,
  starting: 'The engine is starting.',
} as const;

/** Why a window runs without Chromium's sandbox, and what is better. */
export const UNSANDBOXED = {
  root: {
    why: 'Holdfast was started as root with a display, and Chromium has no sandbox for root.',
    better: 'Run the engine as root (systemctl start holdfast) and the window as yourself (holdfast --role ui).',
  },
  system: {
    why: 'This system does not let programs of this account build a sandbox.',
    better: 'Let this account use user namespaces, then start Holdfast again.',
  },
} as const;

export const RULES = {
  noRights: 'without administrator rights Holdfast sees only programs of this account that run for half a second or longer, and stops none',
} as const;

export const PROBLEMS = {
  learningTools: 'The programs of this system are being read for the first time: copies of them are recognised in a moment.',
  setAside: (file: string) => `A file that could not be used was set aside as ${file}. Look at it, then remove it to end this notice.`,
  exclusionRefused: (path: string, why: string) => `The exclusion ${path} is not obeyed: ${why}`,
  stuckReader: 'A program keeps the engine from reading its arguments. Programs that already run are judged without theirs until it ends.',
} as const;

export const DOCTOR = {
  rights: 'The engine runs with the rights it needs.',
  noRights: 'The engine runs without administrator rights.',
  noRightsFix: 'Start it as root (systemctl start holdfast), or with: sudo npm start',
  sentinelUp: (pid: number) => `The sentinel answers the kernel (process ${pid}).`,
  sentinelIdle: 'The sentinel is ready; it asks the kernel as soon as a rule that tests starts is switched on.',
  sentinelDown: 'The sentinel does not run.',
  sentinelDownFix: 'It is started again by itself; if this stays, the log of the engine says why.',
  failOpen: 'A start that can not be judged in time is let through and judged again right after (fail-open). While the sentinel is being replaced the kernel lets every start through; those that still run are judged right after.',
  failClosed: 'A start that can not be judged in time is refused (fail-closed). While the sentinel is being replaced the kernel lets every start through all the same; those that still run are judged right after.',
  covered: (count: number) => `Starts are prevented on ${count} mounted file ${count === 1 ? 'system' : 'systems'}.`,
  markFailed: (mount: string, why: string) => `Starts from ${mount} should be prevented and can only be stopped right after: ${why}`,
  stoppedAfter: (mount: string, why: string) => `Starts from ${mount} are stopped right after the start, not before: ${why}`,
  sensorOk: (id: string, seconds: number | null) => `The sensor ${id} works${seconds === null ? '' : ` (last event ${seconds} s ago)`}.`,
  sensorBad: (id: string, why: string) => `The sensor ${id} does not work fully: ${why}`,
  lost: (id: string, lost: number | null) => `The sensor ${id} lost ${lost ?? 'an unknown number of'} events since the engine started; the process list was read anew each time.`,
  scoped: (folders: string) => `This engine is limited to ${folders} (--scope): it protects nothing else.`,
  gap: (from: string, to: string | null, reason: string) => `Protection had a gap from ${from} to ${to ?? 'now'}: ${reason}`,
  rules: (acting: number) => `${acting} ${acting === 1 ? 'rule acts' : 'rules act'} (block, warn or audit).`,
  paused: (until: string) => `Paused until ${until}: nothing is stopped, what would have been is recorded.`,
  pausedFix: 'holdfast resume',
  rulesNone: 'No rule is switched on.',
  rulesNoneFix: 'Choose a preset: holdfast rules preset standard',
  unsandboxed: (why: string) => `The window runs without Chromium's sandbox, so a fault in it could do whatever this account can. ${why}`,
  restarted: (what: string, times: number) => `The ${what} was started again ${times} ${times === 1 ? 'time' : 'times'}.`,
} as const;
