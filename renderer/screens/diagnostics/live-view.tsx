/** Events as they come, while somebody looks. Paused it asks for nothing. */
import { Badge, Button, Caption1, makeStyles, SearchBox, tokens } from '@fluentui/react-components';
import { Pause20Regular, Play20Regular, Pulse20Regular } from '@fluentui/react-icons';
import { useEffect, useRef, useState, type ReactElement } from 'react';
import type { LiveEvent } from '../../../shared/live/event.ts';
import type { Failure } from '../../../shared/result.ts';
import { useBridge } from '../../api/bridge.ts';
import { FailureBar, Mono, Panel } from '../../components/parts.tsx';
import { middleCut, visibleText } from '../../components/visible-text.ts';
import { DIAGNOSTICS } from '../../words/words.ts';

const EVERY_MS = 1_000;
const KEPT = 200;

const useStyles = makeStyles({
  bar: { display: 'flex', gap: '8px', flexWrap: 'wrap', alignItems: 'center' },
  filter: { flexGrow: 1, maxWidth: '320px', minWidth: '160px' },
  sub: { color: tokens.colorNeutralForeground2 },
  list: { height: '264px', overflowY: 'auto', backgroundColor: tokens.colorNeutralBackground3, border: `1px solid ${tokens.colorNeutralStroke3}`, borderRadius: tokens.borderRadiusMedium, padding: '8px 12px', ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` } },
  row: { display: 'grid', gridTemplateColumns: '72px 96px minmax(0, 1fr)', columnGap: '12px', alignItems: 'baseline', padding: '4px 0', '@media (max-width: 700px)': { gridTemplateColumns: '72px minmax(0, 1fr)' } },
  what: { minWidth: 0, overflowWrap: 'anywhere' },
  time: { fontVariantNumeric: 'tabular-nums', color: tokens.colorNeutralForeground2 },
});
const COLOURS: Readonly<Record<NonNullable<LiveEvent['outcome']>, 'danger' | 'severe' | 'brand' | 'success' | 'informative'>> = { prevented: 'danger', stopped: 'severe', audited: 'brand', allowed: 'success', observed: 'informative', clear: 'informative' };

export function LiveView(): ReactElement {
  const styles = useStyles();
  const [watching, setWatching] = useState(false);
  const [text, setText] = useState('');
  const { events, missed, failure } = useLive(watching, text);
  return (
    <Panel title={DIAGNOSTICS.live} icon={<Pulse20Regular />}>
      <div className={styles.bar}>
        <Button icon={watching ? <Pause20Regular /> : <Play20Regular />} onClick={() => setWatching(!watching)}>{watching ? DIAGNOSTICS.livePause : DIAGNOSTICS.liveStart}</Button>
        <SearchBox className={styles.filter} placeholder={DIAGNOSTICS.filter} aria-label={DIAGNOSTICS.filter} value={text} maxLength={200} onChange={(_, { value }) => setText(value)} />
        {missed > 0 ? <Caption1>{DIAGNOSTICS.missed(missed)}</Caption1> : null}
      </div>
      <FailureBar failure={failure} />
      <div className={styles.list} tabIndex={0} role="log" aria-label={DIAGNOSTICS.live}>
        {events.length === 0 ? <Caption1 className={styles.sub}>{watching ? DIAGNOSTICS.liveNone : DIAGNOSTICS.liveHint}</Caption1> : null}
        {events.map((event) => <Row key={event.seq} event={event} />)}
      </div>
    </Panel>
  );
}

function Row({ event }: { readonly event: LiveEvent }): ReactElement {
  const styles = useStyles();
  return (
    <div className={styles.row}>
      <Caption1 className={styles.time}>{new Date(event.time).toLocaleTimeString()}</Caption1>
      <span className={styles.what}>{event.outcome === null || event.outcome === 'clear' ? <Caption1 className={styles.sub}>{DIAGNOSTICS.kinds[event.kind] ?? visibleText(middleCut(event.kind, 20))}</Caption1> : <Badge appearance="tint" color={COLOURS[event.outcome]}>{DIAGNOSTICS.liveOutcome[event.outcome]}</Badge>}</span>
      <Mono title={visibleText(event.image)}>{visibleText(middleCut(event.commandLine === '' ? event.image : event.commandLine, 160))}</Mono>
    </div>
  );
}

function useLive(watching: boolean, text: string): { readonly events: readonly LiveEvent[]; readonly missed: number; readonly failure: Failure | null } {
  const bridge = useBridge();
  const [events, setEvents] = useState<readonly LiveEvent[]>([]);
  const [missed, setMissed] = useState(0);
  const [failure, setFailure] = useState<Failure | null>(null);
  const after = useRef<number | null>(null);
  useEffect(() => {
    if (!watching) return;
    const look = async (): Promise<void> => {
      const answer = await bridge.engine('liveEvents', { after: after.current, text });
      setFailure(answer.ok ? null : answer.error);
      if (!answer.ok) return;
      after.current = answer.value.last;
      setMissed((before) => before + answer.value.missed);
      setEvents((before) => [...[...answer.value.events].reverse(), ...before].slice(0, KEPT));
    };
    void look();
    const timer = setInterval(() => void look(), EVERY_MS);
    return () => clearInterval(timer);
  }, [bridge, watching, text]);
  return { events, missed, failure };
}
