/** What was refused with a question and nobody has answered yet. No answer leaves it refused. */
import { Button, Caption1, makeStyles, Text, tokens } from '@fluentui/react-components';
import { CheckmarkCircle32Regular, QuestionCircle20Regular } from '@fluentui/react-icons';
import { useState, type ReactElement } from 'react';
import type { HistoryEntry } from '../../../shared/history/entry.ts';
import { useShared } from '../../api/app-state.ts';
import { useChange } from '../../api/use-data.ts';
import { AllowDialog } from '../../components/allow-dialog.tsx';
import { ActionMark } from '../../components/action.tsx';
import { Empty, FailureBar, Mono, Panel } from '../../components/parts.tsx';
import { ago, exact } from '../../components/times.ts';
import { useNow } from '../../components/use-now.ts';
import { baseName, middleCut, visibleText } from '../../components/visible-text.ts';
import { OVERVIEW } from '../../words/words.ts';

const SHOWN = 4;

const useStyles = makeStyles({
  panel: { gridColumn: '1 / -1' },
  question: { display: 'flex', gap: '12px', alignItems: 'flex-start', flexWrap: 'wrap', paddingTop: '12px', borderTop: `1px solid ${tokens.colorNeutralStroke2}` },
  text: { flexGrow: 1, flexBasis: '260px', minWidth: 0, display: 'flex', flexDirection: 'column', gap: '4px', overflowWrap: 'anywhere' },
  sub: { color: tokens.colorNeutralForeground2 },
  buttons: { display: 'flex', gap: '8px', flexWrap: 'wrap' },
});

export function Questions({ entries, more, onDone }: { readonly entries: readonly HistoryEntry[]; readonly more: number; readonly onDone: () => void }): ReactElement {
  const styles = useStyles();
  const [allowing, setAllowing] = useState<HistoryEntry | null>(null);
  const dismiss = useChange('undecidedDismiss');
  return (
    <Panel title={OVERVIEW.undecided} icon={<QuestionCircle20Regular />} {...(entries.length === 0 ? {} : { className: styles.panel })}>
      {entries.length === 0 ? <Empty icon={<CheckmarkCircle32Regular />} text={OVERVIEW.undecidedNone} hint={OVERVIEW.undecidedHint} /> : null}
      {entries.slice(0, SHOWN).map((entry) => <Question key={entry.id} entry={entry} onAllow={() => setAllowing(entry)} onLeave={() => void dismiss.run({ historyId: entry.id }).then(onDone)} />)}
      {more > 0 ? <Caption1>{OVERVIEW.undecidedMore(more)}</Caption1> : null}
      <FailureBar failure={dismiss.failure} />
      {allowing === null ? null : <AllowDialog entry={allowing} onClose={() => { setAllowing(null); onDone(); }} />}
    </Panel>
  );
}

function Question({ entry, onAllow, onLeave }: { readonly entry: HistoryEntry; readonly onAllow: () => void; readonly onLeave: () => void }): ReactElement {
  const styles = useStyles();
  const { go } = useShared();
  const now = useNow(10_000);
  return (
    <div className={styles.question}>
      <ActionMark action={entry.action} />
      <div className={styles.text}>
        <Text weight="semibold">{visibleText(middleCut(baseName(entry.process.image), 80))}</Text>
        <Mono title={visibleText(entry.process.commandLine)}>{visibleText(middleCut(entry.process.commandLine, 120))}</Mono>
        <Caption1 className={styles.sub} title={exact(entry.lastTime)}>{entry.rule.name} · {ago(entry.lastTime, now)}</Caption1>
      </div>
      <div className={styles.buttons}>
        <Button size="small" appearance="subtle" onClick={() => go({ screen: 'history', historyId: entry.id })}>{OVERVIEW.why}</Button>
        <Button size="small" onClick={onLeave}>{OVERVIEW.leave}</Button>
        <Button size="small" onClick={onAllow}>{OVERVIEW.allow}</Button>
      </div>
    </div>
  );
}
