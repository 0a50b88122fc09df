/** Every behaviour that can be rehearsed, in the order in which it is shown. */
import type { Behaviour } from '../behaviour.ts';
import { mailAttachment, mailInterpreter, officeInjection, officeMacro, officeProgram, officeShell, pdfReaderShell, webServerShell } from './documents-and-mail.ts';
import { backupDestruction, driverLoading, hiddenInServiceManager, rareProgram, remoteExecution, removableMedia, rescueReboot, snapshotDestruction } from './machine.ts';
import { decodedPipedToShell, downloadPipedToShell, downloadThenRun } from './scripts.ts';
import { keyReading } from './secrets.ts';
import { changedTool, relocatedTool, renamedTool } from './system-tools.ts';

export const BEHAVIOURS: readonly Behaviour[] = [
  officeShell,
  officeProgram,
  officeInjection,
  officeMacro,
  pdfReaderShell,
  mailInterpreter,
  mailAttachment,
  webServerShell,
  downloadPipedToShell,
  decodedPipedToShell,
  downloadThenRun,
  renamedTool,
  relocatedTool,
  changedTool,
  remoteExecution,
  rescueReboot,
  snapshotDestruction,
  backupDestruction,
  driverLoading,
  hiddenInServiceManager,
  rareProgram,
  removableMedia,
  keyReading,
];
