import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { arm64 } from '../../../electron/rehearsal/machine-arm64.ts';
import type { Instruction } from '../../../electron/rehearsal/machine-code.ts';
import { machineFor, writeElf, type Program } from '../../../electron/rehearsal/stand-in-elf.ts';
import { openingProgram, pipelineProgram, quietProgram, readingProgram, startingProgram, writingProgram } from '../../../electron/rehearsal/stand-in-programs.ts';
import { describeNeeds } from '../../support/requirement.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'elf-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** The processor to write for and what runs its programs here. */
let target: { readonly arch: string; readonly runner: readonly string[] } = { arch: process.arch, runner: [] };

function put(name: string, program: Program): string {
  const file = path.join(folder, name);
  writeFileSync(file, writeElf(program, machineFor(target.arch)!, randomBytes(32)));
  chmodSync(file, 0o700);
  return file;
}

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  /** Index and process id, as the stand-in reported them. */
  readonly reports: readonly (readonly [number, number])[];
}

function run(file: string, argv: readonly string[] = [], input = ''): Ran {
  const [command = '', ...args] = [...target.runner, file, ...argv];
  const { status, stdout, output } = spawnSync(command, args, { input, stdio: ['pipe', 'pipe', 'inherit', 'pipe'], timeout: 10_000 });
  const raw = (output as (Buffer | null)[])[3] ?? Buffer.alloc(0);
  const reports: [number, number][] = [];
  for (let at = 0; at + 8 <= raw.length; at += 8) reports.push([raw.readUInt32LE(at), raw.readUInt32LE(at + 4)]);
  return { status, stdout: stdout.toString(), reports };
}

const EPERM_EXIT = 101;
const ENOENT_EXIT = 102;
const EACCES_EXIT = 113;

function behaves(): void {
  it('ends at once', () => {
    expect(run(put('quiet', quietProgram())).status).toBe(0);
  });

  it('starts a program with exactly the arguments asked for, and reports its process id', () => {
    const file = put('starter', startingProgram([{ path: '/bin/sh', argv: ['sh', '-c', 'printf "%s|" "$$" "$0" "$@"', 'a b', '', 'ü"'] }]));
    const ran = run(file, ['ignored']);
    expect(ran.status).toBe(0);
    expect(ran.reports).toHaveLength(1);
    expect(ran.stdout).toBe(`${ran.reports[0]![1]}|a b||ü"|`);
  });

  it('passes on the exit code and the signal of what it started', () => {
    expect(run(put('code', startingProgram([{ path: '/bin/sh', argv: ['sh', '-c', 'exit 7'] }]))).status).toBe(7);
    expect(run(put('signal', startingProgram([{ path: '/bin/sh', argv: ['sh', '-c', 'kill -9 $$'] }]))).status).toBe(64 + 9);
  });

  it('tells the errno of a start that was refused', () => {
    writeFileSync(path.join(folder, 'text'), 'not executable');
    expect(run(put('absent', startingProgram([{ path: path.join(folder, 'nothing'), argv: ['x'] }]))).status).toBe(ENOENT_EXIT);
    expect(run(put('refused', startingProgram([{ path: path.join(folder, 'text'), argv: ['x'] }]))).status).toBe(EACCES_EXIT);
    expect(EPERM_EXIT).toBe(100 + os.constants.errno.EPERM);
  });

  it('runs several commands in order and stops at the first that fails', () => {
    const said = (text: string): { path: string; argv: string[] } => ({ path: '/bin/sh', argv: ['sh', '-c', text] });
    const ran = run(put('steps', startingProgram([said('echo one'), said('echo two; exit 3'), said('echo three')])));
    expect(ran).toMatchObject({ status: 3, stdout: 'one\ntwo\n' });
    expect(ran.reports.map(([index]) => index)).toEqual([0, 1]);
  });

  it('connects two programs by a real pipe', () => {
    const from = { path: '/bin/sh', argv: ['sh', '-c', 'readlink /proc/self/fd/1; sleep 0.3'] };
    const to = { path: '/bin/sh', argv: ['sh', '-c', 'readlink /proc/self/fd/0; cat; exit 4'] };
    const ran = run(put('pipeline', pipelineProgram(from, to)));
    expect(ran.status).toBe(4);
    const [reader, writer] = ran.stdout.trim().split('\n');
    expect(reader).toMatch(/^pipe:\[\d+\]$/);
    expect(writer).toBe(reader);
    expect(ran.reports.map(([index]) => index).sort()).toEqual([0, 1]);
  });

  it('writes text to standard output or to a file', () => {
    expect(run(put('say', writingProgram('hällo\n'))).stdout).toBe('hällo\n');
    const target = path.join(folder, 'written');
    expect(run(put('save', writingProgram(':\n', { file: target }))).status).toBe(0);
    expect(readFileSync(target, 'utf8')).toBe(':\n');
    expect(run(put('nowhere', writingProgram(':\n', { file: path.join(folder, 'no', 'where') }))).status).toBe(ENOENT_EXIT);
  });

  it('reads all of its input', () => {
    expect(run(put('reader', readingProgram()), [], 'x'.repeat(100_000)).status).toBe(0);
  });

  it('opens a file, or tells why it could not', () => {
    const file = path.join(folder, 'decoy');
    writeFileSync(file, 'decoy');
    expect(run(put('open', openingProgram(file))).status).toBe(0);
    expect(run(put('open-absent', openingProgram(`${file}-absent`))).status).toBe(ENOENT_EXIT);
  });
}

describeNeeds(['linux'], 'stand-in programs, run on this machine', () => {
  behaves();

  it('has new content each time', () => {
    expect(readFileSync(put('one', quietProgram()))).not.toEqual(readFileSync(put('two', quietProgram())));
  });
});

describeNeeds(['linux', 'arm64-emulator'], 'stand-in programs for 64-bit ARM, run under an emulator', () => {
  beforeAll(() => {
    const names = ['qemu-aarch64', 'qemu-aarch64-static'];
    const emulator = names.find((name) => spawnSync(name, ['--version']).status === 0);
    target = { arch: 'arm64', runner: [emulator ?? names.join()] };
  });
  afterAll(() => {
    target = { arch: process.arch, runner: [] };
  });

  behaves();
});

describe('machines', () => {
  it('are known for the processors Holdfast runs on, and for no other', () => {
    expect(machineFor('x64')).not.toBeNull();
    expect(machineFor('arm64')).not.toBeNull();
    expect(machineFor('ia32')).toBeNull();
  });

  // Compared with what objdump makes of them; where an emulator is installed, the programs above are run as well.
  it('write the words of 64-bit ARM', () => {
    const code: Instruction[] = [
      { op: 'call', call: 'openat', operands: [{ kind: 'value', value: -100 }, { kind: 'data', offset: 8 }, { kind: 'slot', slot: 3 }, { kind: 'slotAddress', slot: 4 }] },
      { op: 'jumpIfError', to: 'failed' },
      { op: 'label', name: 'again' },
      { op: 'store', slot: 2 },
      { op: 'load', slot: 2 },
      { op: 'set', slot: 5, value: 7 },
      { op: 'jumpIfNonZero', to: 'again' },
      { op: 'jump', to: 'end' },
      { op: 'label', name: 'failed' },
      { op: 'exitWithError' },
      { op: 'label', name: 'end' },
      { op: 'exitWithStatus', slot: 6 },
    ];
    const bytes = arm64.assemble(code, 0x400100);
    const words = Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readUInt32LE(index * 4).toString(16));
    expect(words).toEqual([
      'd10203ff', // sub sp, sp, #0x80
      ...['d29ff380', 'f2bfffe0', 'f2dfffe0', 'f2ffffe0'], // x0 = -100
      ...['d2802101', 'f2a00801', 'f2c00001', 'f2e00001'], // x1 = 0x400108
      ...['b9400fe2', '910043e3'], // ldr w2, [sp, #12]; add x3, sp, #0x10
      ...['d2800708', 'f2a00008', 'f2c00008', 'f2e00008', 'd4000001'], // x8 = 56; svc
      'b7f80140', // tbnz x0, #63, failed
      ...['b9000be0', 'b9400be0'], // str w0, [sp, #8]; ldr w0, [sp, #8]
      ...['d28000e1', 'f2a00001', 'f2c00001', 'f2e00001', 'b90017e1'], // x1 = 7; str w1, [sp, #20]
      'b5ffff20', // cbnz x0, again
      '14000008', // b end
      ...['4b0003e0', '11019000'], // neg w0, w0; add w0, w0, #100
      ...['d2800bc8', 'f2a00008', 'f2c00008', 'f2e00008', 'd4000001'], // x8 = 94; svc
      ...['b9401be0', '12001801', '34000061'], // ldr w0, [sp, #24]; and w1, w0, #0x7f; cbz w1, exited
      ...['11010020', '14000002', '53083c00'], // add w0, w1, #64; b out; exited: ubfx w0, w0, #8, #8
      ...['d2800bc8', 'f2a00008', 'f2c00008', 'f2e00008', 'd4000001'], // out: x8 = 94; svc
    ]);
  });

  it('refuse a jump to nowhere and a slot outside the frame', () => {
    for (const arch of ['x64', 'arm64']) {
      expect(() => machineFor(arch)?.assemble([{ op: 'jump', to: 'nowhere' }], 0)).toThrow('no label');
      expect(() => machineFor(arch)?.assemble([{ op: 'load', slot: 99 }], 0)).toThrow('outside the frame');
    }
  });
});
