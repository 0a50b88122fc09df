/**
 * The import law of docs/ARCHITECTURE.md as data. eslint and dependency-cruiser each build their rules from it with their
 * own resolver; the tsconfig of each layer states it again by what it includes.
 *
 * A file belongs to the first layer whose folders hold it. What a layer does not name it may not import.
 */

/** Reading and writing, other programs, other machines: what makes a module hard to test and easy to abuse. */
const INPUT_OUTPUT = ['child_process', 'cluster', 'dgram', 'dns', 'fs', 'http', 'http2', 'https', 'inspector', 'net', 'tls', 'vm', 'worker_threads'];

/**
 * @typedef {object} Layer
 * @property {string} name
 * @property {string[]} files regular expressions on the path from the root
 * @property {string[]} imports layers it may import besides itself
 * @property {string[]} types layers of which it may import types only
 * @property {string[]} packages npm packages, `*` for any
 * @property {'all' | 'none' | 'no-io'} node
 * @property {boolean} pure no clock, no chance, no timers either
 */

/** The deciding core, lowest first: each may import those before it. */
const PURE = ['core', 'rules', 'behavior', 'model', 'asr', 'verdict'];

/** @type {Record<string, string[]>} */
const PURE_PACKAGES = { rules: ['yaml', 'zod'], asr: ['yaml', 'zod'] };

/** @type {Layer[]} */
const pureLayers = PURE.map((folder, index) => ({
  name: `engine/${folder}`,
  files: [`^electron/engine/${folder}/`],
  imports: ['shared', ...PURE.slice(0, index).map((lower) => `engine/${lower}`)],
  types: [],
  packages: PURE_PACKAGES[folder] ?? [],
  node: 'none',
  pure: true,
}));

const OPENS_FILES = '(read-events|open-input|list-inputs)\\.ts$';

const pureNames = pureLayers.map((layer) => layer.name);
const engineNames = [...pureNames, 'engine/with-files', 'engine'];
const platformNames = ['platform/contract', 'platform/ffi', 'platform/linux', 'platform/windows', 'platform/portable', 'platform/simulated'];

/** @type {(system: string, packages: string[]) => Layer} */
const systemLayer = (system, packages) => ({
  name: `platform/${system}`,
  files: [`^electron/platform/${system}/`],
  imports: ['shared', 'platform/contract', 'platform/ffi'],
  types: [],
  packages,
  node: 'all',
  pure: false,
});

/** @type {Layer[]} */
export const layers = [
  { name: 'shared/ipc', files: ['^shared/ipc/'], imports: ['shared'], types: [], packages: ['zod'], node: 'none', pure: false },
  { name: 'shared', files: ['^shared/'], imports: ['shared/ipc'], types: [], packages: ['zod'], node: 'none', pure: false },
  {
    name: 'engine/with-files',
    files: ['^electron/engine/(edr|response|feedback)/', '^electron/engine/.*/load-[^/]+$'],
    imports: ['shared', 'formats', ...engineNames],
    types: ['platform/contract'],
    packages: ['libsql', 'yaml', 'yauzl', 'zod'],
    node: 'all',
    pure: false,
  },
  ...pureLayers,
  {
    name: 'engine',
    files: ['^electron/engine/'],
    imports: ['shared', 'formats', ...engineNames],
    types: ['platform/contract'],
    packages: ['zod'],
    node: 'no-io',
    pure: false,
  },
  { name: 'platform/contract', files: ['^electron/platform/contract\\.ts$'], imports: ['shared'], types: [], packages: [], node: 'none', pure: false },
  { name: 'platform/ffi', files: ['^electron/platform/ffi/'], imports: ['shared', 'platform/contract'], types: [], packages: ['koffi'], node: 'all', pure: false },
  systemLayer('linux', []),
  systemLayer('windows', []),
  systemLayer('portable', ['ps-tree']),
  systemLayer('simulated', []),
  // Where a person's files are opened. The engine reads none: it gets the records. dependency-cruiser asks which layers a file may belong to, so it belongs to one.
  { name: 'formats/with-files', files: [`^electron/formats/${OPENS_FILES}`], imports: ['shared', 'formats'], types: [], packages: [], node: 'all', pure: false },
  { name: 'formats', files: [`^electron/formats/(?!${OPENS_FILES})`], imports: ['shared'], types: [], packages: ['zod'], node: 'no-io', pure: false },
  // Where the version stands; the build takes nothing else of it along.
  { name: 'package.json', files: ['^package\\.json$'], imports: [], types: [], packages: [], node: 'none', pure: false },
  {
    name: 'host',
    files: ['^electron/host/'],
    imports: ['package.json', 'shared', 'formats', 'formats/with-files', ...engineNames, ...platformNames.filter((name) => name !== 'platform/ffi')],
    types: [],
    packages: ['yaml', 'zod'],
    node: 'all',
    pure: false,
  },
  // It plays the attacker, so it must not know how it is judged, nor they that it plays.
  { name: 'rehearsal', files: ['^electron/rehearsal/'], imports: ['shared'], types: [], packages: ['zod'], node: 'all', pure: false },
  {
    name: 'cli',
    files: ['^electron/cli/'],
    imports: ['shared', 'formats', 'formats/with-files', 'host', 'rehearsal', ...engineNames, ...platformNames.filter((name) => name !== 'platform/ffi')],
    types: [],
    packages: ['commander', 'zod'],
    node: 'all',
    pure: false,
  },
  {
    name: 'main',
    files: ['^electron/main/'],
    imports: ['shared', 'shared/ipc', 'formats', 'host', ...engineNames, ...platformNames.filter((name) => name !== 'platform/ffi')],
    types: [],
    packages: ['electron', 'electron-store', 'node-notifier', 'zod'],
    node: 'all',
    pure: false,
  },
  { name: 'preload', files: ['^electron/preload/'], imports: ['shared/ipc'], types: [], packages: ['electron'], node: 'none', pure: false },
  { name: 'renderer', files: ['^renderer/'], imports: ['shared', 'shared/ipc'], types: [], packages: ['*'], node: 'none', pure: false },
];

/** Even where any package may be used. */
const NEVER_IN_RENDERER = ['electron', 'koffi', 'libsql'];

/**
 * @param {string} path from the root, with forward slashes
 * @returns {Layer | null} null for what the law does not govern: tests, scripts, benchmarks
 */
export function layerOf(path) {
  return layers.find((layer) => layer.files.some((pattern) => new RegExp(pattern).test(path))) ?? null;
}

/**
 * @param {Layer} from
 * @param {string} to path from the root
 * @param {boolean} typeOnly
 * @returns {string | null} what is wrong with it
 */
export function fileComplaint(from, to, typeOnly) {
  const target = layerOf(to);
  if (target === null) return `${from.name} may not import ${to}, which is no part of the product`;
  if (target === from || from.imports.includes(target.name)) return null;
  if (from.types.includes(target.name)) return typeOnly ? null : `${from.name} may import types only from ${target.name}`;
  return `${from.name} may not import ${target.name}`;
}

/**
 * @param {Layer} from
 * @param {string} name as written in the import
 * @returns {string | null} what is wrong with it
 */
export function packageComplaint(from, name) {
  if (name.startsWith('node:')) return nodeComplaint(from, name.slice('node:'.length));
  const base = name.split('/').slice(0, name.startsWith('@') ? 2 : 1).join('/');
  const allowed = from.packages.includes(base) || (from.packages.includes('*') && !NEVER_IN_RENDERER.includes(base));
  return allowed ? null : `${from.name} may not import the package ${base}`;
}

/**
 * @param {Layer} from
 * @param {string} module without `node:`
 * @returns {string | null}
 */
function nodeComplaint(from, module) {
  const base = module.split('/')[0] ?? module;
  if (from.node === 'all' || (from.node === 'no-io' && !INPUT_OUTPUT.includes(base))) return null;
  return `${from.name} may not import node:${module}`;
}

export { INPUT_OUTPUT, NEVER_IN_RENDERER };
