/** What was done, as word, sign and colour; never as colour alone. */
import { Badge, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { ArrowUndo16Filled, Eye16Filled, HandRight16Filled, Info16Filled, Pause16Filled, Play16Filled, Prohibited16Filled } from '@fluentui/react-icons';
import type { ReactElement } from 'react';
import type { HistoryEntry } from '../../shared/history/entry.ts';
import { ACTION, type ActionKind } from '../words/words.ts';

const ICONS: Readonly<Record<ActionKind, ReactElement>> = {
  prevented: <Prohibited16Filled />,
  suspended: <Pause16Filled />,
  stopped: <HandRight16Filled />,
  remediated: <ArrowUndo16Filled />,
  audited: <Eye16Filled />,
  observed: <Info16Filled />,
  paused: <Pause16Filled />,
  resumed: <Play16Filled />,
};
type Tone = 'bad' | 'middling' | 'calm' | 'quiet';
const TONES: Readonly<Record<ActionKind, Tone>> = { prevented: 'bad', suspended: 'middling', stopped: 'middling', remediated: 'calm', audited: 'calm', observed: 'quiet', paused: 'middling', resumed: 'quiet' };
const BADGES = { bad: 'danger', middling: 'severe', calm: 'brand', quiet: 'informative' } as const;

const useStyles = makeStyles({
  badge: { flexShrink: 0 },
  mark: { flexShrink: 0, boxSizing: 'border-box', display: 'flex', alignItems: 'center', justifyContent: 'center', width: '32px', height: '32px', borderRadius: tokens.borderRadiusCircular },
  word: { fontWeight: tokens.fontWeightSemibold },
  bad: { color: tokens.colorPaletteRedForeground2 },
  middling: { color: tokens.colorPaletteDarkOrangeForeground2 },
  calm: { color: tokens.colorBrandForeground2 },
  quiet: { color: tokens.colorNeutralForeground2 },
  badBack: { backgroundColor: tokens.colorStatusDangerBackground1, border: `1px solid ${tokens.colorStatusDangerBorder1}` },
  middlingBack: { backgroundColor: tokens.colorStatusWarningBackground1, border: `1px solid ${tokens.colorStatusWarningBorder1}` },
  calmBack: { backgroundColor: tokens.colorBrandBackground2, border: `1px solid ${tokens.colorBrandStroke2}` },
  quietBack: { backgroundColor: tokens.colorNeutralBackground3, border: `1px solid ${tokens.colorNeutralStroke1}` },
});

/** Of an entry or a line of history. */
export function kindOf({ action, pause }: Pick<HistoryEntry, 'action' | 'pause'>): ActionKind {
  if (pause === undefined) return action;
  return pause.event === 'begun' ? 'paused' : 'resumed';
}

export function ActionBadge({ action }: { readonly action: ActionKind }): ReactElement {
  const styles = useStyles();
  return <Badge className={styles.badge} appearance="tint" size="large" color={BADGES[TONES[action]]} icon={ICONS[action]} title={ACTION[action].meaning}>{ACTION[action].word}</Badge>;
}

/** The sign in a disc; the word stands beside it. */
export function ActionMark({ action }: { readonly action: ActionKind }): ReactElement {
  const styles = useStyles();
  const tone = TONES[action];
  return <span className={mergeClasses(styles.mark, styles[tone], styles[`${tone}Back`])} aria-hidden>{ICONS[action]}</span>;
}

export function ActionWord({ action }: { readonly action: ActionKind }): ReactElement {
  const styles = useStyles();
  return <span className={mergeClasses(styles.word, styles[TONES[action]])}>{ACTION[action].word}</span>;
}
