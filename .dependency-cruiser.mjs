/**
 * dependency-cruiser's net of the import law: it follows imports through its own resolver, so it also sees what a tsconfig
 * path, a re-export or a package's subpath hides from eslint.
 */
import { INPUT_OUTPUT, layers, NEVER_IN_RENDERER } from './build/import-law.mjs';

const anyOf = (patterns) => patterns.join('|');
const filesOf = (names) => layers.filter((layer) => names.includes(layer.name)).flatMap((layer) => layer.files);
const packagePath = (names) => anyOf(names.map((name) => `(^|/)node_modules/${name}(/|$)`));
const IO_MODULES = `^(node:)?(${INPUT_OUTPUT.join('|')})(/|$)`;

/** A file belongs to the first layer that holds it, so earlier layers are cut out of later ones. */
function from(layer) {
  const earlier = layers.slice(0, layers.indexOf(layer)).flatMap((other) => other.files);
  return earlier.length === 0 ? { path: layer.files } : { path: layer.files, pathNot: earlier };
}

function rulesFor(layer) {
  const allowed = filesOf([layer.name, ...layer.imports, ...layer.types]);
  const own = { severity: 'error', from: from(layer) };
  const rules = [
    { ...own, name: `${layer.name}: other layers`, to: { dependencyTypesNot: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'core', 'npm-no-pkg', 'npm-unknown', 'unknown'], pathNot: [...allowed, 'node_modules/'] } },
    { ...own, name: `${layer.name}: packages`, to: packagesNot(layer) },
  ];
  if (layer.types.length > 0) rules.push({ ...own, name: `${layer.name}: types only`, to: { path: filesOf(layer.types), dependencyTypesNot: ['type-only'] } });
  if (layer.node === 'none') rules.push({ ...own, name: `${layer.name}: node`, to: { dependencyTypes: ['core'] } });
  if (layer.node === 'no-io') rules.push({ ...own, name: `${layer.name}: node`, to: { dependencyTypes: ['core'], path: IO_MODULES } });
  return rules;
}

function packagesNot(layer) {
  if (layer.packages.includes('*')) return { path: packagePath(NEVER_IN_RENDERER) };
  const outside = { path: 'node_modules/' };
  return layer.packages.length === 0 ? outside : { ...outside, pathNot: packagePath(layer.packages) };
}

export default {
  forbidden: [
    ...layers.flatMap(rulesFor),
    { name: 'unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    { name: 'circles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    { name: 'product needs no development package', severity: 'error', from: { path: '^(electron|shared)/' }, to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '(^|/)node_modules/electron/' } },
    { name: 'only ffi knows koffi', severity: 'error', from: { path: '^(electron|shared|test/unit)/', pathNot: '^electron/platform/ffi/' }, to: { path: packagePath(['koffi']) } },
    { name: 'unit tests run without Electron', severity: 'error', from: { path: '^test/unit/' }, to: { path: packagePath(['electron']), reachable: true } },
  ],
  options: {
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|release)/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'], extensions: ['.ts', '.mjs', '.js', '.cjs', '.json', '.d.ts'] },
  },
};
