/** Which files a command line of a download tool will write, and which files a copying tool will pass a download on to. */
import { baseName, resolvePath } from '../start/paths.ts';

type Outputs = (argv: readonly string[], folder: string) => readonly string[];

interface OptionShape {
  /** Options whose value is the output file. */
  readonly file: readonly string[];
  /** Options whose value is the folder that relative names lie in. */
  readonly folder: readonly string[];
  /** Other options with a value as the next argument: their values are no addresses. */
  readonly value: readonly string[];
  /** True when, without a named file, each address is saved under its last part. */
  readonly namesByAddress: (argv: readonly string[]) => boolean;
}

const CURL: OptionShape = {
  file: ['-o', '--output'],
  folder: ['--output-dir'],
  value: ['-H', '--header', '-d', '--data', '-X', '--request', '-u', '--user', '-A', '--user-agent', '-e', '--referer', '-x', '--proxy', '--retry', '-m', '--max-time', '--connect-timeout', '-w', '--write-out', '-b', '--cookie', '-c', '--cookie-jar', '--cacert', '-T'],
  namesByAddress: (argv) => argv.some((argument) => /^-[a-zA-Z#]*O$|^--remote-name(-all)?$/.test(argument)),
};
const WGET: OptionShape = {
  file: ['-O', '--output-document'],
  folder: ['-P', '--directory-prefix'],
  value: ['--header', '-U', '--user-agent', '-t', '--tries', '-T', '--timeout', '-o', '--output-file', '-a', '--user', '--password', '--post-data', '-i'],
  namesByAddress: () => true,
};
const ARIA2: OptionShape = { file: ['-o', '--out'], folder: ['-d', '--dir'], value: ['-x', '-s', '-j', '-k'], namesByAddress: () => true };
const AXEL: OptionShape = { file: ['-o', '--output'], folder: [], value: ['-n', '-s', '-T', '-U'], namesByAddress: () => true };

const TOOLS: Readonly<Record<string, Outputs>> = {
  curl: (argv, folder) => optionOutputs(CURL, argv, folder),
  wget: (argv, folder) => optionOutputs(WGET, argv, folder),
  wget2: (argv, folder) => optionOutputs(WGET, argv, folder),
  aria2c: (argv, folder) => optionOutputs(ARIA2, argv, folder),
  axel: (argv, folder) => optionOutputs(AXEL, argv, folder),
  scp: remoteCopyOutputs,
  rsync: remoteCopyOutputs,
};

const COPIERS = new Set(['mv', 'cp', 'install', 'ln']);

/** More files in one command line than anyone downloads and runs. */
const MAX_OUTPUTS = 32;

export function isDownloadTool(name: string): boolean {
  return Object.hasOwn(TOOLS, name);
}

export function isCopyTool(name: string): boolean {
  return COPIERS.has(name);
}

/** Absolute paths the tool will write. */
export function downloadOutputs(name: string, argv: readonly string[], folder: string): readonly string[] {
  return (TOOLS[name]?.(argv, folder) ?? []).slice(0, MAX_OUTPUTS);
}

/** Source and target pairs of `mv`, `cp`, `install` and `ln`; a target folder is tried as file and as folder. */
export function copies(argv: readonly string[], folder: string): readonly { readonly from: string; readonly to: readonly string[] }[] {
  const operands = argv.slice(1).filter((argument) => !argument.startsWith('-'));
  const last = operands.at(-1);
  if (last === undefined || operands.length < 2) return [];
  const target = resolvePath(folder, last);
  return operands.slice(0, -1).slice(0, MAX_OUTPUTS).map((source) => ({ from: resolvePath(folder, source), to: [target, `${target}/${baseName(source)}`] }));
}

function optionOutputs(shape: OptionShape, argv: readonly string[], folder: string): string[] {
  const files: string[] = [];
  const addresses: string[] = [];
  let into = folder;
  let named = false;
  for (let at = 1; at < argv.length; at += 1) {
    const { option, value, consumed } = readOption(shape, argv, at);
    at += consumed;
    if (option === null) addresses.push(argv[at] ?? '');
    else if (value === null) continue;
    else if (shape.file.includes(option)) {
      named = true;
      if (value !== '-') files.push(value);
    } else if (shape.folder.includes(option)) into = resolvePath(folder, value);
  }
  if (!named && shape.namesByAddress(argv)) files.push(...addresses.map(nameOfAddress).filter((name) => name !== ''));
  return files.map((file) => resolvePath(into, file));
}

interface ReadOption {
  readonly option: string | null;
  readonly value: string | null;
  /** Arguments beyond the first. */
  readonly consumed: number;
}

/** `--output=x`, `--output x`, `-o x`, `-ox` and clusters like `-fsSLo x`. */
function readOption(shape: OptionShape, argv: readonly string[], at: number): ReadOption {
  const argument = argv[at] ?? '';
  if (!argument.startsWith('-') || argument === '-') return { option: null, value: null, consumed: 0 };
  const known = [...shape.file, ...shape.folder, ...shape.value];
  if (argument.startsWith('--')) {
    const equals = argument.indexOf('=');
    if (equals > 0) return { option: argument.slice(0, equals), value: argument.slice(equals + 1), consumed: 0 };
    return known.includes(argument) ? { option: argument, value: argv[at + 1] ?? null, consumed: 1 } : { option: argument, value: null, consumed: 0 };
  }
  for (let letter = 1; letter < argument.length; letter += 1) {
    const option = `-${argument[letter] ?? ''}`;
    if (!known.includes(option)) continue;
    const joined = argument.slice(letter + 1);
    return joined === '' ? { option, value: argv[at + 1] ?? null, consumed: 1 } : { option, value: joined, consumed: 0 };
  }
  return { option: argument, value: null, consumed: 0 };
}

/** The name under which an address is saved: its last part without query and fragment. */
function nameOfAddress(address: string): string {
  const path = address.replace(/[?#].*$/s, '').replace(/^[a-z][a-z0-9+.-]*:\/\//i, '');
  return path.includes('/') ? baseName(path) : '';
}

/** scp and rsync: the last operand receives; only copies from another machine count. */
function remoteCopyOutputs(argv: readonly string[], folder: string): string[] {
  const operands = argv.slice(1).filter((argument) => !argument.startsWith('-'));
  const target = operands.at(-1);
  if (target === undefined || operands.length < 2 || isRemote(target)) return [];
  const sources = operands.slice(0, -1).filter(isRemote);
  const resolved = resolvePath(folder, target);
  return sources.flatMap((source) => [resolved, `${resolved}/${baseName(source.slice(source.indexOf(':') + 1))}`]);
}

function isRemote(operand: string): boolean {
  return /^[^/]+:/.test(operand);
}
