/**
 * The thread in which packs of rules are read, checked and indexed (started by engine/rules-thread-runner.ts): seconds of work, of which
 * the engine's own thread must not feel more than a moment. It lives for one piece of work.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { workOut } from '../engine/packs/work-out.ts';
import type { ThreadWork } from './engine/rules-thread-runner.ts';
import { goInLine } from './priority.ts';

goInLine();
const { contents, trial, privileged } = workerData as ThreadWork;
const bodies = contents.map(({ id, body }) => ({ id, body: { ...body, bytes: Buffer.from(body.bytes) } }));
const prepared = await workOut(bodies, trial, privileged);
parentPort?.postMessage(prepared, [prepared.buffer]);
