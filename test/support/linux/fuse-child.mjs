/**
 * A FUSE server in a process of its own, started by fuse-server.ts: serves a flat folder of files and never answers the requests it was
 * told to keep silent about. Plain JavaScript, so that it runs without a build. Protocol: linux/fuse.h, version 7.31.
 *
 * It ends itself when its time is over or its parent is gone; then the kernel fails every request that still waits.
 */
import fs from 'node:fs';
import koffi from 'koffi';

/** @typedef {{ name: string, content: string, mode: number, silent: string[], directIoFromOpen: number | null, silentFromOpen: number | null }} ServedFile */
/** @type {{ mountPoint: string, lifetimeMs: number, files: ServedFile[] }} */
const config = JSON.parse(process.argv[2] ?? '');

const LOOKUP = 1, FORGET = 2, GETATTR = 3, OPEN = 14, READ = 15, RELEASE = 18, FLUSH = 25, INIT = 26, OPENDIR = 27, READDIR = 28, RELEASEDIR = 29,
  ACCESS = 34, INTERRUPT = 36, DESTROY = 38, BATCH_FORGET = 42;
const NAMES = { [LOOKUP]: 'lookup', [GETATTR]: 'getattr', [OPEN]: 'open', [READ]: 'read' };
const ENOENT = 2, ENOSYS = 38;
const IN_HEADER = 40, OUT_HEADER = 16, ATTRIBUTES = 88;
const FOPEN_DIRECT_IO = 1, FOPEN_KEEP_CACHE = 2;
const ROOT = 1;
const MNT_DETACH = 2;

const libc = koffi.load(null);
const mount = libc.func('mount', 'int', ['str', 'str', 'str', 'ulong', 'str']);
const umount = libc.func('umount2', 'int', ['str', 'int']);

const device = fs.openSync('/dev/fuse', 'r+');
const contents = config.files.map((file) => Buffer.from(file.content, 'base64'));
const opens = config.files.map(() => 0);
const request = Buffer.alloc(256 * 1024);

function end() {
  umount(config.mountPoint, MNT_DETACH);
  process.kill(process.pid, 'SIGKILL');
}

/** @param {number} node */
function attributes(node) {
  const out = Buffer.alloc(ATTRIBUTES);
  const file = config.files[node - ROOT - 1];
  out.writeBigUInt64LE(BigInt(node), 0);
  out.writeBigUInt64LE(BigInt(contents[node - ROOT - 1]?.length ?? 0), 8);
  out.writeUInt32LE(file === undefined ? 0o40755 : 0o100000 | file.mode, 60);
  out.writeUInt32LE(1, 64);
  out.writeUInt32LE(4096, 80);
  return out;
}

/** @param {bigint} unique @param {number} error @param {Buffer} body */
function reply(unique, error, body = Buffer.alloc(0)) {
  const header = Buffer.alloc(OUT_HEADER);
  header.writeUInt32LE(OUT_HEADER + body.length, 0);
  header.writeInt32LE(-error, 4);
  header.writeBigUInt64LE(unique, 8);
  try {
    fs.writeSync(device, Buffer.concat([header, body]));
  } catch {
    // The one who asked was killed meanwhile.
  }
}

function initReply() {
  const body = Buffer.alloc(64);
  body.writeUInt32LE(7, 0);
  body.writeUInt32LE(31, 4);
  body.writeUInt32LE(65_536, 8);
  body.writeUInt32LE(1, 12); // FUSE_ASYNC_READ
  body.writeUInt16LE(64, 16);
  body.writeUInt16LE(48, 18);
  body.writeUInt32LE(65_536, 20);
  body.writeUInt32LE(1, 24);
  return body;
}

/** @param {number} node */
function openReply(node) {
  const index = node - ROOT - 1;
  const body = Buffer.alloc(16);
  const from = config.files[index]?.directIoFromOpen ?? null;
  if (from !== null && opens[index] >= from) body.writeUInt32LE(FOPEN_DIRECT_IO | FOPEN_KEEP_CACHE, 8);
  opens[index] += 1;
  return body;
}

/** @param {number} opcode @param {number} node @param {Buffer} body */
function fileOf(opcode, node, body) {
  if (opcode !== LOOKUP) return config.files[node - ROOT - 1];
  const name = body.toString('utf8', 0, body.indexOf(0));
  return config.files.find((file) => file.name === name);
}

/** @param {Buffer} message */
function handle(message) {
  const opcode = message.readUInt32LE(4);
  const unique = message.readBigUInt64LE(8);
  const node = Number(message.readBigUInt64LE(16));
  const body = message.subarray(IN_HEADER);
  if (opcode === FORGET || opcode === BATCH_FORGET || opcode === INTERRUPT) return;
  const file = fileOf(opcode, node, body);
  const name = NAMES[opcode];
  const openedOften = name === 'open' && file !== undefined && file.silentFromOpen !== null && (opens[node - ROOT - 1] ?? 0) >= file.silentFromOpen;
  if (file !== undefined && name !== undefined && (openedOften || file.silent.includes(name))) {
    process.stdout.write(`held ${name} ${file.name}\n`);
    return;
  }
  if (opcode === INIT) {
    reply(unique, 0, initReply());
    process.stdout.write('ready\n');
  } else if (opcode === LOOKUP) {
    if (file === undefined) return reply(unique, ENOENT);
    const entry = Buffer.alloc(40);
    const found = ROOT + 1 + config.files.indexOf(file);
    entry.writeBigUInt64LE(BigInt(found), 0);
    reply(unique, 0, Buffer.concat([entry, attributes(found)]));
  } else if (opcode === GETATTR) reply(unique, 0, Buffer.concat([Buffer.alloc(16), attributes(node)]));
  else if (opcode === OPEN || opcode === OPENDIR) reply(unique, 0, openReply(node));
  else if (opcode === READ) {
    const offset = Number(body.readBigUInt64LE(8));
    reply(unique, 0, (contents[node - ROOT - 1] ?? Buffer.alloc(0)).subarray(offset, offset + body.readUInt32LE(16)));
  } else if ([READDIR, RELEASE, RELEASEDIR, FLUSH, ACCESS, DESTROY].includes(opcode)) reply(unique, 0);
  else reply(unique, ENOSYS);
}

function serve() {
  fs.read(device, request, 0, request.length, null, (error, size) => {
    if (error !== null && error.code === 'ENODEV') end(); // unmounted
    if (error === null) handle(request.subarray(0, size));
    serve();
  });
}

setTimeout(end, config.lifetimeMs);
process.stdin.resume();
process.stdin.on('close', end);
const options = `fd=${device},rootmode=40000,user_id=0,group_id=0,allow_other`;
if (mount('holdfast-test', config.mountPoint, 'fuse', 0, options) !== 0) {
  process.stdout.write(`failed errno ${koffi.errno()}\n`);
  process.exit(1);
}
serve();
