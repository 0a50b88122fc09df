/** When a page has come to rest: a picture of it, or a look at its colours, would else be one of something half way. */

const QUIET_MS = 200;
const MOST_MS = 20_000;
const LOOK_EVERY_MS = 20;

/** Resolves with true when nothing has changed for a moment and no movement that ends is under way; false when that does not come. */
export async function comeToRest(): Promise<boolean> {
  const end = performance.now() + MOST_MS;
  let changedAt = performance.now();
  const observer = new MutationObserver(() => (changedAt = performance.now()));
  observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  const rests = (): boolean => performance.now() - changedAt >= QUIET_MS && !isMoving();
  while (!rests() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  const came = rests();
  observer.disconnect();
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  return came;
}

/** Signs that something is busy move for ever and do not count. */
function isMoving(): boolean {
  return document.getAnimations().some(({ playState, effect }) => playState === 'running' && Number.isFinite(Number(effect?.getComputedTiming().endTime)));
}
