/** What is known of an entry, in order of how often somebody asks for it. */
import { Badge, Caption1, Link, makeStyles, Subtitle2, Text, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { CallOutput } from '../../../shared/control/calls.ts';
import { useBridge } from '../../api/bridge.ts';
import { Fact, Mono } from '../../components/parts.tsx';
import { exact } from '../../components/times.ts';
import { visibleText } from '../../components/visible-text.ts';
import { DETAIL, MODE } from '../../words/words.ts';

type Detail = CallOutput<'historyDetail'>;

const MATCHES = 8;
const TIMES = 5;
const LONGEST_VALUE = 160;

const useStyles = makeStyles({
  part: { display: 'flex', flexDirection: 'column', gap: '8px' },
  facts: { display: 'grid', gridTemplateColumns: 'minmax(96px, max-content) minmax(0, 1fr)', columnGap: '24px', rowGap: '12px', margin: 0, paddingTop: '16px', borderTop: `1px solid ${tokens.colorNeutralStroke2}` },
  term: { color: tokens.colorNeutralForeground2 },
  fact: { margin: 0, minWidth: 0, overflowWrap: 'anywhere' },
  table: { width: '100%', tableLayout: 'fixed', borderCollapse: 'collapse', '& th, & td': { padding: '8px 12px 8px 0', textAlign: 'left', verticalAlign: 'top', fontWeight: 'inherit', overflowWrap: 'anywhere', borderTop: `1px solid ${tokens.colorNeutralStroke3}` } },
  field: { width: '26%' },
  head: { color: tokens.colorNeutralForeground2 },
  line: { display: 'flex', flexWrap: 'wrap', gap: '8px', alignItems: 'center' },
});

export function Facts({ detail: { entry, rule, times } }: { readonly detail: Detail }): ReactElement {
  const styles = useStyles();
  const of = { termClass: styles.term, factClass: styles.fact };
  return (
    <>
      {entry.matched.length === 0 ? null : <Matched matched={entry.matched} />}
      <dl className={styles.facts}>
        <Fact {...of} term={DETAIL.rule}><span className={styles.line}><Text>{rule.name}</Text>{entry.rule.mode === null ? null : <Badge appearance="outline" color="informative">{MODE[entry.rule.mode].word}</Badge>}</span>{rule.definitionTitle === null ? null : <Caption1 block>{rule.definitionTitle}</Caption1>}</Fact>
        <Fact {...of} term={DETAIL.program}><Mono>{entry.process.image === '' ? DETAIL.noName : visibleText(entry.process.image)}</Mono></Fact>
        <Fact {...of} term={DETAIL.user}>{visibleText(entry.process.user)}</Fact>
        <Fact {...of} term={DETAIL.times}>{times.slice(0, TIMES).map((time) => <Text key={time} block>{exact(time)}</Text>)}{times.length > TIMES ? <Caption1>{DETAIL.moreTimes(times.length - TIMES)}</Caption1> : null}</Fact>
        {entry.rule.attack.length === 0 ? null : <Fact {...of} term={DETAIL.attack}><Attack ids={entry.rule.attack} /></Fact>}
        {rule.author === null ? null : <Fact {...of} term={DETAIL.author}>{visibleText(rule.author)}</Fact>}
        {entry.notes.length === 0 ? null : <Fact {...of} term={DETAIL.notes}>{entry.notes.map((note) => <Text key={note} block>{visibleText(note)}</Text>)}</Fact>}
        {entry.notice === undefined ? null : <Fact {...of} term={DETAIL.notice}>{DETAIL.noticeOutcome[entry.notice.outcome]}</Fact>}
        {rule.falsepositives.length === 0 ? null : <Fact {...of} term={DETAIL.mistaken}>{rule.falsepositives.map((one) => <Text key={one} block>{one}</Text>)}</Fact>}
      </dl>
    </>
  );
}

function Matched({ matched }: { readonly matched: Detail['entry']['matched'] }): ReactElement {
  const styles = useStyles();
  return (
    <div className={styles.part}>
      <Subtitle2 as="h3">{DETAIL.matched}</Subtitle2>
      <table className={styles.table}>
        <thead><tr className={styles.head}><th scope="col" className={styles.field}><Caption1>{DETAIL.field}</Caption1></th><th scope="col"><Caption1>{DETAIL.value}</Caption1></th><th scope="col"><Caption1>{DETAIL.pattern}</Caption1></th></tr></thead>
        <tbody>
          {matched.slice(0, MATCHES).map(({ field, value, pattern }) => (
            <tr key={field + pattern}><td><Text weight="semibold">{visibleText(field)}</Text></td><td><Mono>{visibleText(value.slice(0, LONGEST_VALUE))}</Mono></td><td><Mono>{visibleText(pattern.slice(0, LONGEST_VALUE))}</Mono></td></tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Attack({ ids }: { readonly ids: readonly string[] }): ReactElement {
  const styles = useStyles();
  const bridge = useBridge();
  return <span className={styles.line}>{ids.map((technique) => <Link key={technique} onClick={() => void bridge.app('openLink', { kind: 'attack', technique })}>{technique}</Link>)}</span>;
}
