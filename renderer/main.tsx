/** Entry of the window: the page's bridge is the one that the preload script has put there. */
import { bridgeOfWindow } from './api/bridge.ts';
import { mount } from './mount.tsx';

mount(bridgeOfWindow());
