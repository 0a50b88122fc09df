/** Sums and small bars of the last 24 hours. The same numbers stand in a table for those who do not see the picture. */
import { Caption1, makeStyles, Text, tokens } from '@fluentui/react-components';
import type { CSSProperties, ReactElement } from 'react';
import type { CallOutput } from '../../../shared/control/calls.ts';
import { useShared } from '../../api/app-state.ts';
import { hourAndMinute } from '../../components/times.ts';
import { ACTION, OVERVIEW } from '../../words/words.ts';

type Parts = CallOutput<'historySummary'>['parts'];
const KINDS = ['prevented', 'stopped', 'audited', 'observed'] as const;
const HEIGHT = 72;
const COLOURS = { prevented: tokens.colorPaletteRedBackground3, stopped: tokens.colorPaletteDarkOrangeBackground3, audited: tokens.colorBrandBackground, observed: tokens.colorNeutralStroke1 };

/** Where there are only two colours, a pattern each. */
const stripes = (direction: string, on: string, step: string): string => `repeating-linear-gradient(${direction}, ${tokens.colorNeutralForeground1} 0 ${on}, ${tokens.colorNeutralBackground1} ${on} ${step})`;
const PATTERNS = { prevented: tokens.colorNeutralForeground1, stopped: stripes('45deg', '1.5px', '4px'), audited: stripes('0deg', '1px', '3px'), observed: tokens.colorNeutralBackground1 };

const useStyles = makeStyles({
  sums: { display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(60px, 1fr))', gap: '8px' },
  sum: { display: 'flex', flexDirection: 'column', gap: '4px' },
  number: { fontVariantNumeric: 'tabular-nums' },
  bars: { display: 'flex', alignItems: 'flex-end', gap: '4px', height: `${HEIGHT}px`, borderBottom: `1px solid ${tokens.colorNeutralStroke1}` },
  bar: { flexGrow: 1, flexBasis: 0, minWidth: '2px', display: 'flex', flexDirection: 'column-reverse', borderRadius: '2px 2px 0 0', overflow: 'hidden' },
  ends: { display: 'flex', justifyContent: 'space-between', color: tokens.colorNeutralForeground2 },
  dot: { display: 'inline-block', width: '8px', height: '8px', borderRadius: '2px', marginRight: '8px', verticalAlign: 'middle' },
  hidden: { position: 'absolute', width: '1px', height: '1px', overflow: 'hidden', clipPath: 'inset(50%)' },
});

export function DayChart({ parts }: { readonly parts: Parts }): ReactElement {
  const styles = useStyles();
  const { settings } = useShared();
  const contrast = settings.theme === 'highContrast';
  const look = (kind: (typeof KINDS)[number]): CSSProperties => (contrast ? { background: PATTERNS[kind], boxShadow: `inset 0 0 0 1px ${tokens.colorNeutralForeground1}` } : { background: COLOURS[kind] });
  const most = Math.max(1, ...parts.map(totalOf));
  const sum = (kind: (typeof KINDS)[number]): number => parts.reduce((total, part) => total + part[kind], 0);
  return (
    <>
      <div className={styles.sums}>
        {KINDS.map((kind) => (
          <div key={kind} className={styles.sum}>
            <Text size={500} weight="semibold" className={styles.number}><span className={styles.dot} style={look(kind)} aria-hidden />{sum(kind).toLocaleString('en')}</Text>
            <Caption1>{ACTION[kind].word}</Caption1>
          </div>
        ))}
      </div>
      <div>
        <div className={styles.bars} aria-hidden>
          {parts.map((part) => (
            <div key={part.from} className={styles.bar} title={hourAndMinute(part.from)}>
              {KINDS.map((kind) => <div key={kind} style={{ ...look(kind), height: `${(part[kind] / most) * (HEIGHT - 4)}px` }} />)}
            </div>
          ))}
        </div>
        <div className={styles.ends} aria-hidden><Caption1>{hourAndMinute(parts[0]?.from ?? '')}</Caption1><Caption1>{OVERVIEW.now}</Caption1></div>
      </div>
      <div className={styles.hidden}><table>
        <caption>{OVERVIEW.day}</caption>
        <tbody>{parts.filter((part) => totalOf(part) > 0).map((part) => <tr key={part.from}><th scope="row">{hourAndMinute(part.from)}</th>{KINDS.map((kind) => <td key={kind}>{part[kind]} {ACTION[kind].word}</td>)}</tr>)}</tbody>
      </table></div>
    </>
  );
}

function totalOf(part: Parts[number]): number {
  return part.prevented + part.stopped + part.audited + part.observed;
}
