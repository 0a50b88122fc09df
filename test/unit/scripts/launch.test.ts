import { describe, expect, it } from 'vitest';
import { commandFor } from '../../../scripts/launch.mjs';

const electron = { kind: 'electron' as const, executable: '/somewhere/electron', version: '1.0.0', official: true };

describe('commandFor', () => {
  it('starts Electron headless for root without a display, with no sandbox and nothing that prepares one', () => {
    const { command, args } = commandFor(electron, ['--instance', 'second'], {}, 0);
    expect(command).toBe('/somewhere/electron');
    if (process.platform === 'linux') expect(args).toEqual(expect.arrayContaining(['--ozone-platform=headless', '--no-zygote']));
    expect(args).toContain('--no-sandbox');
  });

  it('keeps the sandbox of an ordinary user', () => {
    const { args } = commandFor(electron, [], {}, 1000);
    expect(args).not.toContain('--no-sandbox');
    expect(args).not.toContain('--no-zygote');
  });

  it.each([{ DISPLAY: ':0' }, { WAYLAND_DISPLAY: 'wayland-0' }])('uses the display that is there: %o', (env) => {
    const { args } = commandFor(electron, [], env, 0);
    expect(args).not.toContain('--ozone-platform=headless');
    expect(args).not.toContain('--no-zygote');
  });

  it('puts our arguments where Chromium does not look', () => {
    const { args } = commandFor(electron, ['--no-sandbox', '--scope', '/x'], { DISPLAY: ':0' }, 1000);
    expect(args.slice(args.indexOf('--'))).toEqual(['--', '--owned', '--no-sandbox', '--scope', '/x']);
    expect(args.slice(0, args.indexOf('--'))).not.toContain('--no-sandbox');
  });

  it('runs the engine under plain Node when there is no Electron', () => {
    const { command, args } = commandFor({ kind: 'node', reason: 'none here' }, ['--scope', '/x'], {}, 0);
    expect(command).toBe(process.execPath);
    expect(args.slice(1)).toEqual(['--owned', '--scope', '/x']);
  });
});
