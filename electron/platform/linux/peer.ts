/** Who is at the other end of a Unix socket, by the kernel's word (SO_PEERCRED, unix(7)): the account that connected, or that listens. */
import type { Socket } from 'node:net';
import { describeError, getSocketOption } from '../ffi/libc.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';

// asm-generic/socket.h
const SOL_SOCKET = 1;
const SO_PEERCRED = 17;
/** struct ucred: pid, uid, gid. */
const UCRED_SIZE = 12;

export interface PeerCredentials {
  /** The process that connected; it may have ended since, and its id may name another now. */
  readonly pid: number;
  /** Effective user id at the time of connect(2) or listen(2). */
  readonly uid: number;
  readonly gid: number;
}

export function peerCredentials(socketDescriptor: number): Result<PeerCredentials> {
  const value = Buffer.alloc(UCRED_SIZE);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(UCRED_SIZE);
  const outcome = getSocketOption(socketDescriptor, SOL_SOCKET, SO_PEERCRED, value, size);
  if (outcome < 0) return fail('peer-unknown', `The kernel does not say who is at the other end of the socket: ${describeError(outcome)}.`);
  const pid = value.readInt32LE(0);
  // A socket that is no longer connected, or no Unix socket, has pid 0 and user -1.
  if (size.readUInt32LE() !== UCRED_SIZE || value.readInt32LE(4) === -1) return fail('peer-unknown', 'The socket has no peer.');
  return ok({ pid, uid: value.readUInt32LE(4), gid: value.readUInt32LE(8) });
}

/** Descriptor of a connected socket; Node keeps it on an undocumented but long-stable handle. Null once the socket is closed. */
export function socketFd(socket: Socket): number | null {
  const { _handle: handle } = socket as unknown as { _handle?: { fd?: unknown } | null };
  const fd = handle?.fd;
  return typeof fd === 'number' && fd >= 0 ? fd : null;
}

/** Who is at the other end of a socket that may be closed meanwhile. */
export function peerOfSocket(socket: Socket): Result<PeerCredentials> {
  const fd = socketFd(socket);
  return fd === null ? fail('peer-unknown', 'The caller is gone.') : peerCredentials(fd);
}

/** Whether the other end runs under this process's own account. */
export function isOwnPeer(socket: Socket): boolean {
  const peer = peerOfSocket(socket);
  return peer.ok && peer.value.uid === process.geteuid?.();
}
