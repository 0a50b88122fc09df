/**
 * A reusable batch of datagram buffers for recvmmsg(2): one call takes up to `count` waiting messages.
 *
 * `struct mmsghdr` on 64-bit systems (bits/socket.h): msg_name 0, msg_namelen 8, msg_iov 16, msg_iovlen 24, msg_control 32, msg_controllen 40, msg_flags 48,
 * msg_len 56; 64 bytes in all. `struct iovec`: base 0, length 8. The structures hold addresses of the buffers, so all of them live as
 * long as the batch; a Buffer's memory does not move.
 */
import { addressOf, receiveMany } from './libc.ts';

const HEADER_SIZE = 64;
const VECTOR_SIZE = 16;
/** struct sockaddr_nl: family 0, pad 2, pid 4, groups 8. */
const ADDRESS_SIZE = 12;
const MSG_DONTWAIT = 0x40;

export class MessageBatch {
  readonly #count: number;
  readonly #messageSize: number;
  readonly #headers: Buffer;
  readonly #vectors: Buffer;
  readonly #addresses: Buffer;
  /** All messages, `messageSize` bytes apart. */
  readonly bytes: Buffer;

  constructor(count: number, messageSize: number) {
    this.#count = count;
    this.#messageSize = messageSize;
    // Not from Node's shared pool: these are written by the kernel for the life of the process.
    this.#headers = Buffer.alloc(count * HEADER_SIZE);
    this.#vectors = Buffer.alloc(count * VECTOR_SIZE);
    this.#addresses = Buffer.alloc(count * ADDRESS_SIZE);
    this.bytes = Buffer.alloc(count * messageSize);
    for (let index = 0; index < count; index += 1) {
      this.#vectors.writeBigUInt64LE(addressOf(this.bytes) + BigInt(index * messageSize), index * VECTOR_SIZE);
      this.#vectors.writeBigUInt64LE(BigInt(messageSize), index * VECTOR_SIZE + 8);
      const header = index * HEADER_SIZE;
      this.#headers.writeBigUInt64LE(addressOf(this.#addresses) + BigInt(index * ADDRESS_SIZE), header);
      this.#headers.writeBigUInt64LE(addressOf(this.#vectors) + BigInt(index * VECTOR_SIZE), header + 16);
      this.#headers.writeBigUInt64LE(1n, header + 24);
    }
  }

  /** How many messages were taken, or minus errno; never waits. */
  receive(fd: number): number {
    for (let index = 0; index < this.#count; index += 1) this.#headers.writeUInt32LE(ADDRESS_SIZE, index * HEADER_SIZE + 8);
    return receiveMany(fd, this.#headers, this.#count, MSG_DONTWAIT, null);
  }

  offset(index: number): number {
    return index * this.#messageSize;
  }

  length(index: number): number {
    return this.#headers.readUInt32LE(index * HEADER_SIZE + 56);
  }

  /** Netlink port of the sender; 0 is the kernel. */
  senderPort(index: number): number {
    return this.#addresses.readUInt32LE(index * ADDRESS_SIZE + 4);
  }
}
