/** The bridge of the window: names and nothing else. What is asked and answered is checked in the main process. */
import { contextBridge, ipcRenderer } from 'electron';
import { APP_CALL_NAMES, appChannel, ENGINE_CALL_NAMES, engineChannel, EVENT_NAMES, eventChannel, type AppCallName, type EngineCallName, type EventName } from '../../shared/ipc/names.ts';

const has = (names: readonly string[], name: string): boolean => names.includes(name);
const refuse = (name: string): never => {
  throw new Error(`no such call: ${name.slice(0, 60)}`);
};

contextBridge.exposeInMainWorld('holdfast', {
  engine: (name: EngineCallName, input: unknown, options?: { readonly ask?: boolean }): Promise<unknown> =>
    has(ENGINE_CALL_NAMES, name) ? ipcRenderer.invoke(engineChannel(name), { input, ask: options?.ask === true }) : refuse(name),
  app: (name: AppCallName, input: unknown): Promise<unknown> => (has(APP_CALL_NAMES, name) ? ipcRenderer.invoke(appChannel(name), input) : refuse(name)),
  on: (name: EventName, listener: (payload: unknown) => void): (() => void) => {
    if (!has(EVENT_NAMES, name)) return refuse(name);
    const heard = (_: unknown, payload: unknown): void => listener(payload);
    ipcRenderer.on(eventChannel(name), heard);
    return () => {
      ipcRenderer.off(eventChannel(name), heard);
    };
  },
});
