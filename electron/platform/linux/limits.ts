/** Limits of this process: how many descriptors it may have, and how many are left. getrlimit(2), prlimit(2). */
import { readdirSync } from 'node:fs';
import { describeError, resourceLimit } from '../ffi/libc.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';

// asm-generic/resource.h
const RLIMIT_NOFILE = 7;
const RLIMIT_RTTIME = 15;
const THIS_PROCESS = 0;

interface Limits {
  readonly soft: number;
  readonly hard: number;
}

/** Raises the soft limit to `wanted`, and the hard one too where rights allow; never lowers. Gives the soft limit now in force. */
export function raiseDescriptorLimit(wanted: number): Result<number> {
  const present = readLimits();
  if (!present.ok) return present;
  const { soft, hard } = present.value;
  if (soft >= wanted) return ok(soft);
  if (hard < wanted && setLimits(RLIMIT_NOFILE, { soft: wanted, hard: wanted }) === 0) return ok(wanted);
  const reachable = Math.min(wanted, hard);
  const outcome = reachable > soft ? setLimits(RLIMIT_NOFILE, { soft: reachable, hard }) : 0;
  if (outcome < 0) return fail('limit-failed', `The number of open files can not be raised from ${soft} to ${reachable}: ${describeError(outcome)}.`);
  if (reachable >= wanted) return ok(reachable);
  return fail('limit-too-low', `This process may have ${reachable} open files and wants ${wanted}: raise its limit (LimitNOFILE in the systemd unit, or ulimit -Hn).`);
}

/** The kernel ends this process when a thread of real-time priority runs that long without waiting. False when it will not. */
export function limitRealTime(ms: number): boolean {
  const micros = ms * 1_000;
  return setLimits(RLIMIT_RTTIME, { soft: micros, hard: micros }) === 0;
}

/** Numbers of descriptors end below this. */
export function descriptorLimit(): number {
  const present = readLimits();
  return present.ok ? present.value.soft : 0;
}

/** Descriptors that can still be opened. */
export function descriptorBudget(): Result<{ readonly limit: number; readonly open: number; readonly free: number }> {
  const present = readLimits();
  if (!present.ok) return present;
  const open = readdirSync('/proc/self/fd').length - 1; // one of them is the listing itself
  return ok({ limit: present.value.soft, open, free: Math.max(0, present.value.soft - open) });
}

function readLimits(): Result<Limits> {
  const words = new BigUint64Array(2);
  const outcome = resourceLimit(THIS_PROCESS, RLIMIT_NOFILE, null, new Uint8Array(words.buffer));
  if (outcome < 0) return fail('limit-unknown', `The limit of open files can not be read: ${describeError(outcome)}.`);
  return ok({ soft: Number(words[0]), hard: Number(words[1]) });
}

function setLimits(resource: number, limits: Limits): number {
  const words = new BigUint64Array([BigInt(limits.soft), BigInt(limits.hard)]);
  return resourceLimit(THIS_PROCESS, resource, new Uint8Array(words.buffer), null);
}
