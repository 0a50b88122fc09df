/** The state at a glance: one word, why, and what to do about it. */
import { Body1, Button, Caption1, makeStyles, mergeClasses, Title3, tokens } from '@fluentui/react-components';
import { useState, type ReactElement } from 'react';
import type { Status } from '../../../shared/status/status.ts';
import { useShared } from '../../api/app-state.ts';
import { useChange } from '../../api/use-data.ts';
import { FailureBar } from '../../components/parts.tsx';
import { PresetDialog } from '../../components/preset-dialog.tsx';
import { kindOf, STATE_LOOK, useToneDiscs, useTones, type StateKind } from '../../components/state-look.tsx';
import { exact } from '../../components/times.ts';
import { useNextButton } from '../../components/use-next-button.ts';
import { visibleText } from '../../components/visible-text.ts';
import { OVERVIEW, STATE } from '../../words/words.ts';

const useStyles = makeStyles({
  card: { boxSizing: 'border-box', padding: '20px 24px', display: 'flex', flexDirection: 'column', gap: '12px', backgroundColor: tokens.colorNeutralBackground1, border: `1px solid ${tokens.colorNeutralStroke2}`, borderRadius: tokens.borderRadiusXLarge },
  row: { display: 'flex', gap: '20px', alignItems: 'center', flexWrap: 'wrap' },
  disc: { flexShrink: 0, boxSizing: 'border-box', display: 'flex', alignItems: 'center', justifyContent: 'center', width: '64px', height: '64px', borderRadius: tokens.borderRadiusCircular },
  text: { flexGrow: 1, flexBasis: '300px', minWidth: 0, display: 'flex', flexDirection: 'column', gap: '4px', overflowWrap: 'anywhere' },
  counts: { color: tokens.colorNeutralForeground2 },
  reasons: { margin: '0 0 0 84px', padding: '12px 0 0 16px', borderTop: `1px solid ${tokens.colorNeutralStroke2}`, color: tokens.colorNeutralForeground2, overflowWrap: 'anywhere', '& > li': { paddingBottom: '4px' }, '@media (max-width: 700px)': { marginLeft: 0 } },
  buttons: { display: 'flex', gap: '8px', flexWrap: 'wrap' },
});

export function StateBanner(): ReactElement {
  const styles = useStyles();
  const tones = useTones();
  const discs = useToneDiscs();
  const { state } = useShared();
  const kind = kindOf(state);
  const { tone, large } = STATE_LOOK[kind];
  const reasons = kind === 'notConnected' ? [] : (state.status?.reasons ?? []);
  return (
    <div className={styles.card} role="region" aria-label={STATE[kind].title} aria-live="polite">
      <div className={styles.row}>
        <span className={mergeClasses(styles.disc, discs[tone])} aria-hidden>{large}</span>
        <div className={styles.text}>
          <Title3 as="h2" className={tones[tone]}>{STATE[kind].title}</Title3>
          <Body1>{meaningOf(kind, state.status)}</Body1>
          {state.status === null || kind === 'notConnected' ? null : <Caption1 className={styles.counts}>{OVERVIEW.rulesOn(state.status.rules.block, state.status.rules.warn, state.status.rules.audit)}</Caption1>}
        </div>
        <NextSteps kind={kind} />
      </div>
      {reasons.length === 0 ? null : <ul className={styles.reasons}>{reasons.map(({ code, message }) => <li key={code + message}>{visibleText(message)}</li>)}</ul>}
    </div>
  );
}

function meaningOf(kind: StateKind, status: Status | null): string {
  const pause = status?.pause ?? null;
  const until = status?.pausedUntil ?? null;
  if (kind !== 'paused' || pause === null) return STATE[kind].meaning;
  return OVERVIEW.pausedBy(visibleText(pause.who), until === null ? null : exact(until));
}

function NextSteps({ kind }: { readonly kind: StateKind }): ReactElement {
  const styles = useStyles();
  const { go, settings } = useShared();
  const [choosing, setChoosing] = useState(false);
  const resume = useChange('resume');
  const { place, pressed } = useNextButton(kind);
  const end = (ask = false): void => {
    pressed();
    void resume.run({}, ask);
  };
  return (
    <>
      <div className={styles.buttons} ref={place}>
        {kind === 'watchingOnly' && settings.firstRunDone ? <Button appearance="primary" onClick={() => setChoosing(true)}>{OVERVIEW.choosePreset}</Button> : null}
        {kind === 'paused' ? <Button appearance="primary" onClick={() => end()}>{OVERVIEW.resume}</Button> : null}
        {settings.firstRunDone && (kind === 'protected' || kind === 'watchingOnly' || kind === 'partlyProtected') ? <Button onClick={() => go({ screen: 'diagnostics', historyId: null })}>{OVERVIEW.rehearse}</Button> : null}
      </div>
      <FailureBar failure={resume.failure} onAsk={() => end(true)} />
      {choosing ? <PresetDialog preset="standard" onClose={() => setChoosing(false)} /> : null}
    </>
  );
}
