/** Scripts that come out of the network or out of an encoding, and go straight into an interpreter. */
import path from 'node:path';
import type { Behaviour } from '../behaviour.ts';
import { readingProgram, writingProgram } from '../stand-in-programs.ts';
import { randomName } from '../workplace.ts';
import { RULE_IDS } from './rule-ids.ts';
import { idle, inOrder, piped } from './starting.ts';

/** What a shell would run if one got it: nothing. */
const HARMLESS_SCRIPT = ':\n';
/** The source still writes when the interpreter starts, as a download does. */
const STAY_MS = 600;
/** Reserved for examples (RFC 2606); nothing here ever asks for it. */
const ADDRESS = 'https://download.example/install';

export const downloadPipedToShell: Behaviour = {
  id: 'download-piped-to-shell',
  behaviour: 'A download is piped straight into a shell (curl … | sh).',
  rule: RULE_IDS.obfuscatedScript,
  perform: (stage) => {
    const { workplace } = stage;
    const from = { path: workplace.standIn('curl', writingProgram(HARMLESS_SCRIPT, { stayMs: STAY_MS })), argv: ['curl', '-fsSL', ADDRESS] };
    return piped(stage, from, { path: workplace.standIn('sh', readingProgram()), argv: ['sh'] });
  },
};

export const decodedPipedToShell: Behaviour = {
  id: 'decoded-piped-to-shell',
  behaviour: 'Encoded text is decoded straight into a shell (base64 -d … | sh).',
  rule: RULE_IDS.obfuscatedScript,
  perform: (stage) => {
    const { workplace } = stage;
    const from = { path: workplace.standIn('base64', writingProgram(HARMLESS_SCRIPT, { stayMs: STAY_MS })), argv: ['base64', '-d', path.join(workplace.folder, randomName())] };
    return piped(stage, from, { path: workplace.standIn('sh', readingProgram()), argv: ['sh'] });
  },
};

export const downloadThenRun: Behaviour = {
  id: 'download-then-run',
  behaviour: 'A script downloads another one to a file and runs it at once (curl -o x …; sh x).',
  rule: RULE_IDS.downloadedContent,
  perform: (stage) => {
    const folder = stage.workplace.newFolder();
    const file = path.join(folder, `${randomName()}.sh`);
    const download = { path: stage.workplace.standIn('curl', writingProgram(HARMLESS_SCRIPT, { file })), argv: ['curl', '-fsSL', '-o', file, ADDRESS] };
    // Started like a shell with a script of its own, not like one that waits for somebody to type.
    return inOrder(stage, { name: 'sh', args: [path.join(folder, `${randomName()}.sh`)] }, [download, idle(stage, 'sh', [file])]);
  },
};
