/** Programs that show what others sent, and start what they should not. */
import type { Behaviour } from '../behaviour.ts';
import { randomName } from '../workplace.ts';
import { RULE_IDS } from './rule-ids.ts';
import { idle, startedBy, startedPlainly } from './starting.ts';

export const officeShell: Behaviour = {
  id: 'office-shell',
  behaviour: 'An office program starts a shell, as a macro would.',
  rule: RULE_IDS.officeChild,
  perform: (stage) => startedBy(stage, 'soffice.bin', stage.shell()),
};

export const officeProgram: Behaviour = {
  id: 'office-dropped-program',
  behaviour: 'A program is started from a folder where an office program unpacks documents, as a macro would leave it there.',
  rule: RULE_IDS.officeProgram,
  perform: (stage) => startedPlainly(stage, idle(stage, randomName(), [], stage.workplace.newFolder(`lu${process.pid}${randomName()}.tmp`))),
};

export const officeInjection: Behaviour = {
  id: 'office-debugger',
  behaviour: 'An office program starts a debugger that is to take over another program.',
  rule: RULE_IDS.officeInjection,
  // A stand-in of that name; nobody is taken over.
  perform: (stage) => startedBy(stage, 'soffice.bin', idle(stage, 'gdb', ['-batch', '-p', String(process.pid)])),
};

export const officeMacro: Behaviour = {
  id: 'office-macro-from-outside',
  behaviour: 'An office program is told at its start to run a macro without a window.',
  rule: RULE_IDS.officeMacro,
  perform: (stage) => startedPlainly(stage, idle(stage, 'soffice.bin', ['--headless', `macro:///Standard.${randomName()}.Main`])),
};

export const pdfReaderShell: Behaviour = {
  id: 'pdf-reader-shell',
  behaviour: 'A PDF reader starts a shell, as a prepared document would make it.',
  rule: RULE_IDS.pdfReaderChild,
  perform: (stage) => startedBy(stage, 'evince', stage.shell()),
};

export const mailInterpreter: Behaviour = {
  id: 'mail-interpreter',
  behaviour: 'A mail program starts a script interpreter, as an opened attachment would.',
  rule: RULE_IDS.mailChild,
  perform: (stage) => startedBy(stage, 'thunderbird', idle(stage, 'python3', ['-c', 'pass'])),
};

export const mailAttachment: Behaviour = {
  id: 'mail-attachment',
  behaviour: 'A program that came as an attachment is started from the folder where a mail program opens attachments.',
  rule: RULE_IDS.mailExecutable,
  perform: (stage) => startedPlainly(stage, idle(stage, randomName(), [], stage.workplace.newFolder('tmp', `mozilla_${randomName()}`))),
};

export const webServerShell: Behaviour = {
  id: 'web-server-shell',
  behaviour: 'A web server starts a shell, as a web shell would.',
  rule: RULE_IDS.webShell,
  perform: (stage) => startedBy(stage, 'nginx', stage.shell()),
};
