/** Tools of this system under another name, in another place, or changed a little, to get past rules that go by either. */
import { accessSync, constants, realpathSync } from 'node:fs';
import path from 'node:path';
import type { Behaviour, Performance, Stage } from '../behaviour.ts';
import { randomName } from '../workplace.ts';
import { RULE_IDS } from './rule-ids.ts';
import { startedPlainly } from './starting.ts';

/** Small, present nearly everywhere, and harmless when asked for their version. */
const TOOLS = ['/usr/bin/base64', '/usr/bin/md5sum', '/usr/bin/id'];

export const renamedTool: Behaviour = {
  id: 'renamed-system-tool',
  behaviour: 'A tool of this system is copied under another name and started.',
  rule: RULE_IDS.copiedTool,
  perform: (stage) => copied(stage, { keepName: false, appended: false }),
};

export const relocatedTool: Behaviour = {
  id: 'relocated-system-tool',
  behaviour: 'A tool of this system is copied to another folder and started there.',
  rule: RULE_IDS.copiedTool,
  perform: (stage) => copied(stage, { keepName: true, appended: false }),
};

export const changedTool: Behaviour = {
  id: 'changed-system-tool',
  behaviour: 'A tool of this system is copied, a few bytes are added so that its checksum is new, and it is started.',
  rule: RULE_IDS.copiedTool,
  perform: (stage) => copied(stage, { keepName: false, appended: true }),
};

async function copied(stage: Stage, { keepName, appended }: { readonly keepName: boolean; readonly appended: boolean }): Promise<Performance> {
  const original = TOOLS.find(isProgramOfItsOwn);
  if (original === undefined) return { kind: 'skipped', because: `This system has none of the tools it would copy as a program of its own (${TOOLS.join(', ')}).` };
  const name = keepName ? path.basename(original) : randomName();
  return startedPlainly(stage, { path: stage.workplace.copyOf(original, name, appended), argv: [name, '--version'] });
}

/** Not a link to a program of many names (busybox): its copy would ask for a name that is not there. */
function isProgramOfItsOwn(file: string): boolean {
  try {
    accessSync(file, constants.R_OK | constants.X_OK);
    return path.basename(realpathSync(file)) === path.basename(file);
  } catch {
    return false;
  }
}
