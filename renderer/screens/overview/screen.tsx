/** Overview: the state and why, what waits for a decision, the last day, sensors, what Holdfast itself uses. */
import { makeStyles, mergeClasses, MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import { CalendarClock20Regular, CheckmarkCircle32Regular } from '@fluentui/react-icons';
import type { ReactElement } from 'react';
import type { CallOutput } from '../../../shared/control/calls.ts';
import { useShared } from '../../api/app-state.ts';
import { useEngine } from '../../api/use-data.ts';
import { Empty, FailureBar, Loading, Panel, Screen } from '../../components/parts.tsx';
import { visibleText } from '../../components/visible-text.ts';
import { OVERVIEW } from '../../words/words.ts';
import { DayChart } from './day-chart.tsx';
import { FirstRun } from './first-run.tsx';
import { Questions } from './questions.tsx';
import { Sensors } from './sensors.tsx';
import { StateBanner } from './state-banner.tsx';
import { Usage } from './usage.tsx';

const useStyles = makeStyles({ grid: { display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(min(300px, 100%), 1fr))', gap: '16px' }, wide: { gridTemplateColumns: 'repeat(auto-fit, minmax(min(380px, 100%), 1fr))' } });

export function OverviewScreen(): ReactElement {
  const styles = useStyles();
  const { historyRevision, info, settings, state } = useShared();
  const summary = useEngine('historySummary', {}, historyRevision);
  const connected = state.connection === 'connected';
  return (
    <Screen title={OVERVIEW.title}>
      {settings.firstRunDone ? null : <FirstRun />}
      <StateBanner />
      {info === null || info.sandbox.on ? null : <MessageBar intent="warning" layout="multiline"><MessageBarBody><MessageBarTitle>{OVERVIEW.sandbox}</MessageBarTitle>{visibleText(info.sandbox.reason ?? '')}</MessageBarBody></MessageBar>}
      <FailureBar failure={connected ? summary.failure : null} onRetry={() => summary.reload()} />
      <div className={mergeClasses(styles.grid, summary.data?.undecided.length === 0 && styles.wide)}>
        {summary.data === null ? null : <Questions entries={summary.data.undecided} more={summary.data.undecidedMore} onDone={() => summary.reload()} />}
        {summary.failure !== null && summary.data === null ? null : <Day parts={summary.data?.parts ?? null} waiting={connected} />}
        <Sensors />
        <Usage />
      </div>
    </Screen>
  );
}

function Day({ parts, waiting }: { readonly parts: CallOutput<'historySummary'>['parts'] | null; readonly waiting: boolean }): ReactElement | null {
  if (parts === null && !waiting) return null;
  const quiet = parts?.every((part) => part.prevented + part.stopped + part.audited + part.observed === 0) === true;
  return (
    <Panel title={OVERVIEW.day} icon={<CalendarClock20Regular />}>
      {parts === null ? <Loading /> : quiet ? <Empty icon={<CheckmarkCircle32Regular />} text={OVERVIEW.dayNone} hint={OVERVIEW.dayHint} /> : <DayChart parts={parts} />}
    </Panel>
  );
}
