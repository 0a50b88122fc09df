/**
 * MITRE ATT&CK in the tags of a rule. Tactics are read in the words of every version: up to 18 there is Defense Evasion
 * (TA0005); version 19 calls what is left of it Stealth (still TA0005) and has Defense Impairment (TA0112) beside it.
 * Old rules write `attack.defense_evasion`, newer ones `attack.defense-evasion`.
 */

export interface Tactic {
  /** `TA0005`. An id alone does not say which version is meant. */
  readonly id: string;
  readonly name: string;
}

const TACTICS: ReadonlyMap<string, Tactic> = new Map(
  (
    [
      ['TA0043', 'Reconnaissance'],
      ['TA0042', 'Resource Development'],
      ['TA0001', 'Initial Access'],
      ['TA0002', 'Execution'],
      ['TA0003', 'Persistence'],
      ['TA0004', 'Privilege Escalation'],
      ['TA0005', 'Defense Evasion'],
      ['TA0005', 'Stealth'],
      ['TA0112', 'Defense Impairment'],
      ['TA0006', 'Credential Access'],
      ['TA0007', 'Discovery'],
      ['TA0008', 'Lateral Movement'],
      ['TA0009', 'Collection'],
      ['TA0011', 'Command and Control'],
      ['TA0010', 'Exfiltration'],
      ['TA0040', 'Impact'],
    ] as const
  ).map(([id, name]) => [name.toLowerCase().replaceAll(' ', '-'), { id, name }]),
);

export interface Attack {
  readonly tactics: readonly Tactic[];
  /** `T1059.004`, upper case. */
  readonly techniques: readonly string[];
}

/** What the tags say of ATT&CK, each once, in their order. Other tags (`cve.…`, groups, software) are left alone. */
export function attackOf(tags: readonly string[]): Attack {
  const tactics = new Set<Tactic>();
  const techniques = new Set<string>();
  for (const tag of tags) {
    const word = /^attack\.(.+)$/.exec(tag.toLowerCase())?.[1];
    if (word === undefined) continue;
    const tactic = TACTICS.get(word.replaceAll('_', '-'));
    if (tactic) tactics.add(tactic);
    else if (/^t\d{4}(?:\.\d{3})?$/.test(word)) techniques.add(word.toUpperCase());
  }
  return { tactics: [...tactics], techniques: [...techniques] };
}
