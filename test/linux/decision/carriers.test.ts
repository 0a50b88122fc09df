/** Programs that only start another one are seen through: as the start they make, and as the parent they stand for. */
import path from 'node:path';
import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DecisionStage, RAN, REFUSED, RESCUE } from '../../support/linux/decision-stage.ts';
import { exitOf } from '../../support/linux/exec-plan.ts';
import { run } from '../../support/linux/live-holdfast.ts';
import { describeNeeds } from '../../support/requirement.ts';

const LOADER = '/lib64/ld-linux-x86-64.so.2';
/** What a shell, env and nohup end with when the kernel refused the program they were to start. */
const NOT_RUN = 126;
const WEB = 'web-server-shells';

describeNeeds(['linux', 'root', 'exec-gate', 'process-news', 'mounts', 'c-compiler', 'x64'], 'carriers', () => {
  let stage: DecisionStage;
  let starter: string;
  beforeAll(async () => {
    stage = await DecisionStage.open({ [RESCUE]: 'block', [WEB]: 'block' });
    starter = stage.starter();
  });
  afterAll(() => stage.close());

  async function expectPrevented(image: string): Promise<void> {
    expect((await stage.entriesOf(image)).map(({ action }) => action)).toEqual(['prevented']);
  }

  describe('with the command on their own command line', () => {
    const wrapped: readonly (readonly [string, (tool: string) => readonly string[]])[] = [
      ['env', (tool) => [tool, '1']],
      ['env', (tool) => ['-i', '-u', 'HOME', 'A=b', '--', tool, '1']],
      ['env', (tool) => ['-S', `${tool} 1`]],
      ['nohup', (tool) => [tool, '1']],
      ['timeout', (tool) => ['-k', '5', '--signal=TERM', '10', tool, '1']],
      ['nice', (tool) => ['-n', '5', tool, '1']],
      ['setsid', (tool) => ['--wait', tool, '1']],
      ['stdbuf', (tool) => ['-oL', tool, '1']],
      ['xargs', (tool) => ['-n', '1', tool, '1']],
      ['busybox', () => ['telinit', '1']],
      ['busybox', (tool) => ['env', tool, '1']],
      ['busybox', (tool) => ['nohup', 'env', 'A=b', 'timeout', '5', tool, '1']],
      ['ld-linux-x86-64.so.2', (tool) => [tool, '1']],
      ['ld-linux-x86-64.so.2', (tool) => ['--library-path', '/nowhere', '--argv0', 'harmless', tool, '1']],
      ['find', (tool) => ['/nowhere', '-exec', tool, '1', ';']],
    ];
    for (const [name, args] of wrapped) {
      it(`${name} ${args('telinit').join(' ')} is refused itself`, async () => {
        const folder = stage.folder();
        const carrier = stage.tool(name, folder);
        expect(await run(starter, ['spawn', carrier, name, ...args(stage.tool('telinit', folder))])).toBe(REFUSED);
        await expectPrevented(carrier);
      });
      it(`${name} with a harmless command runs`, async () => {
        const folder = stage.folder();
        const harmless = args(stage.tool('telinit', folder)).map((word) => (word === '1' ? '3' : word.replace(/ 1$/, ' 3')));
        expect(await run(starter, ['spawn', stage.tool(name, folder), name, ...harmless])).toBe(RAN);
      });
    }
  });

  it('that are judged harmless do not cover what they start in the end', async () => {
    const folder = stage.folder();
    const tool = stage.tool('telinit', folder);
    const xargs = stage.copy('/usr/bin/xargs', 'xargs', folder);
    const child = spawn(xargs, [tool], { stdio: ['pipe', 'ignore', 'ignore'] });
    child.stdin.end('1\n');
    expect((await exitOf(child)).code).toBe(NOT_RUN);
    await expectPrevented(tool);
  });

  it('of many names are known by the name they were called', async () => {
    const busybox = stage.tool('busybox');
    expect(await run(starter, ['spawn', busybox, 'telinit', '3'])).toBe(RAN);
    expect(await run(starter, ['spawn', busybox, 'telinit', '1'])).toBe(REFUSED);
    await expectPrevented(busybox);
  });

  describe('the dynamic loader', () => {
    it('on a file system that is watched: refused before anything runs', async () => {
      const folder = stage.folder();
      const loader = stage.copy(LOADER, 'ld-linux-x86-64.so.2', folder);
      stage.dynamicTool('telinit', folder);
      for (const program of ['./telinit', path.join(folder, 'telinit'), `../${path.basename(folder)}/telinit`]) {
        expect(await run(loader, [program, '3'], { cwd: folder })).toBe(RAN);
        expect(await run('/bin/sh', ['-c', `exec ${loader} ${program} 1`], { cwd: folder })).toBe(NOT_RUN);
      }
      expect((await stage.entriesOf(loader, 3)).map(({ action }) => action)).toEqual(['prevented', 'prevented', 'prevented']);
    });

    it('on one that is not watched: stopped right after its start, and said so', async () => {
      const folder = stage.folder();
      stage.dynamicTool('telinit', folder);
      expect(await run(LOADER, ['./telinit', '1'], { cwd: folder })).toBe('SIGKILL');
      const entries = await stage.live.historyWith((all) => all.some(({ process }) => process.commandLine.endsWith('./telinit 1') && process.image.startsWith('/usr/lib')));
      const entry = entries.find(({ process }) => process.image.startsWith('/usr/lib'));
      expect(entry).toMatchObject({ action: 'stopped', rule: { mode: 'block' } });
    });
  });

  describe('script headers', () => {
    it('are the start of their interpreter', async () => {
      const folder = stage.folder();
      const script = stage.script(`#!${stage.tool('telinit', folder)} 1\n`, 'script', folder);
      expect(await run(starter, ['spawn', script, 'script'])).toBe(REFUSED);
      await expectPrevented(script);
      const harmless = stage.script(`#!${path.join(folder, 'telinit')} 3\n`, 'harmless', folder);
      expect(await run(starter, ['spawn', harmless, 'harmless', '1'])).toBe(RAN);
    });

    it('are judged with the arguments that follow the script', async () => {
      const folder = stage.folder();
      const script = stage.script(`#!${stage.tool('grub-reboot', folder)}\n`, 'script', folder);
      expect(await run(starter, ['spawn', script, 'script', 'list'])).toBe(RAN);
      expect(await run(starter, ['spawn', script, 'script', 'rescue'])).toBe(REFUSED);
      await expectPrevented(script);
    });

    it('that name env are seen through', async () => {
      const folder = stage.folder();
      const script = stage.script(`#!/usr/bin/env -S A=b ${stage.tool('telinit', folder)} 1\n`, 'script', folder);
      expect(await run(starter, ['spawn', script, 'script'])).toBe(REFUSED);
      await expectPrevented(script);
    });

    it('that lead to another script are followed to the end', async () => {
      const folder = stage.folder();
      const last = stage.script(`#!${stage.tool('telinit', folder)} 1\n`, 'last', folder);
      const middle = stage.script(`#!${last}\n`, 'middle', folder);
      const first = stage.script(`#!${middle}\n`, 'first', folder);
      expect(await run(starter, ['spawn', first, 'first'])).toBe(REFUSED);
      const about = await stage.live.historyWith((all) => all.some(({ process }) => process.image.startsWith(`${folder}/`)));
      const entries = about.filter(({ process }) => process.image.startsWith(`${folder}/`));
      expect(entries.map(({ action }) => action)).toEqual(['prevented']);
    });

    it('on a file system that is not watched: the arguments they add show only after the start, so it is stopped', async () => {
      const tool = stage.tool();
      const script = stage.script(`#!${tool} 1\n`, 'script-outside', stage.live.dataDir);
      expect(await run('/usr/bin/env', [script])).toBe('SIGKILL');
      const entry = await stage.entryOf(tool);
      expect(entry).toMatchObject({ action: 'stopped', process: { commandLine: `${tool} 1 ${script}` } });
      expect(entry.notes.join(' ')).toContain('differs from what was judged before the start');
    });
  });

  describe('as parents', () => {
    async function expectServerChild(image: string): Promise<void> {
      const entry = await stage.entryOf(image);
      expect(entry).toMatchObject({ action: 'prevented', rule: { name: 'Keep web servers from opening a shell' } });
      expect(entry.ancestors.some((ancestor) => ancestor.image.endsWith('/apache2'))).toBe(true);
    }

    it('a web server that starts a shell through env is its parent', async () => {
      const folder = stage.folder();
      const [server, env, shell] = [stage.starter('apache2', folder), stage.tool('env', folder), stage.tool('sh', folder)];
      expect(await run(server, ['spawn', env, 'env', shell, '-c', 'true'])).toBe(REFUSED);
      await expectServerChild(env);
    });

    it('also when the carrier does not tell what it will start', async () => {
      const folder = stage.folder();
      const server = stage.starter('apache2', folder);
      const [nohup, setsid, shell] = [stage.starter('nohup', folder), stage.starter('setsid', folder), stage.tool('sh', folder)];
      expect(await run(server, ['spawn', nohup, 'nohup', 'spawn', setsid, 'setsid', 'spawn', shell, 'sh', '-c', 'true'])).toBe(REFUSED);
      await expectServerChild(shell);
    });

    it('also when it becomes the shell itself, or leaves an orphan', async () => {
      const folder = stage.folder();
      const [server, shell] = [stage.starter('apache2', folder), stage.tool('sh', folder)];
      expect(await run(server, ['become', shell, 'sh', '-c', 'true'])).toBe(REFUSED);
      expect(await run(server, ['orphan', shell, 'sh', '-c', 'true'])).toBe(0);
      const entries = await stage.live.historyWith((all) => all.filter(({ process }) => process.image === shell).length === 2);
      expect(entries.filter(({ process }) => process.image === shell).map(({ action }) => action)).toEqual(['prevented', 'prevented']);
    });

    it('but a program between them that does more than start others breaks the line', async () => {
      const folder = stage.folder();
      const [server, other, shell] = [stage.starter('apache2', folder), stage.starter('editor', folder), stage.tool('sh', folder)];
      expect(await run(server, ['spawn', other, 'editor', 'spawn', shell, 'sh', '-c', 'true'])).toBe(RAN);
    });
  });
});
