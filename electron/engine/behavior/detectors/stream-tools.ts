/** Command-line tools whose output comes from the network or from decoding, and filters that pass on what they get. */

type IsSource = (argv: readonly string[]) => boolean;

const always: IsSource = () => true;

/** Whether short option `letter` (alone or in a cluster) or one of the long ones is given. */
function given(letters: string, long: readonly string[]): IsSource {
  return (argv) =>
    argv.some((argument, index) => {
      if (index === 0) return false;
      if (argument.startsWith('--')) return long.includes(argument.split('=', 1)[0] ?? '');
      return argument.startsWith('-') && Array.from(letters).some((letter) => argument.includes(letter, 1));
    });
}

const savesToFile = given('oO', ['--output', '--remote-name', '--remote-name-all']);

/** wget writes the download to its output only when told so; `-` stands joined or as the next argument. */
const wgetToOutput: IsSource = (argv) =>
  argv.some((argument, index) => argument === '--output-document=-' || /^-[a-zA-Z]*O-$/.test(argument) || (/^(?:-[a-zA-Z]*O|--output-document)$/.test(argument) && argv[index + 1] === '-'));

const decodes = given('dD', ['--decode', '--decompress', '--uncompress']);

const SOURCES: Readonly<Record<string, IsSource>> = {
  curl: (argv) => !savesToFile(argv),
  wget: wgetToOutput,
  wget2: wgetToOutput,
  lynx: given('', ['--source', '--dump']),
  links: always,
  w3m: always,
  http: always,
  https: always,
  fetch: always,
  GET: always,
  'lwp-request': always,
  nc: always,
  ncat: always,
  netcat: always,
  'nc.openbsd': always,
  'nc.traditional': always,
  socat: always,
  dig: always,
  base64: decodes,
  base32: decodes,
  basenc: decodes,
  openssl: (argv) => argv.includes('-d') || argv.includes('s_client'),
  gpg: given('d', ['--decrypt']),
  gpg2: given('d', ['--decrypt']),
  xxd: given('r', ['--revert']),
  uudecode: always,
  gzip: decodes,
  gunzip: always,
  zcat: always,
  bzip2: decodes,
  bunzip2: always,
  bzcat: always,
  xz: decodes,
  unxz: always,
  xzcat: always,
  zstd: decodes,
  unzstd: always,
  zstdcat: always,
  brotli: decodes,
  unzip: given('p', []),
};

export function isStreamTool(name: string): boolean {
  return Object.hasOwn(SOURCES, name);
}

export function isStreamSource(name: string, argv: readonly string[]): boolean {
  return Object.hasOwn(SOURCES, name) && SOURCES[name]?.(argv) === true;
}

/** Writes to its output what nobody has on disk yet: fetched, or decoded from text. Unpacking is not meant. */
const FETCHES_TO_OUTPUT: ReadonlySet<string> = new Set(['curl', 'wget', 'wget2', 'lynx', 'http', 'https', 'GET', 'lwp-request', 'nc', 'ncat', 'netcat', 'nc.openbsd', 'nc.traditional', 'socat', 'base64', 'base32', 'basenc', 'xxd', 'openssl', 'uudecode']);

export function mayFetchToOutput(name: string): boolean {
  return FETCHES_TO_OUTPUT.has(name);
}

/** Pass on (part of) what they read, so what was downloaded stays downloaded behind them. */
export const STREAM_FILTERS: ReadonlySet<string> = new Set([
  'tee', 'cat', 'tac', 'sed', 'tr', 'head', 'tail', 'awk', 'gawk', 'mawk', 'grep', 'cut', 'rev', 'pv', 'iconv', 'dd', 'fold', 'buffer', 'mbuffer', 'dos2unix', 'jq', 'base64', 'base32', 'openssl', 'gzip', 'xz', 'zstd', 'xxd',
]);
