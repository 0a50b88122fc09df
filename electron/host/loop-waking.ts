/**
 * Electron wakes the loop of Node at each process.nextTick, setImmediate and setTimeout (`process.activateUvLoop`, which its own wrappers of the three call):
 * what is put off from Chromium's side would else lie there until something happens. In our children nearly everything runs on Node's loop already,
 * which comes to what was put off by itself, and each waking is one more turn of two threads for nothing: a quarter of the turns of an engine beside a build.
 */

/** To be called by whatever runs outside Node's loop, before it does anything: until the next turn of the loop it is woken as Electron would. */
export type FromOutside = () => void;

interface Wakes {
  activateUvLoop?: () => void;
}

/** Once, at the start of a child, which itself runs outside the loop. Changes nothing under Node. */
export function wakeFromOutsideOnly(): FromOutside {
  const { activateUvLoop } = process as Wakes;
  if (activateUvLoop === undefined) return () => undefined;
  let outside = 0;
  (process as Wakes).activateUvLoop = () => {
    if (outside > 0) activateUvLoop.call(process);
  };
  const fromOutside = (): void => {
    outside += 1;
    setImmediate(() => {
      outside -= 1;
    });
  };
  fromOutside();
  return fromOutside;
}
