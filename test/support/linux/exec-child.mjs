/**
 * Starts a program in a chosen way: `execve` from this process itself (from its main thread or another one), with any bytes as arguments, one of
 * them possibly lying in a mapped file, or while the lock of its memory map is held for ever. Started by tests; ends with 100 + errno when
 * the start is refused.
 */
import fs from 'node:fs';
import koffi from 'koffi';

/**
 * `argv` in base64; `mapped`: a file whose content is one more argument; `locked`: a file of the FUSE server that keeps silent about reads and
 * opens its second time past the page cache.
 * @type {{ path: string, argv: string[], thread: 'main' | 'other', mapped: string | null, locked: string | null }}
 */
const plan = JSON.parse(process.argv[2] ?? '');

const libc = koffi.load(null);
const execve = libc.func('execve', 'int', ['void *', 'void *', 'void *']);
const mmap = libc.func('mmap', 'intptr_t', ['intptr_t', 'size_t', 'int', 'int', 'int', 'int64_t']);
const PROT_READ = 1;
const MAP_PRIVATE = 2;

/** @type {Buffer[]} kept reachable until the call */
const strings = plan.argv.map((text) => Buffer.concat([Buffer.from(text, 'base64'), Buffer.alloc(1)]));
/** @type {bigint[]} */
const addresses = strings.map((bytes) => koffi.address(bytes));
if (plan.mapped !== null) addresses.push(BigInt(mmap(0, 4096, PROT_READ, MAP_PRIVATE, fs.openSync(plan.mapped, 'r'), 0)));
const argv = Buffer.alloc((addresses.length + 1) * 8);
addresses.forEach((address, index) => argv.writeBigUInt64LE(address, index * 8));
const path = Buffer.from(`${plan.path}\0`);
const environment = Buffer.alloc(8);

if (plan.locked !== null) {
  const [first, second] = [fs.openSync(plan.locked, 'r'), fs.openSync(plan.locked, 'r')];
  execve(Buffer.from('/nowhere\0'), argv, environment); // so that nothing has to be made ready once memory can not be had
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  fs.read(first, Buffer.alloc(16), 0, 16, 0, () => undefined); // keeps the page locked: nobody answers
  Atomics.wait(sleeper, 0, 0, 200);
  // Waits for that page with the map's lock held for writing.
  mmap.async(0, 4096, PROT_READ, MAP_PRIVATE, second, 0, () => undefined);
  Atomics.wait(sleeper, 0, 0, 200);
  process.stdout.write('locked\n');
  Atomics.wait(sleeper, 0, 0, 100);
}
if (plan.thread === 'main') {
  execve(path, argv, environment);
  process.exit(100 + koffi.errno());
}
// The other thread's errno can not be asked for from here; 100 alone says that it was refused.
execve.async(path, argv, environment, () => process.exit(100));
