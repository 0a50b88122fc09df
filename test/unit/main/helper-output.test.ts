import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { HelperOutput } from '../../../electron/main/helper-output.ts';

/** As Electron reports an exit: to whoever listens, then every listener of the stream is taken off. */
async function exit(stream: PassThrough, output: HelperOutput): Promise<void> {
  const done = output.lastWords();
  stream.removeAllListeners();
  await done;
}

function rig() {
  const stream = new PassThrough();
  let text = '';
  const output = new HelperOutput(stream, (part) => (text += part));
  return { stream, output, text: () => text };
}

it('takes what is printed as it comes', async () => {
  const { stream, output, text } = rig();
  stream.write('one\n');
  await new Promise(setImmediate);
  expect(text()).toBe('one\n');
  stream.end();
  await exit(stream, output);
});

it('has everything that was printed before the exit and is read only after it', async () => {
  const { stream, output, text } = rig();
  stream.write('first\n');
  const done = exit(stream, output);
  await new Promise(setImmediate);
  stream.write('second\n');
  await new Promise((resolve) => setTimeout(resolve, 20));
  stream.end('last\n');
  await done;
  expect(text()).toBe('first\nsecond\nlast\n');
});

it('is done at once when the stream ended before the exit', async () => {
  const { stream, output, text } = rig();
  stream.end('all\n');
  await new Promise((resolve) => setTimeout(resolve, 20));
  const from = performance.now();
  await exit(stream, output);
  expect(text()).toBe('all\n');
  expect(performance.now() - from).toBeLessThan(1_000);
});

it('does not wait for ever for a pipe that somebody else holds open', async () => {
  const { stream, output, text } = rig();
  stream.write('words\n');
  await exit(stream, output);
  expect(text()).toBe('words\n');
});

it('keeps a character whole whose bytes come apart', async () => {
  const { stream, output, text } = rig();
  const bytes = Buffer.from('é');
  stream.write(bytes.subarray(0, 1));
  await new Promise(setImmediate);
  stream.end(bytes.subarray(1));
  await exit(stream, output);
  expect(text()).toBe('é');
});
