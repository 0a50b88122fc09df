/** Rehearsals against a whole Holdfast, and the same behaviours done by other means: nothing may know a rehearsal. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BEHAVIOURS } from '../../electron/rehearsal/behaviours/all.ts';
import { RULE_IDS } from '../../electron/rehearsal/behaviours/rule-ids.ts';
import { rehearse } from '../../electron/rehearsal/rehearse.ts';
import type { RehearsalResult } from '../../shared/rehearsal/result.ts';
import { LiveHoldfast, run } from '../support/linux/live-holdfast.ts';
import { describeNeeds } from '../support/requirement.ts';

/** Starts the program its arguments name, as a child, and ends with the errno of a refused start or with the child's code. */
const STARTER = `#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>
int main(int argc, char **argv) {
  int status;
  pid_t child = fork();
  if (child == 0) { execv(argv[1], argv + 2); _exit(100 + errno); }
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 99;
}
`;
const NOTHING = 'int main(void) { return 0; }\n';
const EPERM_EXIT = 101;

/** What a rehearsal does with programs of its own, told once more in other words. */
const SAME_BY_OTHER_MEANS = [
  { id: 'office-shell', parent: 'soffice.bin', child: 'sh', args: ['-c', 'true'], rule: RULE_IDS.officeChild },
  { id: 'office-debugger', parent: 'soffice.bin', child: 'strace', args: ['-p', '1'], rule: RULE_IDS.officeInjection },
  { id: 'office-macro-from-outside', parent: 'plain', child: 'localc', args: ['macro:///Standard.Module1.Go'], rule: RULE_IDS.officeMacro },
  { id: 'pdf-reader-shell', parent: 'okular', child: 'bash', args: ['-c', 'true'], rule: RULE_IDS.pdfReaderChild },
  { id: 'mail-interpreter', parent: 'thunderbird-bin', child: 'perl', args: ['-e', '1'], rule: RULE_IDS.mailChild },
  { id: 'web-server-shell', parent: 'apache2', child: 'dash', args: ['-c', 'true'], rule: RULE_IDS.webShell },
  { id: 'remote-execution', parent: 'xinetd', child: 'sh', args: ['-i'], rule: RULE_IDS.remoteExecution },
  { id: 'reboot-to-rescue', parent: 'plain', child: 'telinit', args: ['1'], rule: RULE_IDS.rescueReboot },
  { id: 'snapshot-destruction', parent: 'plain', child: 'timeshift', args: ['--delete-all', '--yes'], rule: RULE_IDS.ransomware },
  { id: 'backup-destruction', parent: 'plain', child: 'borg', args: ['delete', '/srv/archive'], rule: RULE_IDS.ransomware },
  { id: 'service-manager-timer', parent: 'plain', child: 'systemctl', args: ['--user', 'link', '/var/tmp/a.timer'], rule: RULE_IDS.managementService },
  { id: 'rootkit-module', parent: 'plain', child: 'modprobe', args: ['reptile'], rule: RULE_IDS.vulnerableDriver },
] as const;

describeNeeds(['linux', 'root', 'exec-gate', 'process-news', 'mounts', 'c-compiler'], 'rehearsals against a whole Holdfast', () => {
  let live: LiveHoldfast;
  beforeAll(async () => {
    live = await LiveHoldfast.start();
  });
  afterAll(async () => {
    await live.remove();
  });

  async function rehearseAll(): Promise<RehearsalResult[]> {
    const results: RehearsalResult[] = [];
    const engine = await live.client();
    const done = await rehearse({ engine, behaviours: BEHAVIOURS, arch: process.arch, removableMedia: [], signal: new AbortController().signal, nowMs: Date.now, onResult: (result) => results.push(result) });
    engine.close();
    expect(done).toEqual({ ok: true, value: { withoutRights: false } });
    return results;
  }

  function possible(results: readonly RehearsalResult[]): RehearsalResult[] {
    return results.filter(({ id }) => id !== 'removable-media');
  }

  it('go as promised in every mode, and leave nothing behind', async () => {
    const before = readdirSync(live.scope.path, { recursive: true });
    for (const result of await rehearseAll()) expect(result).toMatchObject({ ok: true });
    expect(await live.history()).toEqual([]);
    for (const preset of ['standard', 'strict']) {
      await live.call('rulesPreset', { preset });
      for (const result of await rehearseAll()) expect(result, preset).toMatchObject({ ok: true });
    }
    const strict = possible(await rehearseAll());
    expect(strict.length).toBeGreaterThanOrEqual(16);
    for (const result of strict) expect(result).toMatchObject({ happened: 'prevented' });
    expect(readdirSync(live.scope.path, { recursive: true })).toEqual(before);
  }, 120_000);

  it('are not known to any rule: the same by other means has the same outcome', async () => {
    await live.call('rulesPreset', { preset: 'strict' });
    const rehearsed = new Map((await rehearseAll()).map((result) => [result.id, result]));
    const starter = compile('starter', STARTER);
    const nothing = compile('nothing', NOTHING);
    for (const { id, parent, child, args, rule } of SAME_BY_OTHER_MEANS) {
      const parentFile = path.join(live.scope.path, `by-hand-${id}`, parent);
      const childFile = path.join(live.scope.path, `by-hand-${id}`, 'child', child);
      for (const [file, content] of [[parentFile, starter], [childFile, nothing]] as const) {
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, content, { mode: 0o755 });
      }
      expect(await run(parentFile, [childFile, child, ...args]), id).toBe(EPERM_EXIT);
      const entries = await live.historyWith((all) => all.some((entry) => entry.process.image === childFile));
      const entry = entries.find(({ process: { image } }) => image === childFile);
      expect(entry, id).toMatchObject({ action: rehearsed.get(id)?.happened, rule: { id: rule } });
    }
  }, 120_000);

  function compile(name: string, source: string): Buffer {
    const file = path.join(live.dataDir, name);
    writeFileSync(`${file}.c`, source);
    execFileSync('cc', ['-o', file, `${file}.c`]);
    return execFileSync('cat', [file]);
  }
});
