/**
 * What the window may say to this process: every call of the one table, each behind the same three checks: it comes from the
 * window's own page, its input has the form of the table, and so has the answer. The only file that touches ipcMain.
 */
import { ipcMain } from 'electron';
import { APP_CALL_NAMES, appChannel, ENGINE_CALL_NAMES, engineChannel } from '../../shared/ipc/names.ts';
import { fail, type Result } from '../../shared/result.ts';
import { appCall, engineCall, type CallParts } from './ipc-calls.ts';

export interface IpcParts extends CallParts {
  readonly isSender: (event: Electron.IpcMainInvokeEvent) => boolean;
  readonly log: (line: string) => void;
}

export function registerIpc(parts: IpcParts): void {
  for (const name of ENGINE_CALL_NAMES) ipcMain.handle(engineChannel(name), (event, request: unknown) => guarded(parts, event, name, () => engineCall(parts, name, request)));
  for (const name of APP_CALL_NAMES) ipcMain.handle(appChannel(name), (event, input: unknown) => guarded(parts, event, name, () => appCall(parts, name, input)));
}

/** Nobody but our page is answered; a defect is logged and answered in words. */
async function guarded(parts: IpcParts, event: Electron.IpcMainInvokeEvent, name: string, work: () => Promise<Result<unknown>>): Promise<Result<unknown>> {
  if (!parts.isSender(event)) {
    parts.log(`window: a call of ${name} from elsewhere was refused`);
    return fail('not-trusted', 'This call did not come from the window of Holdfast.');
  }
  try {
    return await work();
  } catch (error) {
    parts.log(`window: ${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return fail('defect', 'Holdfast met a defect while answering. Its log has the details.');
  }
}
