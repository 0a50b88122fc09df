/** Entry of the gallery: `?scene=NAME&theme=dark` shows one state; without a name, all of them as links. */
import type { WindowSettings } from '../../../shared/ipc/table.ts';
import { mount } from '../../../renderer/mount.tsx';
import { FakeBridge } from './fake-bridge.ts';
import { comeToRest } from './rest.ts';
import { SCENES, type Scene } from './scenes.ts';
import { goodWorld } from './world.ts';

const LOOK_EVERY_MS = 30;
const MOST_LOOKS = 400;

declare global {
  interface Window {
    /** For tests: the bridge of the scene that is shown. */
    gallery?: FakeBridge;
    comeToRest?: typeof comeToRest;
    planted?: boolean;
  }
}

window.comeToRest = comeToRest;
const asked = new URLSearchParams(location.search);
const scene = SCENES[asked.get('scene') ?? ''];
if (scene === undefined) listScenes();
else void show(scene, asked.get('theme') as WindowSettings['theme'] | null);

async function show(chosen: Scene, theme: WindowSettings['theme'] | null): Promise<void> {
  const now = (): number => Date.now();
  const world = { ...goodWorld(now()), ...chosen.change?.(now()) };
  if (theme !== null) world.settings = { ...world.settings, theme };
  const bridge = new FakeBridge(world, now);
  window.gallery = bridge;
  mount(bridge);
  await until(() => (bridge.listensTo('navigate') ? true : null), 'the window listens');
  bridge.tell('navigate', { screen: chosen.screen, historyId: chosen.historyId ?? null });
  for (const name of chosen.press ?? []) await press(name);
  document.documentElement.dataset['scene'] = 'shown';
}

async function press(name: string): Promise<void> {
  const button = await until(() => [...document.querySelectorAll<HTMLElement>('main button')].find((one) => one.textContent.trim() === name) ?? null, `a button “${name}”`);
  button.focus();
  button.click();
}

/** Counted, not timed: pictures are taken with a clock that stands still. */
async function until<T>(look: () => T | null, what: string): Promise<T> {
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    const found = look();
    if (found !== null) return found;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  throw new Error(`not in this scene: ${what}`);
}

function listScenes(): void {
  const list = document.createElement('ul');
  for (const [name] of Object.entries(SCENES)) {
    const item = document.createElement('li');
    for (const theme of ['light', 'dark', 'highContrast']) {
      const link = document.createElement('a');
      link.href = `?scene=${name}&theme=${theme}`;
      link.textContent = theme === 'light' ? name : theme;
      item.append(link, ' ');
    }
    list.append(item);
  }
  document.body.replaceChildren(list);
  document.body.style.overflow = 'auto';
}
