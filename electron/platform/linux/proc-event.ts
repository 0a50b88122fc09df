/**
 * Messages of the process events connector: layout and meaning, no I/O. linux/netlink.h, linux/connector.h, linux/cn_proc.h and
 * Documentation/driver-api/connector.rst.
 *
 * A datagram is `struct nlmsghdr` (16 bytes), `struct cn_msg` (20) and `struct proc_event`, of which the offsets below count from its start.
 */

// linux/connector.h
const CN_IDX_PROC = 1;
const CN_VAL_PROC = 1;
// linux/cn_proc.h
const PROC_CN_MCAST_LISTEN = 1;
export const PROC_EVENT_NONE = 0;
export const PROC_EVENT_FORK = 1;
export const PROC_EVENT_EXEC = 2;
export const PROC_EVENT_EXIT = 0x8000_0000;

const NETLINK_HEADER = 16;
const CONNECTOR_HEADER = 20;
const EVENT = NETLINK_HEADER + CONNECTOR_HEADER;
/** The longest event (exit) with its headers is 76 bytes. */
export const DATAGRAM_SIZE = 128;
const SHORTEST = EVENT + 24;

/** Offsets in a datagram. */
export const AT = {
  index: NETLINK_HEADER,
  value: NETLINK_HEADER + 4,
  /** Counted per processor, for every kind of event, sent or not to this listener. */
  sequence: NETLINK_HEADER + 8,
  what: EVENT,
  cpu: EVENT + 4,
  timestampLow: EVENT + 8,
  timestampHigh: EVENT + 12,
  /** exec and exit: thread, process. */
  pid: EVENT + 16,
  tgid: EVENT + 20,
  /** fork: the real parent (for a new thread: that of its process). */
  parentTgid: EVENT + 20,
  childPid: EVENT + 24,
  childTgid: EVENT + 28,
} as const;

/** Whether these bytes are a message of the connector's process events at all. */
export function isProcEvent(bytes: Buffer, at: number, length: number): boolean {
  return length >= SHORTEST && bytes.readUInt32LE(at + AT.index) === CN_IDX_PROC && bytes.readUInt32LE(at + AT.value) === CN_VAL_PROC;
}

/**
 * The request for all events. Kernels from 6.6 on could leave kinds out, but they count the sequence for what was left out too, and then a gap
 * would no longer mean a loss; the other kinds (uid, gid, session, ptrace, name) are rare.
 */
export function listenRequest(): Buffer {
  const size = EVENT + 4;
  const request = Buffer.alloc(size);
  request.writeUInt32LE(size, 0);
  request.writeUInt16LE(NLMSG_DONE, 4);
  request.writeUInt32LE(CN_IDX_PROC, AT.index);
  request.writeUInt32LE(CN_VAL_PROC, AT.value);
  request.writeUInt16LE(4, NETLINK_HEADER + 16);
  request.writeUInt32LE(PROC_CN_MCAST_LISTEN, EVENT);
  return request;
}

const NLMSG_DONE = 3;

/** `sockaddr_nl` for the group of process events; port 0 lets the kernel choose. */
export function groupAddress(): Buffer {
  const address = Buffer.alloc(12);
  address.writeUInt16LE(AF_NETLINK, 0);
  address.writeUInt32LE(CN_IDX_PROC, 8);
  return address;
}

export const AF_NETLINK = 16;
export const NETLINK_CONNECTOR = 11;
