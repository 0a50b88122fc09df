/** Every screen in every state and every look: nothing that a screen reader would trip over, nothing on the console, nothing cut. */
import { afterAll, beforeAll, expect } from 'vitest';
import { describeNeeds } from '../support/requirement.ts';
import { SCENE_NAMES } from './gallery/scenes.ts';
import { GalleryRig, itShows, OPEN_MS, SIZE } from './support/gallery-rig.ts';

const LOOKS = ['light', 'dark', 'highContrast'] as const;
/** The window at twice the size of letters, and its smallest at twice. */
const ZOOMED = [{ width: 640, height: 400 }, { width: 380, height: 260 }];

describeNeeds(['chromium'], 'every screen in every state', () => {
  let rig: GalleryRig;
  beforeAll(async () => {
    rig = await GalleryRig.open();
  }, OPEN_MS);
  afterAll(() => rig.close());

  for (const scene of SCENE_NAMES) {
    itShows(scene, async () => {
      rig.problems.length = 0;
      await rig.page.setViewportSize(SIZE);
      await rig.show(scene);
      for (const look of LOOKS) {
        await rig.look(look);
        expect(await rig.axe(look !== 'light'), look).toEqual([]);
      }
      expect(await rig.sideways(), 'at its usual size').toEqual([]);
      for (const size of ZOOMED) {
        await rig.resize(size);
        expect(await rig.sideways(), `at ${size.width} × ${size.height}`).toEqual([]);
      }
      expect(rig.problems).toEqual([]);
      expect(await rig.page.evaluate(() => window.planted), 'text became code').toBeUndefined();
    });
  }
});
