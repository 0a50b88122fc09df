import { describe, expect, it } from 'vitest';
import { bookJudge } from '../../../../electron/engine/pipeline/book-judge.ts';
import type { PipelineEvent } from '../../../../electron/engine/pipeline/event-pipeline.ts';
import { judgeOfPacks } from '../../../../electron/engine/pipeline/sigma-judge.ts';
import type { TrustLevel } from '../../../../shared/packs/pack.ts';
import { CONTAINING_RULE, linked, makeSet, sigmaJudge, WHOAMI_RULE } from './plain-rules.ts';

function event(number: number, changes: Partial<PipelineEvent> = {}): PipelineEvent {
  const fields = { Image: 'C:\\whoami.exe', Computer: 'PC1' };
  return { number, time: null, timeMs: number * 1_000, kinds: [{ logsource: { product: 'windows', category: 'process_creation', service: 'sysmon' }, fields }], process: null, ...changes };
}

const COUNT = `${WHOAMI_RULE}---
title: Three times within a minute
id: 77777777-7777-4777-8777-777777777777
author: Somebody
level: high
response: contain
correlation:
  type: event_count
  rules: [11111111-1111-4111-8111-111111111111]
  group-by: [Computer]
  timespan: 1m
  condition: {gte: 3}
`;

describe('rules of packs', () => {
  it('convict only as far as they ask and their pack is trusted', () => {
    const conviction = (trust: TrustLevel, text = CONTAINING_RULE) => sigmaJudge(text, trust).judge(event(0))[0]?.evidence.conviction;
    expect([conviction('observe'), conviction('suspend'), conviction('contain')]).toEqual([null, 'pack-suspend', 'pack-contain']);
    expect(conviction('contain', WHOAMI_RULE)).toBeNull();
  });

  it('that several packs have judge once, by the first', () => {
    const packs = (['observe', 'contain'] as const).map((trust) => ({ linked: linked(CONTAINING_RULE), trust }));
    expect(judgeOfPacks(packs, makeSet).judge(event(0)).map(({ evidence }) => evidence.conviction)).toEqual([null]);
  });

  it('with placeholders that nobody filled do not judge', () => {
    expect(sigmaJudge(WHOAMI_RULE.replace("Image|endswith: '\\whoami.exe'", "Image|expand: '%tools%'")).judge(event(0))).toEqual([]);
  });
});

describe('correlations', () => {
  it('are findings of the event that completes them, with their own words and response; what they use up is silent', () => {
    const judge = sigmaJudge(COUNT, 'contain');
    expect([judge.judge(event(1)), judge.judge(event(2))]).toEqual([[], []]);
    expect(judge.judge(event(3))).toMatchObject([{ evidence: { title: 'Three times within a minute', level: 'high', conviction: 'pack-contain' }, author: 'Somebody', event: { number: 3 } }]);
  });

  it('count by the time of the events, and an event without one for nothing', () => {
    const judge = sigmaJudge(COUNT);
    const hits = [0, 100, 200, 300].map((second) => judge.judge(event(second)));
    expect(hits.flat()).toEqual([]);
    expect([1, 2, 3].flatMap((number) => sigmaJudge(COUNT).judge(event(number, { timeMs: null })))).toEqual([]);
  });

  it('start anew when nothing more comes', () => {
    const judge = sigmaJudge(COUNT);
    judge.judge(event(1));
    judge.judge(event(2));
    expect(judge.finish()).toEqual([]);
    expect(judge.judge(event(3))).toEqual([]);
  });
});

describe('rules of the book', () => {
  const [first] = linked(WHOAMI_RULE).rules.map(({ rule }) => rule);
  const asr = { id: 'guid', name: 'Keep whoami from running' };

  it('judge as if set to block, and are evidence where they can not be', () => {
    const judge = (modes: ('block' | 'audit' | 'warn')[]) => bookJudge([{ rule: { ...asr, modes }, definition: first! }], makeSet).judge(event(0));
    expect(judge(['block', 'audit'])).toMatchObject([{ evidence: { ruleId: 'guid', title: 'Keep whoami from running', source: 'asr', conviction: 'asr-block' }, author: null }]);
    expect(judge(['audit', 'warn'])).toMatchObject([{ evidence: { conviction: null } }]);
  });

  it('with several matching definitions are one finding, the gravest', () => {
    const grave = { ...first!, level: 'critical' as const };
    const hits = bookJudge([first!, grave, first!].map((definition) => ({ rule: { ...asr, modes: ['block'] }, definition })), makeSet).judge(event(0));
    expect(hits.map(({ evidence }) => evidence.level)).toEqual(['critical']);
  });
});
