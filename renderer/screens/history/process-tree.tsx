/** How it came to run: from the session down to the program, where it began marked, and what had ended below it. */
import { Badge, Caption1, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { Flag16Filled, Prohibited16Filled, Square12Regular } from '@fluentui/react-icons';
import type { ReactElement } from 'react';
import type { TreeNode } from '../../../shared/history/tree.ts';
import { Mono } from '../../components/parts.tsx';
import { baseName, middleCut, visibleText } from '../../components/visible-text.ts';
import { DETAIL } from '../../words/words.ts';
import { placesOf } from './tree-places.ts';

const ROW = 32;
const STEP = 16;
/** Where there is little room, the names get it. */
const MOST_INDENT = 'max(6%, 40% - 82px)';
const LONGEST_NAME = 80;
const LONGEST_ARGUMENTS = 300;

const useStyles = makeStyles({
  tree: { listStyle: 'none', margin: 0, padding: '4px 0', overflow: 'hidden' },
  node: { position: 'relative', boxSizing: 'border-box', height: `${ROW}px`, display: 'flex', alignItems: 'center', gap: '8px', paddingRight: '8px', borderRadius: tokens.borderRadiusMedium },
  subject: { backgroundColor: tokens.colorStatusDangerBackground1, boxShadow: `inset 0 0 0 1px ${tokens.colorStatusDangerBorder1}` },
  culprit: { backgroundColor: tokens.colorStatusWarningBackground1, boxShadow: `inset 0 0 0 1px ${tokens.colorStatusWarningBorder1}` },
  elbow: { position: 'absolute', width: `${STEP / 2 + 1}px`, boxSizing: 'border-box', borderLeft: `1px solid ${tokens.colorNeutralStroke1}`, borderBottom: `1px solid ${tokens.colorNeutralStroke1}`, borderBottomLeftRadius: '4px', pointerEvents: 'none' },
  sign: { flexShrink: 0, display: 'flex', alignItems: 'center', justifyContent: 'center', width: '16px', color: tokens.colorNeutralForeground3 },
  bad: { color: tokens.colorStatusDangerForeground1 },
  began: { color: tokens.colorStatusWarningForeground1 },
  name: { flexShrink: 1, minWidth: '24px', fontWeight: tokens.fontWeightSemibold, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap', overflowWrap: 'normal' },
  ended: { textDecorationLine: 'line-through' },
  pid: { flexShrink: 0, color: tokens.colorNeutralForeground2, fontVariantNumeric: 'tabular-nums' },
  args: { flexGrow: 1, flexShrink: 1_000, minWidth: 0, color: tokens.colorNeutralForeground2, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap', overflowWrap: 'normal' },
  badge: { flexShrink: 0 },
});

/** `quiet`: nothing bad was done by the subject. */
export function ProcessTree({ nodes, quiet = false }: { readonly nodes: readonly TreeNode[]; readonly quiet?: boolean }): ReactElement {
  const styles = useStyles();
  return (
    <ol className={styles.tree}>
      {placesOf(nodes).map((place) => <Node key={place.node.key} {...place} quiet={quiet} />)}
    </ol>
  );
}

function Node({ node, depth, rowsBelowParent, quiet }: ReturnType<typeof placesOf>[number] & { readonly quiet: boolean }): ReactElement {
  const styles = useStyles();
  const is = (role: TreeNode['roles'][number]): boolean => node.roles.includes(role);
  const culprit = is('culprit') && !is('subject');
  const bad = is('subject') && !quiet;
  const ended = is('ended') || is('endedBefore');
  const left = depth * STEP + 8;
  return (
    <li className={mergeClasses(styles.node, bad && styles.subject, culprit && styles.culprit)} style={{ paddingLeft: `min(${left}px, ${MOST_INDENT})` }} title={visibleText(`${node.image}\n${middleCut(node.commandLine, 1_000)}`).replace('\\x0a', '\n')}>
      {depth === 0 ? null : <span className={styles.elbow} style={{ left: `min(${left - STEP + 7}px, calc(${MOST_INDENT} - ${STEP - 7}px))`, height: `${rowsBelowParent * ROW - ROW / 2}px`, bottom: `${ROW / 2}px` }} aria-hidden />}
      <span className={mergeClasses(styles.sign, culprit && styles.began, bad && styles.bad)} aria-hidden>{bad ? <Prohibited16Filled /> : culprit ? <Flag16Filled /> : <Square12Regular />}</span>
      <Mono className={mergeClasses(styles.name, ended && styles.ended)}>{node.image === '' ? DETAIL.noName : visibleText(middleCut(baseName(node.image), LONGEST_NAME))}</Mono>
      <Caption1 className={styles.pid}>{node.pid}</Caption1>
      <Mono className={styles.args}>{visibleText(argumentsOf(node))}</Mono>
      {is('subject') ? <Badge className={styles.badge} color={quiet ? 'informative' : 'danger'} appearance="tint">{DETAIL.subject}</Badge> : null}
      {is('culprit') ? <Badge className={styles.badge} color="severe" appearance="tint">{DETAIL.culprit}</Badge> : null}
      {ended ? <Badge className={styles.badge} color="informative" appearance="tint">{is('ended') ? DETAIL.ended : DETAIL.endedBefore}</Badge> : null}
    </li>
  );
}

/** The name stands beside it already. */
function argumentsOf({ commandLine }: TreeNode): string {
  const space = commandLine.indexOf(' ');
  return space === -1 ? '' : middleCut(commandLine.slice(space + 1), LONGEST_ARGUMENTS);
}
