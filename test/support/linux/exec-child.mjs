/**
 * Starts a program in a chosen way: `execve` from this process itself (from its main thread or another one), with any bytes as arguments, one of
 * them possibly lying in a mapped file. Started by tests; ends with 100 + errno when the start is refused.
 */
import fs from 'node:fs';
import koffi from 'koffi';

/** @type {{ path: string, argv: string[], thread: 'main' | 'other', mapped: string | null }} arguments in base64; `mapped`: a file whose content is one more argument */
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

if (plan.thread === 'main') {
  execve(path, argv, environment);
  process.exit(100 + koffi.errno());
}
// The other thread's errno can not be asked for from here; 100 alone says that it was refused.
execve.async(path, argv, environment, () => process.exit(100));
