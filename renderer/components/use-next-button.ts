/**
 * Where pressing a button puts another in its place, a keyboard user's place would be lost with it: the first button there takes the
 * focus, unless it was moved elsewhere meanwhile.
 */
import { useEffect, useRef, type RefObject } from 'react';

/** `shown`: what decides which buttons there are. `place` holds them; `pressed` is called when one is used. */
export function useNextButton(shown: unknown): { readonly place: RefObject<HTMLDivElement | null>; readonly pressed: () => void } {
  const place = useRef<HTMLDivElement | null>(null);
  const waits = useRef(false);
  useEffect(() => {
    if (waits.current && document.activeElement === document.body) place.current?.querySelector('button')?.focus();
    waits.current = false;
  }, [shown]);
  return { place, pressed: () => { waits.current = true; } };
}
