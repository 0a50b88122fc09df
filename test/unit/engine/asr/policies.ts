/** Small policies for tests of the decision itself. */
import { compilePolicy, type CompiledPolicy } from '../../../../electron/engine/asr/judge.ts';
import type { Allow, PolicySnapshot, SnapshotRule } from '../../../../shared/policy/snapshot.ts';

export const SHELL_FROM_OFFICE = definition('office', { parent: { 'ParentImage|endswith': '/soffice.bin' }, shell: { 'Image|endswith': ['/sh', '/bash'] }, condition: 'parent and shell' });
export const CURL_LINE = definition('curl', { tool: { 'Image|endswith': '/curl' }, line: { 'CommandLine|contains': 'evil' }, condition: 'tool and line' });

export function definition(id: string, detection: unknown, category = 'process_creation', level = 'high'): unknown {
  return { id, title: id, level, logsource: { product: 'linux', category }, detection };
}

export function rule(id: string, definitions: readonly unknown[], more: Partial<SnapshotRule> = {}): SnapshotRule {
  return { id, name: `Rule ${id}`, reason: 'Because.', severity: 'informational', source: 'asr', attack: ['T1059'], mode: 'block', exclusions: [], definitions: [...definitions], ...more };
}

export function policy(rules: readonly SnapshotRule[], more: Partial<PolicySnapshot> = {}): CompiledPolicy {
  const compiled = compilePolicy(snapshot(rules, more));
  if (!compiled.ok) throw new Error(compiled.error.message);
  return compiled.value;
}

export function snapshot(rules: readonly SnapshotRule[], more: Partial<PolicySnapshot> = {}): PolicySnapshot {
  return { version: 1, generation: 7, fail: 'open', deadlineMs: 100, pausedUntilMs: null, rules: [...rules], exclusions: [], allows: [], systemTools: {}, guardedFiles: [], ...more };
}

export function allow(more: Partial<Allow> = {}): Allow {
  return {
    id: 'allow-1',
    ruleId: 'r',
    image: '/usr/bin/bash',
    content: null,
    commandLine: null,
    parentImage: null,
    expiresAtMs: 2_000,
    ends: 'time',
    bootId: null,
    reason: 'work',
    approver: 'ada',
    createdAtMs: 0,
    ...more,
  };
}
