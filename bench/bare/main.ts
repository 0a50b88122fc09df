/** A bare Electron for comparison: the same switches as ours, no window, and two utility processes that only load the native parts. */
import path from 'node:path';
import { app, utilityProcess } from 'electron';

app.disableHardwareAcceleration();
app.commandLine.appendSwitch('disable-software-rasterizer');
app.commandLine.appendSwitch('enable-features', 'NetworkServiceInProcess2');
void app.whenReady().then(() => {
  for (const serviceName of ['bare-one', 'bare-two']) utilityProcess.fork(path.join(import.meta.dirname, 'bare-utility.js'), [], { serviceName, stdio: 'ignore' });
});
