/**
 * Which processes Holdfast never acts on, whatever a rule says. Pure: all facts come in.
 */
import { protectedProgram, type ProtectedPrograms } from './protected-names.ts';

export interface Candidate {
  readonly pid: number;
  readonly ppid: number;
  /** Null for kernel threads and when it could not be read. */
  readonly image: string | null;
  // The rest is asked only where the answer matters; null is unknown.
  argv(): readonly string[] | null;
  uid(): number | null;
  /** What the parent runs. */
  parentImage(): string | null;
  /** Null also where files have no owners. */
  imageOwnerUid(): number | null;
  /** False inside a container or chroot, where a path says nothing about the machine. */
  sharesRoot(): boolean;
}

/** Who is out of reach, as it is at this moment. */
export interface Shielded {
  readonly own: ReadonlySet<number>;
  /** Ancestors of Holdfast's processes. */
  readonly ownAncestors: ReadonlySet<number>;
  /** Processes that asked for a rehearsal, with their ancestors. */
  readonly rehearsing: ReadonlySet<number>;
}

const INIT_PID = 1;
/** The kernel's own parent of all its threads (kthreadd). */
const KERNEL_PID = 2;
const SSHD = /^\/(?:usr\/)?(?:local\/)?(?:sbin|bin)\/sshd$/;
const SSHD_PROGRAMS = /\/sshd(?:-session|-auth)?$/;

/** Why it must not be touched, in words; null when it may be. */
export function protectedReason(candidate: Candidate, shielded: Shielded, programs: ProtectedPrograms): string | null {
  const { pid } = candidate;
  if (pid === INIT_PID || pid === 0) return 'it is the first process of the system';
  if (pid === KERNEL_PID || (candidate.ppid === KERNEL_PID && candidate.image === null)) return 'it is part of the kernel';
  if (shielded.own.has(pid)) return 'it is part of Holdfast';
  if (shielded.ownAncestors.has(pid)) return 'Holdfast runs below it';
  if (shielded.rehearsing.has(pid)) return 'a rehearsal runs below it';
  return protectedByProgram(candidate, programs);
}

function protectedByProgram(candidate: Candidate, programs: ProtectedPrograms): string | null {
  const { image } = candidate;
  if (image === null) return null;
  const kind = isSshMaster(candidate) ? 'the remote login service' : protectedProgram(programs, image);
  if (kind === null) return null;
  // Unknown is taken for the system's own: not acting on a copy is the smaller mistake.
  return (candidate.imageOwnerUid() ?? 0) === 0 && candidate.sharesRoot() ? `it is ${kind}` : null;
}

/** The listening daemon is the one that was not started by another sshd; sessions are. */
function isSshMaster(candidate: Candidate): boolean {
  if (candidate.image === null || !SSHD.test(candidate.image) || (candidate.uid() ?? 0) !== 0) return false;
  const parentImage = candidate.parentImage();
  return candidate.argv()?.[0]?.includes('[listener]') === true || parentImage === null || !SSHD_PROGRAMS.test(parentImage);
}
