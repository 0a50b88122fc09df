/** One entry: in plain words what happened and why, then everything that is known of it. */
import { Body1, Button, Caption1, makeStyles, MessageBar, MessageBarBody, Subtitle2, Title3, tokens } from '@fluentui/react-components';
import { CheckmarkStarburst20Regular, Copy20Regular, DocumentDismiss24Regular } from '@fluentui/react-icons';
import { useState, type ReactElement } from 'react';
import type { CallOutput } from '../../../shared/control/calls.ts';
import { useShared } from '../../api/app-state.ts';
import { useEngine } from '../../api/use-data.ts';
import { ActionBadge, kindOf } from '../../components/action.tsx';
import { AllowDialog } from '../../components/allow-dialog.tsx';
import { CodeBlock, Empty, Fact, FailureBar, Loading, Mono, Times } from '../../components/parts.tsx';
import { ago, exact } from '../../components/times.ts';
import { useNow } from '../../components/use-now.ts';
import { baseName, middleCut, visibleText } from '../../components/visible-text.ts';
import { ACTION, COMMON, DETAIL } from '../../words/words.ts';
import { Facts } from './facts.tsx';
import { markedPieces } from './marked.ts';
import { ProcessTree } from './process-tree.tsx';

type Detail = CallOutput<'historyDetail'>;

const LONGEST_NAME = 120;

const useStyles = makeStyles({
  root: { height: '100%', boxSizing: 'border-box', overflowY: 'auto', padding: '20px 24px 24px', display: 'flex', flexDirection: 'column', gap: '16px', borderRadius: tokens.borderRadiusXLarge, '& > *': { flexShrink: 0 }, ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '-2px' }, '@media (max-width: 900px)': { height: 'auto' } },
  head: { display: 'flex', flexDirection: 'column', gap: '8px' },
  line: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: '8px' },
  name: { overflowWrap: 'anywhere' },
  sub: { color: tokens.colorNeutralForeground2 },
  facts: { display: 'grid', gridTemplateColumns: 'minmax(96px, max-content) minmax(0, 1fr)', columnGap: '24px', rowGap: '8px', margin: 0, '& > dd': { margin: 0, minWidth: 0 } },
  part: { display: 'flex', flexDirection: 'column', gap: '8px' },
  mark: { backgroundColor: tokens.colorPaletteYellowBackground2, color: tokens.colorNeutralForeground1, boxShadow: `inset 0 -2px 0 ${tokens.colorPaletteYellowBorder2}`, borderRadius: '2px', padding: '2px 0', fontWeight: tokens.fontWeightSemibold },
});

export function DetailView({ id }: { readonly id: string }): ReactElement {
  const styles = useStyles();
  const { historyRevision, state } = useShared();
  const detail = useEngine('historyDetail', { id }, historyRevision);
  if (detail.data === null) {
    if (detail.failure !== null) return <Empty full icon={<DocumentDismiss24Regular />} text={DETAIL.notShown} hint={detail.failure.message}><Button onClick={() => detail.reload()}>{COMMON.retry}</Button></Empty>;
    return state.connection === 'connected' ? <Loading /> : <Empty full icon={<DocumentDismiss24Regular />} text={DETAIL.notShown} />;
  }
  return (
    <article className={styles.root} tabIndex={0} aria-label={detail.data.entry.rule.name}>
      <FailureBar failure={detail.failure} onRetry={() => detail.reload()} />
      <Shown detail={detail.data} onChanged={() => detail.reload()} />
    </article>
  );
}

function Shown({ detail, onChanged }: { readonly detail: Detail; readonly onChanged: () => void }): ReactElement {
  const styles = useStyles();
  const { entry } = detail;
  const { pause } = entry;
  const now = useNow(10_000);
  const kind = kindOf(entry);
  return (
    <>
      <div className={styles.head}>
        <div className={styles.line}><ActionBadge action={kind} /><Times count={entry.count} /><Caption1 className={styles.sub} title={exact(entry.lastTime)}>{ago(entry.lastTime, now)}</Caption1></div>
        <Title3 as="h2" className={styles.name}>{pause === undefined ? programOf(entry.process.image) : entry.rule.name}</Title3>
        <Body1>{entry.reason}</Body1>
        {pause === undefined ? <Caption1 className={styles.sub}>{ACTION[kind].meaning}</Caption1> : <Pause pause={pause} />}
      </div>
      {pause === undefined ? <Buttons detail={detail} onChanged={onChanged} /> : null}
      <div className={styles.part}><Subtitle2 as="h3">{pause === undefined ? DETAIL.commandLine : DETAIL.askedBy}</Subtitle2><CommandLine detail={detail} /></div>
      <div className={styles.part}><Subtitle2 as="h3">{DETAIL.tree}</Subtitle2><ProcessTree nodes={detail.tree} quiet={pause !== undefined} /></div>
      <Facts detail={detail} />
    </>
  );
}

function programOf(image: string): string {
  return image === '' ? DETAIL.noName : visibleText(middleCut(baseName(image), LONGEST_NAME));
}

/** Who, why, until when. */
function Pause({ pause: { event, who, reason, until, untilRestart } }: { readonly pause: NonNullable<Detail['entry']['pause']> }): ReactElement {
  const styles = useStyles();
  const of = { termClass: styles.sub, factClass: styles.name };
  return (
    <dl className={styles.facts}>
      <Fact {...of} term={DETAIL.pauseWho[event]}>{visibleText(who)}</Fact>
      <Fact {...of} term={DETAIL.pauseReason}>{visibleText(reason)}</Fact>
      {untilRestart || until !== null ? <Fact {...of} term={DETAIL.pauseUntil}>{untilRestart || until === null ? DETAIL.untilRestart : exact(until)}</Fact> : null}
    </dl>
  );
}

function CommandLine({ detail: { entry } }: { readonly detail: Detail }): ReactElement {
  const styles = useStyles();
  const patterns = entry.matched.filter(({ field }) => field === 'CommandLine').map(({ pattern }) => pattern);
  return <CodeBlock label={DETAIL.commandLine}>{entry.process.commandLine === '' ? <Mono>{DETAIL.noName}</Mono> : markedPieces(visibleText(entry.process.commandLine), patterns).map(({ text, marked }, index) => (marked ? <mark key={index} className={styles.mark}>{text}</mark> : text))}</CodeBlock>;
}

function Buttons({ detail, onChanged }: { readonly detail: Detail; readonly onChanged: () => void }): ReactElement {
  const styles = useStyles();
  const [allowing, setAllowing] = useState(false);
  const [copied, setCopied] = useState(false);
  const copy = (): void => void navigator.clipboard.writeText(JSON.stringify(detail.entry, null, 2)).then(() => setCopied(true));
  return (
    <>
      <div className={styles.line}>
        <Button icon={<CheckmarkStarburst20Regular />} disabled={detail.noAllowBecause !== null} onClick={() => setAllowing(true)}>{DETAIL.allow}</Button>
        <Button appearance="subtle" icon={<Copy20Regular />} onClick={copy}>{copied ? COMMON.copied : COMMON.copy}</Button>
        {detail.noAllowBecause === null ? null : <Caption1 className={styles.sub}>{detail.noAllowBecause}</Caption1>}
      </div>
      {detail.allowedBy.length === 0 ? null : <MessageBar intent="success"><MessageBarBody>{DETAIL.allowedAlready}</MessageBarBody></MessageBar>}
      {allowing ? <AllowDialog entry={detail.entry} onClose={() => { setAllowing(false); onChanged(); }} /> : null}
    </>
  );
}
