/** Programs whose purpose is to start another one: where in their arguments that other one begins. */

interface Wrapper {
  /** Short options with a value, joined or as the next argument. */
  readonly value?: string;
  readonly valueLong?: readonly string[];
  /** Operands before the program (timeout 5 …, chroot DIR …). */
  readonly operands?: number;
  /** `NAME=value` may stand before the program. */
  readonly assignments?: boolean;
  /** With one of these it acts on something that runs already and starts nothing. */
  readonly noProgram?: readonly string[];
  /** Standard input of the program is not the wrapper's own. */
  readonly ownInput?: boolean;
}

const WRAPPERS: Readonly<Record<string, Wrapper>> = {
  env: { value: 'uC', valueLong: ['--unset', '--chdir'], assignments: true },
  nohup: {},
  timeout: { value: 'ks', valueLong: ['--kill-after', '--signal'], operands: 1 },
  nice: { value: 'n', valueLong: ['--adjustment'] },
  ionice: { value: 'cn', valueLong: ['--class', '--classdata'], noProgram: ['-p', '-P', '-u', '--pid', '--pgid', '--uid'] },
  setsid: {},
  stdbuf: { value: 'ioe', valueLong: ['--input', '--output', '--error'] },
  xargs: { value: 'adEILnPs', valueLong: ['--arg-file', '--delimiter', '--max-args', '--max-procs', '--max-chars', '--process-slot-var'], ownInput: true },
  sudo: {
    value: 'ugpCDRrtTU',
    valueLong: ['--user', '--group', '--prompt', '--close-from', '--chdir', '--chroot', '--role', '--type', '--command-timeout', '--host', '--other-user'],
    assignments: true,
    noProgram: ['-l', '--list', '-v', '--validate', '-e', '--edit'],
  },
  doas: { value: 'uC' },
  time: { value: 'fo', valueLong: ['--format', '--output'] },
  chrt: { value: 'TPD', valueLong: ['--sched-runtime', '--sched-period', '--sched-deadline'], operands: 1, noProgram: ['-p', '--pid'] },
  taskset: { operands: 1, noProgram: ['-p', '-cp', '-pc', '--pid'] },
  unshare: { value: 'RwSGl', valueLong: ['--root', '--wd', '--setuid', '--setgid', '--propagation', '--setgroups', '--map-user', '--map-group'] },
  chroot: { operands: 1 },
  strace: { value: 'abeEIoOpPsSuUX', valueLong: ['--attach', '--output', '--trace', '--user', '--env'], noProgram: ['-p'] },
  ltrace: { value: 'aADeFlnopsuwxX' },
  'systemd-run': {
    value: 'pEuMHC',
    valueLong: ['--property', '--setenv', '--unit', '--machine', '--host', '--slice', '--description', '--uid', '--gid', '--nice', '--working-directory', '--service-type'],
  },
  flock: { value: 'wE', valueLong: ['--timeout', '--conflict-exit-code'], operands: 1 },
  runuser: { value: 'ugG', valueLong: ['--user', '--group', '--supp-group'], noProgram: ['-', '-l', '-c', '--login', '--command'] },
  setpriv: { valueLong: ['--reuid', '--regid', '--groups', '--bounding-set', '--inh-caps', '--ambient-caps', '--securebits', '--pdeathsig'] },
  nsenter: { value: 'tSG', valueLong: ['--target', '--setuid', '--setgid'] },
  prlimit: { noProgram: ['-p', '--pid'] },
  pkexec: { valueLong: ['--user'] },
  'dbus-run-session': { valueLong: ['--config-file', '--dbus-daemon'] },
  fakeroot: { value: 'lsib', valueLong: ['--lib', '--faked'] },
  setarch: { operands: 1 },
  linux32: {},
  linux64: {},
  gosu: { operands: 1 },
  'su-exec': { operands: 1 },
};

const FIND_ACTIONS = new Set(['-exec', '-execdir', '-ok', '-okdir']);

/** A `find` with more actions than this is judged by the first ones. */
const MAX_COMMANDS = 8;

export function isWrapper(name: string): boolean {
  return name === 'find' || Object.hasOwn(WRAPPERS, name);
}

/** Whether the program reads the same standard input as its wrapper. */
export function passesInput(name: string): boolean {
  return wrapperNamed(name)?.ownInput !== true;
}

/** The command lines inside a wrapper's command line, program first; none when it starts nothing. */
export function wrappedCommands(name: string, argv: readonly string[]): readonly (readonly string[])[] {
  if (name === 'find') return findCommands(argv);
  const wrapper = wrapperNamed(name);
  if (!wrapper) return [];
  const command = skipOptions(wrapper, name, argv.slice(1));
  return command.length > 0 ? [command] : [];
}

function wrapperNamed(name: string): Wrapper | undefined {
  return Object.hasOwn(WRAPPERS, name) ? WRAPPERS[name] : undefined;
}

function skipOptions(wrapper: Wrapper, name: string, given: readonly string[]): readonly string[] {
  let rest = given;
  let operands = wrapper.operands ?? 0;
  for (;;) {
    const argument = rest[0];
    if (argument === undefined) return [];
    if (wrapper.noProgram?.includes(argument) === true) return [];
    const split = name === 'env' ? splitString(argument, rest) : null;
    if (split) {
      rest = split;
    } else if (argument === '--') {
      return rest.slice(1 + operands);
    } else if (argument.startsWith('-') && argument !== '-') {
      rest = rest.slice(takesNext(wrapper, argument) ? 2 : 1);
    } else if (argument === '-' || (wrapper.assignments === true && /^\w+=/.test(argument))) {
      rest = rest.slice(1);
    } else if (operands > 0) {
      operands -= 1;
      rest = rest.slice(1);
    } else {
      return rest;
    }
  }
}

function takesNext(wrapper: Wrapper, option: string): boolean {
  if (option.startsWith('--')) return wrapper.valueLong?.includes(option) === true;
  for (let at = 1; at < option.length; at += 1) {
    if (wrapper.value?.includes(option[at] ?? '') === true) return at === option.length - 1;
  }
  return false;
}

/** `env -S 'prog arg'`: the one argument holds a whole command line; script headers use it. */
function splitString(argument: string, rest: readonly string[]): readonly string[] | null {
  const long = /^--split-string(?:=(.*))?$/s.exec(argument);
  const short = /^-[iv0]*S(.*)$/s.exec(argument);
  const found = long ?? short;
  if (!found) return null;
  const joined = found[1] ?? '';
  const text = joined === '' ? (rest[1] ?? '') : joined;
  const words = text.split(/\s+/).filter((word) => word !== '');
  return [...words, ...rest.slice(joined === '' ? 2 : 1)];
}

function findCommands(argv: readonly string[]): readonly (readonly string[])[] {
  const commands: (readonly string[])[] = [];
  let at = 1;
  while (at < argv.length && commands.length < MAX_COMMANDS) {
    const isAction = FIND_ACTIONS.has(argv[at] ?? '');
    at += 1;
    if (!isAction) continue;
    const start = at;
    while (at < argv.length && argv[at] !== ';' && argv[at] !== '+') at += 1;
    if (at > start) commands.push(argv.slice(start, at));
  }
  return commands;
}
