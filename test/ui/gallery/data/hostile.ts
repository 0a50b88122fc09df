/** Texts that an attacker may choose: markup, turned and unseen characters, bytes that are no text, names without an end. */
import type { Sample } from './history.ts';

export const MARKUP = '<img src=x onerror="window.planted=true"><b>bold</b><script>window.planted=true</script>';
export const TURNED = 'invoice\u202Efdp.exe\u200B\u2066';
export const CONTROLS = 'a\nb\rc\u0000d\u001B[31me\u0007';
/** As the engine gives bytes that are no UTF-8: one lone surrogate for each (shared/text/surrogate-escape.ts). */
export const NO_TEXT = 'caf\udce9-\udcff\udcfe';
export const ENDLESS = 'an-endless-name-'.repeat(40);

export const HOSTILE_SAMPLES: readonly Sample[] = [
  {
    rule: 'office-children', action: 'prevented', mode: 'warn', minutesAgo: 1, severity: 'high',
    programs: [[`/tmp/${MARKUP}`, `sh -c ${MARKUP} ${TURNED} ${CONTROLS} ${NO_TEXT} ${ENDLESS}`, MARKUP], [`/tmp/${ENDLESS}`, ENDLESS], [`/tmp/${TURNED}`, TURNED], ['', '']],
    matched: [{ field: 'CommandLine', value: `${MARKUP}${CONTROLS}`, pattern: '*onerror*endless*' }, { field: ENDLESS.slice(0, 60), value: ENDLESS, pattern: MARKUP }],
    notes: [MARKUP, ENDLESS, CONTROLS],
  },
  { rule: 'copied-system-tools', action: 'stopped', mode: 'block', minutesAgo: 2, programs: [[`/tmp/${TURNED}`, `${TURNED} ${NO_TEXT}`], [`/tmp/${CONTROLS}`, CONTROLS]], matched: [] },
  { rule: 'rare-executables', action: 'audited', mode: 'audit', minutesAgo: 3, count: 999_999, programs: [[`/tmp/${ENDLESS}`, ENDLESS.repeat(20)], [`/tmp/${NO_TEXT}`, NO_TEXT]], matched: [] },
  { rule: 'removable-media', action: 'observed', mode: 'audit', minutesAgo: 4, programs: [['', '']], matched: [] },
];
