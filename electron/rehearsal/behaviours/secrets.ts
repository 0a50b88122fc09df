/** Programs that read what only one program has business reading. */
import path from 'node:path';
import type { Behaviour, Performance } from '../behaviour.ts';
import { openingProgram } from '../stand-in-programs.ts';
import { randomName } from '../workplace.ts';
import { RULE_IDS } from './rule-ids.ts';
import { startedPlainly } from './starting.ts';

/** Has the place and the name of a key, and nothing of one. */
const DECOY = 'This is a decoy, not a key.\n';

export const keyReading: Behaviour = {
  id: 'ssh-key-reading',
  behaviour: 'A program that has nothing to do with SSH reads a private SSH key (a decoy).',
  rule: RULE_IDS.credentials,
  perform: (stage) => {
    const file = path.join(stage.home, '.ssh', `id_${randomName()}`);
    stage.workplace.decoy(file, DECOY);
    const name = randomName();
    const reader = { path: stage.workplace.standIn(name, openingProgram(file)), argv: [name] };
    const read = async (): Promise<Performance> => {
      const performed = await startedPlainly(stage, reader);
      return performed.kind === 'done' ? { ...performed, object: file, again: read } : performed;
    };
    return read();
  },
};
