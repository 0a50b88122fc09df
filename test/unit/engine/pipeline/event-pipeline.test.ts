import { describe, expect, it } from 'vitest';
import { CaseBook } from '../../../../electron/engine/verdict/case-book.ts';
import { EventPipeline, type PipelineEvent } from '../../../../electron/engine/pipeline/event-pipeline.ts';
import type { FieldValue } from '../../../../electron/engine/rules/subject.ts';
import { CONTAINING_RULE, sigmaJudge, WHOAMI_RULE } from './plain-rules.ts';

const CASES = () => new CaseBook();

function event(fields: Readonly<Record<string, FieldValue>>, categories: readonly (string | null)[] = ['process_creation']): PipelineEvent {
  const kinds = categories.map((category) => ({ logsource: { product: 'windows', category, service: 'sysmon' }, fields }));
  const process = { key: 'a', guid: '{A}', pid: 1, image: 'C:\\whoami.exe', commandLine: 'whoami', parent: null };
  return { number: 0, time: '2026-01-01T00:00:00Z', timeMs: 0, kinds, process };
}

describe('an event on its way', () => {
  it('becomes findings that say by whose rule, on whom and why', () => {
    const { findings, verdicts } = new EventPipeline([sigmaJudge(WHOAMI_RULE)], CASES).take(event({ Image: 'C:\\whoami.exe' }));
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ evidence: { title: 'Whoami', level: 'medium', source: 'sigma' }, author: 'An Author', event: { process: { guid: '{A}' } } });
    expect(findings[0]!.explain()).toEqual([expect.objectContaining({ field: 'Image', value: 'C:\\whoami.exe' })]);
    expect(verdicts).toEqual([]);
  });

  it('that is of several kinds is found once by a rule that fits them all', () => {
    const rule = WHOAMI_RULE.replace('category: process_creation', 'service: sysmon');
    const { findings } = new EventPipeline([sigmaJudge(rule)], CASES).take(event({ Image: 'C:\\whoami.exe' }, ['registry_event', 'registry_add']));
    expect(findings).toHaveLength(1);
  });

  it('is judged by every judge, and each finding is evidence', () => {
    const convicting = sigmaJudge(CONTAINING_RULE, 'contain');
    const { findings, verdicts } = new EventPipeline([sigmaJudge(WHOAMI_RULE), convicting], CASES).take(event({ Image: 'C:\\whoami.exe' }));
    expect(findings.map(({ evidence }) => evidence.conviction)).toEqual([null, 'pack-contain']);
    expect(verdicts).toEqual([expect.objectContaining({ decision: 'contain', time: '2026-01-01T00:00:00Z', culprit: expect.objectContaining({ guid: '{A}' }) as object })]);
  });

  it('starts anew when the pipeline was told that nothing more comes', () => {
    const pipeline = new EventPipeline([sigmaJudge(CONTAINING_RULE, 'contain')], CASES);
    expect(pipeline.take(event({ Image: 'C:\\whoami.exe' })).verdicts).toHaveLength(1);
    expect(pipeline.take(event({ Image: 'C:\\whoami.exe' })).verdicts).toHaveLength(0);
    expect(pipeline.finish()).toEqual({ findings: [], verdicts: [] });
    expect(pipeline.take(event({ Image: 'C:\\whoami.exe' })).verdicts).toHaveLength(1);
  });
});
