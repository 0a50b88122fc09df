import { describe, expect, it } from 'vitest';
import { commandFor } from '../../../scripts/launch.mjs';

const electron = { kind: 'electron' as const, executable: '/somewhere/electron', version: '1.0.0', official: true };
const desktop = { display: true, root: false, sandbox: true };

describe('commandFor', () => {
  it.each([
    ['root without a display', { display: false, root: true, sandbox: true }],
    ['a user without a display', { display: false, root: false, sandbox: true }],
    ['a user for whom Chromium’s sandbox can not work', { display: true, root: false, sandbox: false }],
  ])('starts Electron headless for %s, with no sandbox and nothing that prepares one', (_, here) => {
    const { command, args } = commandFor(electron, [], here);
    expect(command).toBe('/somewhere/electron');
    expect(args).toEqual(expect.arrayContaining(['--ozone-platform=headless', '--no-sandbox', '--no-zygote']));
  });

  it('uses the display and the sandbox of an ordinary user', () => {
    const { args } = commandFor(electron, [], desktop);
    expect(args.join(' ')).not.toMatch(/--no-sandbox|--no-zygote|--ozone-platform/);
  });

  it('gives up the sandbox of root alone, which Chromium refuses it', () => {
    const { args } = commandFor(electron, [], { ...desktop, root: true });
    expect(args).toContain('--no-sandbox');
    expect(args.join(' ')).not.toMatch(/--no-zygote|--ozone-platform/);
  });

  it('puts our arguments where Chromium does not look', () => {
    const { args } = commandFor(electron, ['--no-sandbox', '--scope', '/x'], desktop);
    expect(args.slice(args.indexOf('--'))).toEqual(['--', '--owned', '--no-sandbox', '--scope', '/x']);
    expect(args.slice(0, args.indexOf('--'))).not.toContain('--no-sandbox');
  });

  it('runs the engine under plain Node when there is no Electron', () => {
    const { command, args } = commandFor({ kind: 'node', reason: 'none here' }, ['--scope', '/x'], desktop);
    expect(command).toBe(process.execPath);
    expect(args.slice(1)).toEqual(['--owned', '--scope', '/x']);
  });
});
