/** Allowed: what may pass a rule, who let it, how often it did, when that ends. */
import { Badge, Button, Caption1, makeStyles, mergeClasses, Table, TableBody, TableCell, TableHeader, TableHeaderCell, TableRow, Text, tokens } from '@fluentui/react-components';
import { CheckmarkStarburst32Regular } from '@fluentui/react-icons';
import type { ReactElement } from 'react';
import type { CallOutput } from '../../../shared/control/calls.ts';
import { useShared } from '../../api/app-state.ts';
import { useChange, useEngine } from '../../api/use-data.ts';
import { Empty, FailureBar, Loading, Mono, Screen } from '../../components/parts.tsx';
import { exact, span } from '../../components/times.ts';
import { useNow } from '../../components/use-now.ts';
import { baseName, middleCut, visibleText } from '../../components/visible-text.ts';
import { ALLOWED, COMMON } from '../../words/words.ts';

type Allow = CallOutput<'allowList'>['allows'][number];

const WEEK_MS = 7 * 86_400_000;
const NARROW = '@media (max-width: 800px)';

const useStyles = makeStyles({
  card: { backgroundColor: tokens.colorNeutralBackground1, border: `1px solid ${tokens.colorNeutralStroke2}`, borderRadius: tokens.borderRadiusXLarge, padding: '4px 12px' },
  program: { width: '30%', [NARROW]: { width: 'auto' } },
  rule: { width: '24%' },
  by: { width: '18%' },
  uses: { width: '56px' },
  ends: { width: '120px' },
  button: { width: '88px' },
  cell: { overflowWrap: 'anywhere', padding: '12px 8px', verticalAlign: 'top', [NARROW]: { display: 'block', padding: '4px 8px', height: 'auto' } },
  /** Without the heads of the columns each value says what it is. */
  named: { [NARROW]: { display: 'grid', gridTemplateColumns: '104px minmax(0, 1fr)', '::before': { content: 'attr(data-name)', color: tokens.colorNeutralForeground2 } } },
  row: { ':last-child': { borderBottom: 'none' }, [NARROW]: { display: 'block', padding: '8px 0' } },
  head: { [NARROW]: { display: 'none' } },
  over: { color: tokens.colorNeutralForeground3 },
  sub: { color: tokens.colorNeutralForeground2 },
  unseen: { position: 'absolute', width: '1px', height: '1px', overflow: 'hidden', clipPath: 'inset(50%)' },
  number: { fontVariantNumeric: 'tabular-nums' },
});

export function AllowedScreen(): ReactElement {
  const styles = useStyles();
  const { historyRevision, state } = useShared();
  const connected = state.connection === 'connected';
  const list = useEngine('allowList', {}, `${historyRevision ?? ''}${state.status?.state ?? ''}`);
  const allows = list.data?.allows ?? [];
  const waiting = connected && list.data === null && list.failure === null;
  return (
    <Screen title={ALLOWED.title} subtitle={ALLOWED.subtitle}>
      <FailureBar failure={connected ? list.failure : null} onRetry={() => list.reload()} onAsk={() => list.reload(true)} />
      <div className={styles.card}>
        {waiting ? <Loading /> : null}
        {list.data === null && !waiting ? <Empty icon={<CheckmarkStarburst32Regular />} text={ALLOWED.notShown} /> : null}
        {list.data !== null && allows.length === 0 ? <Empty icon={<CheckmarkStarburst32Regular />} text={ALLOWED.empty} hint={ALLOWED.emptyHint} /> : null}
        {allows.length === 0 ? null : <AllowTable allows={allows} onChanged={() => list.reload()} />}
      </div>
    </Screen>
  );
}

function AllowTable({ allows, onChanged }: { readonly allows: readonly Allow[]; readonly onChanged: () => void }): ReactElement {
  const styles = useStyles();
  return (
    <Table aria-label={ALLOWED.title}>
      <TableHeader className={styles.head}>
        <TableRow>
          <TableHeaderCell className={styles.program}>{ALLOWED.program}</TableHeaderCell>
          <TableHeaderCell className={styles.rule}>{ALLOWED.rule}</TableHeaderCell>
          <TableHeaderCell className={styles.by}>{ALLOWED.by}</TableHeaderCell>
          <TableHeaderCell className={styles.uses}>{ALLOWED.uses}</TableHeaderCell>
          <TableHeaderCell className={styles.ends}>{ALLOWED.ends}</TableHeaderCell>
          <TableHeaderCell className={styles.button}><span className={styles.unseen}>{ALLOWED.revoke}</span></TableHeaderCell>
        </TableRow>
      </TableHeader>
      <TableBody>{allows.map((allow) => <AllowRow key={allow.id} allow={allow} onChanged={onChanged} />)}</TableBody>
    </Table>
  );
}

function AllowRow({ allow, onChanged }: { readonly allow: Allow; readonly onChanged: () => void }): ReactElement {
  const styles = useStyles();
  const now = useNow(10_000);
  const revoke = useChange('allowRevoke');
  const run = async (ask: boolean): Promise<void> => {
    if ((await revoke.run({ id: allow.id }, ask)) !== null) onChanged();
  };
  const unused = !allow.expired && allow.uses === 0 && now - allow.createdAtMs > WEEK_MS;
  const cell = mergeClasses(styles.cell, allow.expired && styles.over);
  const named = mergeClasses(cell, styles.named);
  return (
    <TableRow className={styles.row}>
      <TableCell className={cell}>
        <Text weight="semibold" block>{visibleText(middleCut(baseName(allow.image), 120))}</Text>
        <Mono title={visibleText(allow.commandLine ?? allow.image)}>{allow.commandLine === null ? ALLOWED.anyArguments : visibleText(middleCut(allow.commandLine, 120))}</Mono>
        {unused ? <Caption1 block className={styles.sub}>{ALLOWED.unused}</Caption1> : null}
        <FailureBar failure={revoke.failure} onAsk={() => void run(true)} />
      </TableCell>
      <TableCell className={named} data-name={ALLOWED.rule}>{allow.ruleName}</TableCell>
      <TableCell className={named} data-name={ALLOWED.by}><div><Text block>{visibleText(allow.approver)}</Text><Caption1 className={styles.sub}>{visibleText(middleCut(allow.reason, 200))}</Caption1></div></TableCell>
      <TableCell className={mergeClasses(named, styles.number)} data-name={ALLOWED.uses} title={allow.lastUsedAt === null ? undefined : exact(allow.lastUsedAt)}>{allow.uses.toLocaleString('en')}</TableCell>
      <TableCell className={named} data-name={ALLOWED.ends} title={allow.expiresAtMs === null ? undefined : exact(new Date(allow.expiresAtMs).toISOString())}><div><End allow={allow} now={now} /></div></TableCell>
      <TableCell className={cell}><Button size="small" disabledFocusable={revoke.busy} onClick={() => void run(false)}>{allow.expired ? ALLOWED.remove : ALLOWED.revoke}</Button></TableCell>
    </TableRow>
  );
}

function End({ allow, now }: { readonly allow: Allow; readonly now: number }): ReactElement {
  if (allow.expired) return <Badge appearance="outline" color="informative">{ALLOWED.expired}</Badge>;
  if (allow.ends === 'once') return <>{ALLOWED.once}</>;
  if (allow.ends === 'boot') return <>{ALLOWED.boot}</>;
  if (allow.expiresAtMs === null) return <Badge appearance="tint" color="warning">{ALLOWED.permanent}</Badge>;
  return <>{COMMON.left(span(Math.max(0, allow.expiresAtMs - now)))}</>;
}
