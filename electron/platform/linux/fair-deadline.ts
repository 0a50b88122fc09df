/**
 * A deadline for somebody else's answer. When it fires late, this very thread was held up: answers may have come meanwhile that it could
 * not take, or lead to a next question it could not ask. Then the time is given once more, so it is over after twice the time at the latest
 * (counted from when the thread goes on).
 */

/** More than timers are late by themselves. */
const HELD_UP_MS = 20;

/** Returns how to call it off. */
export function fairDeadline(ms: number, onOver: () => void): () => void {
  const dueMs = performance.now() + ms;
  let timer = setTimeout(() => {
    if (performance.now() - dueMs < HELD_UP_MS) onOver();
    else timer = setTimeout(onOver, ms);
  }, ms);
  return () => clearTimeout(timer);
}
