/** One file per rule of the import law, each breaking exactly that rule, and clean files that break none. */

export type Net = 'eslint' | 'cruiser' | 'tsconfig';

export interface Plant {
  readonly file: string;
  readonly code: string;
  /** The nets that have to catch it; empty for a file that no net may complain about. */
  readonly nets: readonly Net[];
}

const all: readonly Net[] = ['eslint', 'cruiser', 'tsconfig'];
/** A tsconfig knows files, not packages: those are the business of the other two. */
const packages: readonly Net[] = ['eslint', 'cruiser'];
const lint: readonly Net[] = ['eslint'];

/** What the planted files import. */
export const targets: Readonly<Record<string, string>> = {
  'shared/target.ts': 'export const target = 1;\n',
  'shared/ipc/target.ts': 'export const target = 1;\n',
  'electron/formats/read-events.ts': 'export const target = 1;\n',
  'electron/platform/contract.ts': 'export interface Target { readonly id: number }\nexport const target = 1;\n',
  ...Object.fromEntries(
    [
      ...['core', 'rules', 'behavior', 'model', 'asr', 'verdict', 'pipeline', 'edr'].map((folder) => `electron/engine/${folder}`),
      ...['ffi', 'linux', 'windows', 'portable', 'simulated'].map((folder) => `electron/platform/${folder}`),
      ...['formats', 'host', 'rehearsal', 'cli', 'main'].map((folder) => `electron/${folder}`),
      'renderer',
    ].map((folder) => [`${folder}/target.ts`, 'export const target = 1;\n']),
  ),
};

const use = (from: string): string => `import { target } from '${from}';\nexport const used = target;\n`;
const builtin = (name: string): string => `import { inspect } from 'node:${name}';\nexport const used = inspect;\n`;
const pkg = (name: string): string => `import * as held from '${name}';\nexport const used = held;\n`;

const imports: readonly Plant[] = [
  { file: 'shared/plant-node.ts', code: builtin('util'), nets: all },
  { file: 'shared/plant-engine.ts', code: use('../electron/engine/core/target.ts'), nets: all },
  { file: 'shared/plant-package.ts', code: pkg('yaml'), nets: packages },
  ...['core', 'rules', 'behavior', 'model', 'asr', 'verdict'].map((layer) => ({ file: `electron/engine/${layer}/plant-node.ts`, code: builtin('util'), nets: all })),
  { file: 'electron/engine/core/plant-upwards.ts', code: use('../rules/target.ts'), nets: packages },
  { file: 'electron/engine/rules/plant-upwards.ts', code: use('../asr/target.ts'), nets: packages },
  { file: 'electron/engine/asr/plant-pipeline.ts', code: use('../pipeline/target.ts'), nets: all },
  { file: 'electron/engine/verdict/plant-contract.ts', code: use('../../platform/contract.ts'), nets: all },
  { file: 'electron/engine/pipeline/plant-files.ts', code: "import { readFileSync } from 'node:fs';\nexport const used = readFileSync;\n", nets: packages },
  { file: 'electron/engine/pipeline/plant-os.ts', code: use('../../platform/linux/target.ts'), nets: all },
  { file: 'electron/engine/pipeline/plant-host.ts', code: use('../../host/target.ts'), nets: all },
  { file: 'electron/engine/pipeline/plant-main.ts', code: use('../../main/target.ts'), nets: all },
  { file: 'electron/engine/pipeline/plant-renderer.ts', code: use('../../../renderer/target.ts'), nets: all },
  { file: 'electron/engine/pipeline/plant-contract-value.ts', code: use('../../platform/contract.ts'), nets: packages },
  { file: 'electron/engine/pipeline/plant-electron.ts', code: pkg('electron'), nets: packages },
  { file: 'electron/engine/edr/plant-koffi.ts', code: pkg('koffi'), nets: packages },
  { file: 'electron/engine/edr/plant-os.ts', code: use('../../platform/linux/target.ts'), nets: all },
  { file: 'electron/platform/linux/plant-engine.ts', code: use('../../engine/core/target.ts'), nets: all },
  { file: 'electron/platform/linux/plant-windows.ts', code: use('../windows/target.ts'), nets: all },
  { file: 'electron/platform/linux/plant-koffi.ts', code: pkg('koffi'), nets: packages },
  { file: 'electron/platform/linux/plant-electron.ts', code: pkg('electron'), nets: packages },
  { file: 'electron/platform/windows/plant-linux.ts', code: use('../linux/target.ts'), nets: all },
  { file: 'electron/platform/portable/plant-linux.ts', code: use('../linux/target.ts'), nets: all },
  { file: 'electron/platform/simulated/plant-engine.ts', code: use('../../engine/core/target.ts'), nets: all },
  { file: 'electron/platform/ffi/plant-os.ts', code: use('../linux/target.ts'), nets: packages },
  { file: 'electron/formats/plant-engine.ts', code: use('../engine/core/target.ts'), nets: packages },
  { file: 'electron/formats/plant-files.ts', code: "import { readFileSync } from 'node:fs';\nexport const used = readFileSync;\n", nets: packages },
  { file: 'electron/engine/pipeline/plant-inputs.ts', code: use('../../formats/read-events.ts'), nets: packages },
  { file: 'electron/engine/pipeline/plant-manifest.ts', code: "import { version } from '../../../package.json';\nexport const used = version;\n", nets: packages },
  { file: 'electron/host/plant-electron.ts', code: pkg('electron'), nets: packages },
  { file: 'electron/host/plant-main.ts', code: use('../main/target.ts'), nets: all },
  { file: 'electron/host/plant-koffi.ts', code: pkg('koffi'), nets: packages },
  { file: 'electron/rehearsal/plant-engine.ts', code: use('../engine/core/target.ts'), nets: all },
  { file: 'electron/rehearsal/plant-host.ts', code: use('../host/target.ts'), nets: all },
  { file: 'electron/engine/asr/plant-rehearsal.ts', code: use('../../rehearsal/target.ts'), nets: all },
  { file: 'electron/host/plant-rehearsal.ts', code: use('../rehearsal/target.ts'), nets: packages },
  { file: 'electron/cli/plant-electron.ts', code: pkg('electron'), nets: packages },
  { file: 'electron/cli/plant-main.ts', code: use('../main/target.ts'), nets: all },
  { file: 'electron/main/plant-renderer.ts', code: use('../../renderer/target.ts'), nets: all },
  { file: 'electron/main/plant-koffi.ts', code: pkg('koffi'), nets: packages },
  { file: 'electron/preload/plant-engine.ts', code: use('../engine/core/target.ts'), nets: packages },
  { file: 'electron/preload/plant-shared.ts', code: use('../../shared/target.ts'), nets: packages },
  { file: 'electron/preload/plant-node.ts', code: builtin('util'), nets: packages },
  { file: 'renderer/plant-node.ts', code: builtin('util'), nets: packages },
  { file: 'renderer/plant-electron.ts', code: pkg('electron'), nets: packages },
  { file: 'renderer/plant-main.ts', code: use('../electron/main/target.ts'), nets: packages },
  { file: 'test/unit/plant-electron.ts', code: use('../../electron/main/knows-electron.ts'), nets: ['cruiser'] },
];

/** Ways to write an import that a simple check would overlook. */
const disguises: readonly Plant[] = [
  { file: 'electron/engine/core/plant-reexport.ts', code: "export { target } from '../../host/target.ts';\n", nets: all },
  { file: 'electron/engine/core/plant-dynamic.ts', code: "export const used = async (): Promise<unknown> => import('../../host/target.ts');\n", nets: all },
  { file: 'electron/engine/core/plant-computed.ts', code: 'export const used = async (name: string): Promise<unknown> => import(name);\n', nets: lint },
  { file: 'electron/engine/core/plant-import-type.ts', code: "export type Used = typeof import('../../host/target.ts');\n", nets: all },
  { file: 'electron/engine/core/plant-bare-builtin.ts', code: "import { inspect } from 'util';\nexport const used = inspect;\n", nets: all },
];

const purity: readonly Plant[] = [
  { file: 'electron/engine/core/plant-now.ts', code: 'export const used = (): number => Date.now();\n', nets: lint },
  { file: 'electron/engine/core/plant-new-date.ts', code: 'export const used = (): Date => new Date();\n', nets: lint },
  { file: 'electron/engine/core/plant-random.ts', code: 'export const used = (): number => Math.random();\n', nets: lint },
  { file: 'electron/engine/core/plant-timer.ts', code: 'export const used = (): unknown => setTimeout(() => undefined, 1);\n', nets: ['eslint', 'tsconfig'] },
  { file: 'electron/engine/core/plant-process.ts', code: 'export const used = (): unknown => process.env;\n', nets: ['eslint', 'tsconfig'] },
];

const manners: readonly Plant[] = [
  { file: 'shared/plant-default.ts', code: 'export default 1;\n', nets: lint },
  { file: 'shared/plant-barrel.ts', code: "export * from './target.ts';\n", nets: lint },
  { file: 'shared/plant-extension.ts', code: use('./target'), nets: lint },
  { file: 'shared/plant-any.ts', code: 'export const used = (value: any): unknown => value;\n', nets: lint },
  { file: 'shared/plant-non-null.ts', code: 'export const used = (value: string | null): string => value!;\n', nets: lint },
  { file: 'electron/main/plant-raw-ipc.ts', code: "import { ipcMain } from 'electron';\nexport const used = ipcMain;\n", nets: lint },
  { file: 'electron/preload/plant-raw-ipc.ts', code: "import { ipcRenderer } from 'electron';\nexport const used = ipcRenderer;\n", nets: lint },
  { file: 'test/unit/plant-skip.ts', code: "import { it } from 'vitest';\nit.skip('is left out', () => undefined);\n", nets: lint },
  { file: 'test/unit/plant-only.ts', code: "import { describe } from 'vitest';\ndescribe.only('pushes others out', () => undefined);\n", nets: lint },
];

const clean: readonly Plant[] = [
  { file: 'shared/clean.ts', code: "import { z } from 'zod';\nimport { target } from './target.ts';\nexport const used = z.literal(target);\n", nets: [] },
  { file: 'electron/engine/core/clean.ts', code: use('../../../shared/target.ts'), nets: [] },
  { file: 'electron/engine/rules/clean.ts', code: use('../core/target.ts'), nets: [] },
  { file: 'electron/engine/verdict/clean.ts', code: use('../asr/target.ts'), nets: [] },
  { file: 'electron/engine/pipeline/clean.ts', code: "import type { Target } from '../../platform/contract.ts';\nexport const used = (given: Target): number => given.id;\n", nets: [] },
  { file: 'electron/engine/edr/clean.ts', code: "import { readFileSync } from 'node:fs';\nexport const used = readFileSync;\n", nets: [] },
  { file: 'electron/platform/linux/clean.ts', code: use('../ffi/target.ts'), nets: [] },
  { file: 'electron/platform/ffi/clean.ts', code: pkg('koffi'), nets: [] },
  { file: 'electron/host/clean.ts', code: use('../platform/linux/target.ts'), nets: [] },
  { file: 'electron/host/clean-manifest.ts', code: "import { version } from '../../package.json';\nexport const used = version;\n", nets: [] },
  { file: 'electron/cli/clean.ts', code: use('../host/target.ts'), nets: [] },
  { file: 'electron/cli/clean-inputs.ts', code: use('../formats/read-events.ts'), nets: [] },
  { file: 'electron/cli/clean-rehearsal.ts', code: use('../rehearsal/target.ts'), nets: [] },
  { file: 'electron/main/knows-electron.ts', code: "import { app } from 'electron';\nexport const target = app;\n", nets: [] },
  { file: 'electron/preload/clean.ts', code: use('../../shared/ipc/target.ts'), nets: [] },
  { file: 'renderer/clean.ts', code: use('../shared/target.ts'), nets: [] },
];

export const plants: readonly Plant[] = [...imports, ...disguises, ...purity, ...manners, ...clean];
