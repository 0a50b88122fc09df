/** Facts of opened files, and script headers against what the kernel makes of them. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, closeSync, copyFileSync, existsSync, openSync, statSync, unlinkSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { contentIdentity, elfInterpreter, factsOf, pathOf, readScriptHeader } from '../../electron/platform/linux/files.ts';
import { splitStrings } from '../../electron/platform/linux/nul-strings.ts';
import { exitProgram, showArgumentsProgram } from '../support/linux/elf-bytes.ts';
import { PrivateTmpfs } from '../support/linux/private-tmpfs.ts';
import { describeNeeds } from '../support/requirement.ts';

describeNeeds(['mounts'], 'opened files', () => {
  let tmpfs: PrivateTmpfs;
  let descriptors: number[];

  beforeEach(() => {
    tmpfs = new PrivateTmpfs();
    descriptors = [];
  });
  afterEach(() => {
    descriptors.forEach((fd) => closeSync(fd));
    tmpfs.remove();
  });

  function open(path: string): number {
    const fd = openSync(path, 'r');
    descriptors.push(fd);
    return fd;
  }

  it('tell their path, also when unlinked or called so', () => {
    const [plain, odd] = [tmpfs.writeProgram('plain', 'x'), tmpfs.writeProgram('odd (deleted)', 'x')];
    const [first, second] = [open(plain), open(odd)];
    expect([pathOf(first), pathOf(second)]).toEqual([{ path: plain, deleted: false }, { path: odd, deleted: false }]);
    unlinkSync(plain);
    expect(pathOf(first)).toEqual({ path: plain, deleted: true });
  });

  it('tell the same facts as stat', () => {
    const path = tmpfs.writeProgram('file', 'content');
    const expected = statSync(path, { bigint: true });
    const facts = factsOf(open(path));
    expect(facts).toMatchObject({ device: expected.dev, inode: expected.ino, size: 7, mode: Number(expected.mode), ownerUid: Number(expected.uid) });
    expect(Math.abs(facts.changedMs - Number(expected.ctimeNs) / 1e6)).toBeLessThan(0.01);
    expect(factsOf(open('/')).device).toBe(statSync('/', { bigint: true }).dev);
    expect(() => factsOf(9_999)).toThrow('EBADF');
  });

  it('keep their identity when copied, renamed and lengthened', () => {
    const copy = tmpfs.at('renamed');
    copyFileSync('/bin/ls', copy);
    appendFileSync(copy, Buffer.alloc(100_000, 0x41));
    const identity = contentIdentity(open(copy));
    expect(identity).toEqual(contentIdentity(open('/bin/ls')));
    expect(identity).not.toEqual(contentIdentity(open('/bin/cat')));
    expect(elfInterpreter(open(copy))).toMatch(/^\/lib.*ld/);
    expect(elfInterpreter(open(tmpfs.writeProgram('static', exitProgram(0))))).toBeNull();
  });
});

describeNeeds(['mounts', 'x64'], 'script headers', () => {
  const cases = (shown: string): string[] => [
    `#!${shown}`, `#!${shown} `, `#!  ${shown}  -a  b \t\n`, `#!${shown}\0x y\n`, `#!${shown} \0x\n`, `#!${shown} -x\0y\n`, `#!\t${shown}\tone two\n`,
    `#!${shown} ${'a'.repeat(300)}\n`, `#!${shown} \xff\n`,
    `#!${shown.padStart(253, '/')}\n`, `#!${shown.padStart(254, '/')}\n`, `#!${shown.padStart(300, '/')}\n`, `#!${shown.padStart(252, '/')} \n`,
    '#!\n', '#! \t \n', '#!\0\n', `#!${shown}\r\n`, '#!', `#!${' '.repeat(300)}${shown}\n`,
  ];

  it('are read exactly as the kernel reads them', () => {
    const tmpfs = new PrivateTmpfs();
    try {
      const shown = tmpfs.writeProgram('show', showArgumentsProgram());
      for (const header of cases(shown)) {
        const script = tmpfs.writeProgram('script', Buffer.concat([Buffer.from(header, 'latin1'), Buffer.alloc(0)]));
        const run = spawnSync(script, [], { encoding: 'buffer', env: { A: '1' } });
        // A shell takes over, and shows nothing, what the kernel does not take for a program (execvp(3)).
        const kernel = run.error !== undefined || run.stdout.length === 0 ? null : splitStrings(run.stdout);
        const fd = openSync(script, 'r');
        const ours = readScriptHeader(fd);
        closeSync(fd);
        const expected = ours === null || !existsSync(ours.interpreter) ? null : [ours.interpreter, ...(ours.argument === null ? [] : [ours.argument]), script];
        expect({ header, argv: kernel }).toEqual({ header, argv: expected });
      }
    } finally {
      tmpfs.remove();
    }
  });
});
