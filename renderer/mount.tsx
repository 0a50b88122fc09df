/** Puts the program into the page, with whatever bridge it is given: the real one, or a fake one in tests and gallery. */
import { createDOMRenderer, RendererProvider } from '@fluentui/react-components';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { config } from 'zod';
import type { Bridge } from '../shared/ipc/table.ts';
import { App } from './app.tsx';
import { BridgeContext } from './api/bridge.ts';
import './theme/page.css';

export function mount(bridge: Bridge): void {
  // The content security policy forbids code from text; zod would try it.
  config({ jitless: true });
  const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
  const renderer = createDOMRenderer(document, { styleElementAttributes: { nonce } });
  const root = document.getElementById('root');
  if (root === null) throw new Error('the page has no root');
  createRoot(root).render(
    <StrictMode>
      <RendererProvider renderer={renderer} targetDocument={document}>
        <BridgeContext value={bridge}>
          <App />
        </BridgeContext>
      </RendererProvider>
    </StrictMode>,
  );
}
