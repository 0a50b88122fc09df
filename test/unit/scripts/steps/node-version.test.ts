import { expect, it } from 'vitest';
import { nodeComplaint } from '../../../../scripts/steps/node-version.mjs';

it.each(['20.19.0', '20.20.2', '22.0.0', '24.1.0'])('accepts Node %s', (version) => {
  expect(nodeComplaint(version)).toBeNull();
});

it.each(['18.20.0', '20.18.1', '16.0.0'])('refuses Node %s and says what is needed', (version) => {
  expect(nodeComplaint(version)).toMatch(/20\.19 or newer/);
});
