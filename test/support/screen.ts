/** A screen that exists only in memory, for the tests that open windows. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export class VirtualScreen {
  readonly display: string;
  private readonly server: ChildProcess;

  private constructor(display: string, server: ChildProcess) {
    this.display = display;
    this.server = server;
  }

  static async open(): Promise<VirtualScreen> {
    const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x860x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
    const pipe = server.stdio[3];
    if (pipe === null || pipe === undefined) throw new Error('Xvfb has no pipe for its number');
    const [chunk] = (await Promise.race([once(pipe, 'data'), once(server, 'exit').then(() => Promise.reject(new Error('Xvfb ended at once')))])) as [Buffer];
    return new VirtualScreen(`:${chunk.toString().trim()}`, server);
  }

  async close(): Promise<void> {
    if (this.server.exitCode !== null || this.server.signalCode !== null) return;
    const ended = once(this.server, 'exit');
    this.server.kill('SIGTERM');
    await ended;
  }
}
