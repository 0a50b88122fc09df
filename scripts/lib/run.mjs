/** Runs one program with an end to its patience. */
import { spawn } from 'node:child_process';

/**
 * @typedef {object} RunOptions
 * @property {number} timeoutMs
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {boolean} [show] output goes to the terminal as it comes, and is not collected
 */

/**
 * @typedef {object} RunResult
 * @property {boolean} ok
 * @property {number | null} code
 * @property {boolean} timedOut
 * @property {string} output both streams, in the order they came
 */

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} options
 * @returns {Promise<RunResult>}
 */
export function run(command, args, options) {
  return new Promise((resolve) => {
    const windows = process.platform === 'win32';
    const child = spawn(command, [...args], {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: options.show === true ? ['ignore', 2, 2] : ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that giving up ends the helpers it started too.
      detached: !windows,
    });
    let output = '';
    let timedOut = false;
    const keep = (/** @type {Buffer} */ chunk) => {
      output += chunk.toString('utf8');
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    const timer = setTimeout(() => {
      timedOut = true;
      endTree(child.pid, windows);
    }, options.timeoutMs);
    const finish = (/** @type {number | null} */ code) => {
      clearTimeout(timer);
      resolve({ ok: code === 0 && !timedOut, code, timedOut, output });
    };
    child.on('error', (error) => {
      output += error.message;
      finish(null);
    });
    child.on('close', finish);
  });
}

/**
 * @param {number | undefined} pid
 * @param {boolean} windows
 */
function endTree(pid, windows) {
  if (pid === undefined) return;
  try {
    if (windows) spawn('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore' });
    else process.kill(-pid, 'SIGKILL');
  } catch {
    // Already gone, which is what was wanted.
  }
}

/**
 * npm, started through Node where npm told us its own path: on Windows `npm` is a script that spawn can not start.
 * @param {readonly string[]} args
 * @param {RunOptions} options
 */
export function npm(args, options) {
  const cli = process.env['npm_execpath'];
  if (cli !== undefined && /npm-cli\.[cm]?js$/.test(cli)) return run(process.execPath, [cli, ...args], options);
  if (process.platform === 'win32') return run('cmd.exe', ['/d', '/s', '/c', 'npm', ...args], options);
  return run('npm', args, options);
}

/**
 * The last lines of a failure, which is where programs say why.
 * @param {RunResult} result
 * @param {number} [lines]
 */
export function lastLines(result, lines = 5) {
  if (result.timedOut) return 'it took too long and was ended';
  const text = result.output.trim();
  return text === '' ? `it ended with code ${String(result.code)}` : text.split('\n').slice(-lines).join('\n');
}
