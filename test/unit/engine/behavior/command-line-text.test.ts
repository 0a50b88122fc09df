import { expect, it } from 'vitest';
import { commandLineText } from '../../../../electron/engine/behavior/start/command-line-text.ts';

it('keeps its words where they are, whatever name the starter chose', () => {
  expect(commandLineText('/sbin/telinit', ['telinit', '1'])).toBe('telinit 1');
  expect(commandLineText('/sbin/telinit', ['', '1'])).toBe('/sbin/telinit 1');
  expect(commandLineText('/sbin/telinit', ['so many\twords', 'a b'])).toBe('so_many_words a b');
  expect(commandLineText('/sbin/telinit', [])).toBe('');
});
