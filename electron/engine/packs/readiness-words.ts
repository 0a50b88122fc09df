/** Why a Sigma rule can not fire here, or not fully, and what would change that. */

export const READINESS = {
  degraded: (fields: readonly string[]) => `Nothing here fills ${fields.join(', ')}; the rule works without.`,
  fieldsNeeded: (fields: readonly string[]) => `The rule needs ${fields.join(', ')}, which nothing here fills.`,
  noSensor: (source: string) => `This version has no sensor for ${source === '' ? 'events of no stated kind' : source}.`,
  otherSystem: (product: string) => (product === 'windows' ? 'These events are Windows\'; this version has no Windows sensor. Recorded ones can be replayed: holdfast replay' : `These events come from ${product}, not from this device.`),
  rootNeeded: 'Start Holdfast as root: without administrator rights programs are seen late, short ones not at all.',
  placeholder: (names: readonly string[]) => `It waits for the list ${names.join(', ')}, which its placeholder names.`,
} as const;
