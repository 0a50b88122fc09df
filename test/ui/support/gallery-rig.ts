/** The gallery in Chromium for one test file, under the same content security policy as the real window. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { BrowserContext, Page } from 'playwright-core';
import { policy } from '../../../electron/main/window/page-files.ts';
import { itNeeds } from '../../support/requirement.ts';
import { openGallery, rest, type Gallery } from '../../../scripts/lib/gallery.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Room for a machine that builds something else at the same time. */
export const OPEN_MS = 120_000;
const PATIENCE_MS = 120_000;

export function itShows(name: string, test: () => Promise<void>): void {
  itNeeds([], name, test, PATIENCE_MS);
}

export const SIZE = { width: 1280, height: 800 };

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

export class GalleryRig {
  readonly page: Page;
  /** Errors of the page and on its console, refused policies included. */
  readonly problems: string[] = [];
  private readonly gallery: Gallery;

  private constructor(gallery: Gallery, page: Page) {
    this.gallery = gallery;
    this.page = page;
    page.on('pageerror', (error) => this.problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.problems.push(message.text());
    });
  }

  static async open(options: Parameters<Gallery['context']>[0] = {}): Promise<GalleryRig> {
    const gallery = await openGallery(policy);
    const context: BrowserContext = await gallery.context({ viewport: SIZE, reducedMotion: 'reduce', ...options });
    return new GalleryRig(gallery, await context.newPage());
  }

  show(scene: string, theme = 'light'): Promise<void> {
    return this.gallery.show(this.page, scene, theme);
  }

  /** Resolves when what was asked for is shown. */
  rest(): Promise<void> {
    return rest(this.page);
  }

  /** Changes the look of the scene that is shown. */
  async look(theme: 'light' | 'dark' | 'highContrast'): Promise<void> {
    await this.page.evaluate((wanted) => window.gallery?.app('windowSettingsSet', { theme: wanted }), theme);
    await this.rest();
  }

  async resize(size: { readonly width: number; readonly height: number }): Promise<void> {
    await this.page.setViewportSize(size);
    await this.rest();
  }

  /** `colours`: only what a look can change. */
  async axe(colours = false): Promise<string[]> {
    if (!(await this.page.evaluate(() => 'axe' in window))) await this.page.evaluate(axe);
    return this.page.evaluate(async (only) => {
      const { axe: checker } = window as unknown as { axe: { run(of: Document, options: object): Promise<{ violations: readonly Violation[] }> } };
      return (await checker.run(document, only ? { runOnly: ['color-contrast'] } : {})).violations.flatMap(({ id, impact, nodes }) => nodes.slice(0, 3).map(({ html, failureSummary }) => `${id} (${impact}): ${html.slice(0, 160)} ${failureSummary.slice(0, 200)}`));
    }, colours);
  }

  /** Elements that are wider than the room they have, and would have to be scrolled sideways or are cut without a sign. */
  sideways(): Promise<string[]> {
    return this.page.evaluate(() => {
      const found: string[] = [];
      for (const element of [document.documentElement, ...document.querySelectorAll<HTMLElement>('body *')]) {
        const { overflowX, textOverflow, clipPath, position } = getComputedStyle(element);
        if (element.scrollWidth <= element.clientWidth + 1 || element.clientWidth === 0 || clipPath !== 'none') continue;
        const scrolls = overflowX === 'auto' || overflowX === 'scroll' || element === document.documentElement;
        if (scrolls || (overflowX === 'hidden' && textOverflow !== 'ellipsis' && position !== 'absolute')) found.push(`${element.tagName} ${element.className.slice(0, 40)} “${element.textContent.slice(0, 60)}” ${element.scrollWidth} > ${element.clientWidth}`);
      }
      return found;
    });
  }

  async close(): Promise<void> {
    await this.gallery.close();
  }
}
