/**
 * The sentinel process: composition only. It holds the kernel's permission queue and nothing else of weight.
 *
 * Start order matters: the last good policy is loaded from disk before anything is marked, so that a sentinel that starts
 * alone (engine gone) protects at once; without a policy nothing is marked until the engine brings one.
 */
import './sentinel/thread-pool.ts';
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import { compilePolicy, newDetectorState, type CompiledPolicy } from '../engine/asr/judge.ts';
import { openPermissionGate } from '../platform/linux/fanotify.ts';
import { holdDescriptor } from '../platform/linux/file-lock.ts';
import { raiseDescriptorLimit } from '../platform/linux/limits.ts';
import { isOwnPeer } from '../platform/linux/peer.ts';
import { readBootId, readCwd, readStat, readTgid, readUid } from '../platform/linux/proc.ts';
import { readMounts, watchMounts } from '../platform/linux/mounts.ts';
import { policySnapshotSchema, type PolicySnapshot } from '../../shared/policy/snapshot.ts';
import type { ToSentinel } from '../../shared/link/messages.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { readChildOptions } from './child-options.ts';
import { LinkServer } from './link/link-server.ts';
import { ownerChannel } from './owner-channel.ts';
import { ContentCache } from './sentinel/content-cache.ts';
import { DenialLog } from './sentinel/denial-log.ts';
import { FileMarks } from './sentinel/file-marks.ts';
import { LatencyHistogram } from './sentinel/latency.ts';
import { stuckReads } from '../platform/linux/isolated-read.ts';
import { prepareSideThread } from '../platform/linux/side-reader.ts';
import { argumentReader, inquirySystem } from './sentinel/linux-system.ts';
import { MountMarks } from './sentinel/mount-marks.ts';
import { RecordBook } from './sentinel/record-book.ts';
import { MOST_HELD, Sentinel } from './sentinel/sentinel.ts';
import { ignoreTerminalSignals } from './terminal-signals.ts';

const BEAT_MS = 100;
const STATS_MS = 500;
/** Threads stuck in reads that never return; beyond this a new process is the only way to free them. */
const MOST_STUCK_READS = 48;

function main(): void {
  const owner = ownerChannel();
  if (owner === null) throw new Error('the sentinel is started by its owner only');
  const options = readChildOptions(process.argv.slice(2));
  const sentinelId = `${Date.now().toString(36)}-${crypto.randomBytes(4).toString('hex')}`;
  const stopWith = (message: string): never => {
    owner.post({ t: 'fatal', code: 'sentinel', message });
    process.exit(1);
  };

  ignoreTerminalSignals();
  owner.onOwnerGone(endNow);
  owner.onMessage((message) => {
    if ((message as { t?: unknown }).t === 'stop') endNow();
  });
  preferThisProcess();
  prepareSideThread();
  raiseDescriptorLimit(1_024);

  const gate = openPermissionGate({ maxHeld: MOST_HELD });
  if (!gate.ok) return stopWith(gate.error.message);
  const system = inquirySystem();
  const log = new DenialLog(options.paths.privateRunDir, sentinelId, holdDescriptor);
  const recordSystem = { stat: readStat, processOf: readTgid, uid: readUid, currentDirectory: readCwd, nowMs: Date.now };
  const book = new RecordBook(log, recordSystem, (message) => link.send(message));
  const latency = new LatencyHistogram();
  const args = argumentReader();
  const sentinel = new Sentinel({ gate: gate.value, system, args, contents: new ContentCache(), book, latency, nowNs: process.hrtime.bigint, onDefect: (error) => report(error) });
  const marks = new MountMarks(gate.value, { readMounts }, options.scope);
  const fileMarks = new FileMarks(gate.value);
  const detectors = newDetectorState();
  const bootId = readBootId();
  let policy: CompiledPolicy | null = null;

  const refreshMarks = (): void => {
    link.send({ t: 'coverage', coverage: marks.refresh(policy?.testsStarts ?? false) });
  };
  const use = (snapshot: PolicySnapshot): Result<void> => {
    const compiled = compilePolicy(snapshot);
    if (!compiled.ok) return compiled;
    policy = compiled.value;
    book.useGeneration(snapshot.generation);
    sentinel.setPolicy(compiled.value, () => ({ nowMs: Date.now(), bootId, detectors }));
    refreshMarks();
    fileMarks.refresh(policy.testsOpens ? snapshot.guardedFiles : []);
    return ok(undefined);
  };
  const receive = (message: ToSentinel): void => {
    if (message.t === 'drained') {
      log.drained(message.throughSeq);
      return;
    }
    const parsed = policySnapshotSchema.safeParse(message.snapshot);
    const outcome = parsed.success ? use(parsed.data) : fail('policy', parsed.error.message);
    const { generation } = message.snapshot;
    link.send(outcome.ok ? { t: 'policy-in-force', generation } : { t: 'policy-refused', generation, message: outcome.error.message });
  };
  const stats = (): void => {
    link.send({ t: 'stats', stats: { ...book.counts(), p50us: latency.quantile(0.5), p99us: latency.quantile(0.99), held: gate.value.held, stuckReads: stuckReads() } });
  };
  const link: LinkServer = new LinkServer({
    socketPath: options.paths.sentinelSocket,
    isOurs: isOwnPeer,
    onEngine: () => {
      link.send({ t: 'hello', sentinelId, pid: process.pid, startTicks: readStat(process.pid)?.startTicks ?? 0, generation: policy?.snapshot.generation ?? -1, denialLog: log.file });
      refreshMarks();
      stats();
      book.flush();
    },
    onMessage: receive,
    log: report,
  });

  const saved = loadSnapshot(options.paths.snapshotFile);
  sentinel.start(report);
  if (saved !== null) use(saved);
  link.listen();
  watchMounts(() => {
    system.refresh();
    refreshMarks();
  });
  const beat = (): void => {
    owner.post({ t: 'beat' });
    link.send({ t: 'beat' });
    if (stuckReads() > MOST_STUCK_READS) endNow();
  };
  beat();
  setInterval(beat, BEAT_MS);
  setInterval(stats, STATS_MS);
}

/** An orderly exit would wait for reads that never return, and starts would wait with it; the kernel closes everything at once. */
function endNow(): never {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('unreachable: SIGKILL is not refused');
}

/** The last policy that was in force; null when there is none or it can not be read (the engine then brings a new one). */
function loadSnapshot(file: string): PolicySnapshot | null {
  try {
    const parsed = policySnapshotSchema.safeParse(JSON.parse(fs.readFileSync(file, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Every start waits for this process: it goes first, and the kernel must not choose it when memory is short. */
function preferThisProcess(): void {
  for (const prefer of [(): void => os.setPriority(0, os.constants.priority.PRIORITY_HIGHEST), (): void => fs.writeFileSync('/proc/self/oom_score_adj', '-1000')]) {
    try {
      prefer();
    } catch {
      // A container may keep these rights from root; protection works without them, only less surely under load.
    }
  }
}

function report(problem: unknown): void {
  process.stderr.write(`sentinel: ${problem instanceof Error ? (problem.stack ?? problem.message) : String(problem)}\n`);
}

main();
