/** Every rule of the import law is broken once in a copy of the working copy's skeleton; every net has to see it. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { layerOf } from '../../build/import-law.mjs';
import { plants, targets, type Net } from './planted-violations.ts';

const root = path.join(import.meta.dirname, '..', '..');
const NET_TIMEOUT_MS = 100_000;
const TSCONFIGS = ['shared', 'engine-pure', 'engine', 'platform-linux', 'platform-windows', 'platform-portable', 'platform-simulated', 'rehearsal', 'host', 'main'];

let copy = '';
const caught: Record<Net, Set<string>> = { eslint: new Set(), cruiser: new Set(), tsconfig: new Set() };

beforeAll(() => {
  copy = mkdtempSync(path.join(os.tmpdir(), 'holdfast-law-'));
  copySkeleton();
  for (const [file, code] of Object.entries(targets)) write(file, code);
  for (const plant of plants) write(plant.file, plant.code);
  collectEslint();
  collectCruiser();
  for (const name of TSCONFIGS) collectCompiler(name);
}, 3 * NET_TIMEOUT_MS);

afterAll(() => {
  rmSync(copy, { recursive: true, force: true });
});

describe.each(['eslint', 'cruiser', 'tsconfig'] as const)('%s', (net) => {
  it.each(plants.filter((plant) => plant.nets.includes(net)).map((plant) => plant.file))('catches %s', (file) => {
    expect(caught[net]).toContain(file);
  });

  it.each(plants.filter((plant) => plant.nets.length === 0).map((plant) => plant.file))('has nothing against %s', (file) => {
    expect(caught[net]).not.toContain(file);
  });
});

it('knows the layer of every file of the product', () => {
  const files = ['electron', 'shared', 'renderer'].flatMap((folder) => filesBelow(folder));
  expect(files.length).toBeGreaterThan(50);
  expect(files.filter((file) => layerOf(file) === null)).toEqual([]);
});

function filesBelow(folder: string): string[] {
  if (!existsSync(path.join(root, folder))) return [];
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'));
}

/** The nets themselves are the real ones; only what they look at is planted. */
function copySkeleton(): void {
  for (const name of readdirSync(root)) {
    if (/^(tsconfig.*\.json|eslint\.config\.js|\.dependency-cruiser\.mjs|package\.json|build)$/.test(name)) cpSync(path.join(root, name), path.join(copy, name), { recursive: true });
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'), 'junction');
  // The whole-program tsconfig includes these; eslint needs every planted file in one program.
  const config = { extends: './tsconfig.base.json', compilerOptions: { types: ['node', 'electron'] }, include: ['electron', 'shared', 'renderer', 'test'] };
  writeFileSync(path.join(copy, 'tsconfig.json'), JSON.stringify(config));
}

function write(file: string, code: string): void {
  mkdirSync(path.dirname(path.join(copy, file)), { recursive: true });
  writeFileSync(path.join(copy, file), code);
}

function tool(script: string, args: readonly string[]): string {
  const run = spawnSync(process.execPath, [path.join(root, 'node_modules', script), ...args], { cwd: copy, encoding: 'utf8', timeout: NET_TIMEOUT_MS, maxBuffer: 64 * 1024 * 1024 });
  if (run.error !== undefined) throw run.error;
  return run.stdout === '' ? run.stderr : run.stdout;
}

function collectEslint(): void {
  const report = JSON.parse(tool('eslint/bin/eslint.js', ['--format', 'json', 'electron', 'shared', 'renderer', 'test'])) as { filePath: string; messages: { fatal?: boolean; message: string }[] }[];
  for (const file of report) {
    if (file.messages.some((message) => message.fatal === true)) throw new Error(`eslint could not read ${file.filePath}: ${file.messages[0]?.message ?? ''}`);
    if (file.messages.length > 0) caught.eslint.add(path.relative(copy, file.filePath).split(path.sep).join('/'));
  }
}

function collectCruiser(): void {
  const output = tool('dependency-cruiser/bin/dependency-cruise.mjs', ['--config', '.dependency-cruiser.mjs', '--output-type', 'json', 'electron', 'shared', 'renderer', 'test']);
  const report = JSON.parse(output) as { summary: { violations: { from: string }[] } };
  for (const violation of report.summary.violations) caught.cruiser.add(violation.from);
}

function collectCompiler(name: string): void {
  const output = tool('typescript/bin/tsc', ['-p', `tsconfig.${name}.json`, '--noEmit', '--pretty', 'false']);
  for (const match of output.matchAll(/^([^\s(]+\.ts)\(\d+,\d+\): error/gm)) caught.tsconfig.add(match[1] ?? '');
  // A foreign file is one error however many import it; the importers are listed below it.
  for (const match of output.matchAll(/^\s+Imported via .* from file '([^']+)'$/gm)) caught.tsconfig.add(path.relative(copy, path.resolve(copy, match[1] ?? '')).split(path.sep).join('/'));
}
