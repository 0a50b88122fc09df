/** Who goes first when processors or memory are short. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const { PRIORITY_HIGHEST, PRIORITY_ABOVE_NORMAL, PRIORITY_NORMAL } = os.constants.priority;

/** Every start waits for the sentinel: it goes first, and the kernel must not choose it when memory is short. */
export function goFirst(): void {
  tryTo(() => raiseEveryThread(PRIORITY_HIGHEST));
  tryTo(() => fs.writeFileSync('/proc/self/oom_score_adj', '-1000'));
}

/** The engine stops what came through and watches the sentinel: it must not wait its turn behind a storm of the very programs it looks after. */
export function goEarly(): void {
  tryTo(() => raiseEveryThread(PRIORITY_ABOVE_NORMAL));
}

/**
 * For the calling thread alone: behind the threads that watch, and in line with everybody else's programs. Not behind those:
 * who keeps the machine busy would keep rules from coming into force.
 */
export function goInLine(): void {
  tryTo(() => os.setPriority(Number(path.basename(fs.readlinkSync('/proc/thread-self'))), PRIORITY_NORMAL));
}

/** A priority belongs to a thread, and those that read for a decision may be there already. */
function raiseEveryThread(priority: number): void {
  for (const thread of fs.readdirSync('/proc/self/task')) os.setPriority(Number(thread), priority);
}

/** A container may keep these rights from root; protection works without them, only less surely under load. */
function tryTo(prefer: () => void): void {
  try {
    prefer();
  } catch {
    // Said above.
  }
}
