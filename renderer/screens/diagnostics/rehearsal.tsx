/** Rehearsal: harmless look-alikes of attacks, each with what was promised and what came of it. */
import { Badge, Button, Caption1, Link, makeStyles, MessageBar, MessageBarBody, ProgressBar, Text, tokens } from '@fluentui/react-components';
import { PlayCircle20Regular } from '@fluentui/react-icons';
import { useEffect, useState, type ReactElement } from 'react';
import type { RehearsalState } from '../../../shared/ipc/table.ts';
import type { RehearsalResult } from '../../../shared/rehearsal/result.ts';
import type { Failure } from '../../../shared/result.ts';
import { useShared } from '../../api/app-state.ts';
import { listen, useBridge } from '../../api/bridge.ts';
import { FailureBar, Panel } from '../../components/parts.tsx';
import { visibleText } from '../../components/visible-text.ts';
import { DIAGNOSTICS } from '../../words/words.ts';

const useStyles = makeStyles({
  sub: { color: tokens.colorNeutralForeground2 },
  rows: { display: 'flex', flexDirection: 'column' },
  row: { display: 'grid', gridTemplateColumns: '96px minmax(0, 1fr) auto', columnGap: '12px', alignItems: 'start', padding: '8px 0', borderTop: `1px solid ${tokens.colorNeutralStroke3}` },
  text: { minWidth: 0, overflowWrap: 'anywhere' },
});

export function Rehearsal(): ReactElement {
  const styles = useStyles();
  const bridge = useBridge();
  const [state, setState] = useState<RehearsalState | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(() => {
    const end = listen(bridge, 'rehearsal', setState);
    void bridge.app('rehearsalState', {}).then((answer) => answer.ok && setState(answer.value));
    return end;
  }, [bridge]);
  const start = (): void => void bridge.app('rehearsalStart', {}).then((answer) => setFailure(answer.ok ? null : answer.error));
  const running = state?.running === true;
  const problem = state?.problem ?? null;
  const results = state?.results ?? [];
  return (
    <Panel title={DIAGNOSTICS.rehearsal} icon={<PlayCircle20Regular />} aside={running ? <Button onClick={() => void bridge.app('rehearsalCancel', {})}>{DIAGNOSTICS.stop}</Button> : <Button appearance="primary" onClick={start}>{DIAGNOSTICS.start}</Button>}>
      <Text className={styles.sub}>{DIAGNOSTICS.rehearsalText}</Text>
      {running ? <Progress done={results.length} planned={state.planned} /> : null}
      <div aria-live="polite"><Caption1>{running ? DIAGNOSTICS.running(results.length, state.planned) : results.length === 0 ? '' : DIAGNOSTICS.result(sumsOf(results))}</Caption1></div>
      <FailureBar failure={failure} />
      {problem === null ? null : <MessageBar intent="warning" layout="multiline"><MessageBarBody>{visibleText(problem)}</MessageBarBody></MessageBar>}
      <div className={styles.rows}>{results.map((result) => <ResultRow key={result.id} result={result} />)}</div>
    </Panel>
  );
}

/** Without a number of steps it only shows that something happens. */
function Progress({ done, planned }: { readonly done: number; readonly planned: number }): ReactElement {
  return planned > 0 ? <ProgressBar aria-label={DIAGNOSTICS.rehearsal} value={Math.min(done, planned)} max={planned} /> : <ProgressBar aria-label={DIAGNOSTICS.rehearsal} />;
}

function ResultRow({ result }: { readonly result: RehearsalResult }): ReactElement {
  const styles = useStyles();
  const { go } = useShared();
  const { historyId, happened, ok, note } = result;
  const said = [result.rule, happened === 'skipped' ? null : ok ? DIAGNOSTICS.good : DIAGNOSTICS.bad(result.expected), note].filter((part) => part !== null);
  return (
    <div className={styles.row}>
      <span><Badge appearance="tint" color={ok ? (happened === 'skipped' ? 'informative' : 'success') : 'danger'}>{DIAGNOSTICS.outcome[happened]}</Badge></span>
      <div className={styles.text}>
        <Text block>{visibleText(result.behaviour)}</Text>
        <Caption1 className={styles.sub}>{visibleText(said.join(' · '))}</Caption1>
      </div>
      {historyId === null ? <span /> : <Link onClick={() => go({ screen: 'history', historyId })}>{result.id}</Link>}
    </div>
  );
}

function sumsOf(results: readonly RehearsalResult[]): Parameters<typeof DIAGNOSTICS.result>[0] {
  const skipped = results.filter(({ ok, happened }) => ok && happened === 'skipped').length;
  const bad = results.filter(({ ok }) => !ok).length;
  return { good: results.length - skipped - bad, bad, skipped };
}
