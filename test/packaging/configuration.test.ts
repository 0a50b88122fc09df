/** electron-builder.yml by electron-builder's own validator, and the promises that installers make about their fuses. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = path.join(import.meta.dirname, '..', '..');
const require = createRequire(import.meta.url);
const { validateConfiguration } = require('app-builder-lib/out/util/config/config') as { validateConfiguration: (config: unknown, log: unknown) => Promise<void> };
const { DebugLogger } = require('builder-util') as { DebugLogger: new (enabled: boolean) => unknown };

interface Configuration {
  readonly electronFuses: Readonly<Record<string, boolean>>;
  readonly deb: { readonly fpm: readonly string[] };
  readonly [key: string]: unknown;
}

const configuration = parse(readFileSync(path.join(root, 'electron-builder.yml'), 'utf8')) as Configuration;

describe('electron-builder.yml', () => {
  it('is valid for the builder', async () => {
    await expect(validateConfiguration(configuration, new DebugLogger(false))).resolves.toBeUndefined();
  });

  it('is really looked at: a misspelt setting is refused', async () => {
    await expect(validateConfiguration({ ...configuration, asarUnpak: [] }, new DebugLogger(false))).rejects.toThrow(/asarUnpak/);
  });

  it('names files that exist', () => {
    for (const pair of configuration.deb.fpm) expect(readFileSync(path.join(root, pair.split('=')[0]!), 'utf8')).not.toBe('');
  });
});

describe('the systemd unit', () => {
  const unit = readFileSync(path.join(root, 'resources', 'systemd', 'holdfast.service'), 'utf8');

  it('starts the program where the package puts it', () => {
    const { productName, linux } = configuration as unknown as { productName: string; linux: { executableName: string } };
    expect(unit).toContain(`ExecStart=/opt/${productName}/${linux.executableName} `);
  });

  it('never gives up and leaves a deliberate end alone', () => {
    expect(unit).toMatch(/^Restart=always$/m);
    expect(unit).toMatch(/^StartLimitIntervalSec=0$/m);
    expect(unit).toMatch(/^RestartPreventExitStatus=2$/m);
  });
});
