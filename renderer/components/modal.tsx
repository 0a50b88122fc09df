/**
 * A dialog that is made when it opens and gone when it closes. It is closed first and taken away when Fluent has taken its surface off
 * the page: taken away while it is open it leaves the page behind it hidden from screen readers. Then the focus goes back to what
 * opened it.
 */
import { Dialog, DialogSurface } from '@fluentui/react-components';
import { useCallback, useEffect, useRef, useState, type ReactElement } from 'react';

/** `onGone`: it is closed, for whatever reason. */
export function Modal({ onGone, children }: { readonly onGone: () => void; readonly children: (close: () => void) => ReactElement }): ReactElement {
  // Read while the dialog is first drawn: a moment later the focus is inside it.
  const [opener] = useState(() => document.activeElement);
  const [open, setOpen] = useState(true);
  const closing = useRef(false);
  const close = useCallback(() => {
    closing.current = true;
    setOpen(false);
  }, []);
  const gone = (): void => {
    if (!closing.current) return;
    onGone();
    if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
  };
  useEffect(() => () => void setTimeout(showPage, 0), []);
  return (
    <Dialog open={open} onOpenChange={(_, { open: wanted }) => (wanted ? undefined : close())}>
      <DialogSurface><AtEnd run={gone} />{children(close)}</DialogSurface>
    </Dialog>
  );
}

/** Runs something when the surface it stands in is taken off the page. */
function AtEnd({ run }: { readonly run: () => void }): null {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => () => void setTimeout(() => latest.current(), 0), []);
  return null;
}

/** A screen that goes while its dialog is open (somebody clicked a notice) takes the dialog along, and the page must not stay hidden. */
function showPage(): void {
  if (document.querySelector('[role=dialog]') === null) document.getElementById('root')?.removeAttribute('aria-hidden');
}
