/** Many starts of one program at the same time, by several users: all are forked before the first has ended. */
import { spawn } from 'node:child_process';

/** Exit codes as the shell tells them (126: refused), one for each start. */
export async function startBurst(program: string, starts: number, uids: readonly number[], timeoutMs = 60_000): Promise<Map<number, number>> {
  const each = Math.ceil(starts / uids.length);
  const script = `n=0; while [ $n -lt ${each} ]; do { "$0"; echo $?; } 2>/dev/null & n=$((n+1)); done; wait`;
  const said = await Promise.all(uids.map((uid) => outputOf(script, program, uid, timeoutMs)));
  const codes = new Map<number, number>();
  for (const line of said.join('').split('\n').filter(Boolean)) codes.set(Number(line), (codes.get(Number(line)) ?? 0) + 1);
  return codes;
}

function outputOf(script: string, program: string, uid: number, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const shell = spawn('/bin/sh', ['-c', script, program], { stdio: ['ignore', 'pipe', 'ignore'], uid, gid: uid, cwd: '/' });
    const late = setTimeout(() => {
      shell.kill('SIGKILL');
      reject(new Error(`the starts of user ${uid} did not end within ${timeoutMs} ms`));
    }, timeoutMs);
    let said = '';
    shell.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    shell.once('close', () => {
      clearTimeout(late);
      resolve(said);
    });
  });
}
