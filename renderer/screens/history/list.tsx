/** The list of entries: only what is seen is drawn, arrows move, the newest is first. */
import { Caption1, makeStyles, mergeClasses, Text, tokens } from '@fluentui/react-components';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type KeyboardEvent, type ReactElement } from 'react';
import type { HistoryLine } from '../../../shared/history/search.ts';
import { ActionMark, ActionWord, kindOf } from '../../components/action.tsx';
import { Times } from '../../components/parts.tsx';
import { ago, exact } from '../../components/times.ts';
import { useNow } from '../../components/use-now.ts';
import { baseName, middleCut, visibleText } from '../../components/visible-text.ts';
import { DETAIL, HISTORY } from '../../words/words.ts';

const ROW = 64;
const AHEAD = 20;
const LONGEST_NAME = 120;

const useStyles = makeStyles({
  list: { height: '100%', overflowY: 'auto', borderRadius: tokens.borderRadiusXLarge, ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '-2px' } },
  space: { position: 'relative', width: '100%' },
  row: { position: 'absolute', left: 0, right: 0, height: `${ROW}px`, boxSizing: 'border-box', padding: '0 16px', display: 'flex', alignItems: 'center', gap: '12px', cursor: 'pointer', borderBottom: `1px solid ${tokens.colorNeutralStroke3}`, ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover, color: tokens.colorNeutralForeground1Hover } },
  chosen: { backgroundColor: tokens.colorNeutralBackground1Selected, boxShadow: `inset 3px 0 0 ${tokens.colorCompoundBrandStroke}` },
  text: { flexGrow: 1, minWidth: 0, display: 'flex', flexDirection: 'column', gap: '4px' },
  line: { display: 'flex', alignItems: 'center', gap: '8px', minWidth: 0 },
  cut: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap', minWidth: 0 },
  rest: { flexGrow: 1, flexShrink: 1_000, color: tokens.colorNeutralForeground2 },
  sub: { color: tokens.colorNeutralForeground2 },
  when: { flexShrink: 0, fontVariantNumeric: 'tabular-nums', color: tokens.colorNeutralForeground2 },
});

export interface ListProps {
  readonly lines: readonly HistoryLine[];
  readonly chosenId: string | null;
  readonly onChoose: (id: string) => void;
  readonly onNearEnd: () => void;
}

export function EntryList({ lines, chosenId, onChoose, onNearEnd }: ListProps): ReactElement {
  const styles = useStyles();
  const box = useRef<HTMLDivElement>(null);
  const now = useNow(10_000);
  const rows = useVirtualizer({ count: lines.length, getScrollElement: () => box.current, estimateSize: () => ROW, overscan: 8 });
  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (lines.length > 0 && last >= lines.length - AHEAD) onNearEnd();
  }, [last, lines.length, onNearEnd]);
  const at = lines.findIndex(({ id }) => id === chosenId);
  const drawn = items.some(({ index }) => index === at);
  const move = (event: KeyboardEvent): void => {
    const target = targetOf(event.key, at, lines.length);
    const line = target === null ? undefined : lines[target];
    if (line === undefined || target === null) return;
    event.preventDefault();
    onChoose(line.id);
    rows.scrollToIndex(target);
  };
  return (
    <div ref={box} className={styles.list} role="listbox" aria-label={HISTORY.list} tabIndex={0} aria-activedescendant={drawn ? `entry-${at}` : undefined} onKeyDown={move}>
      <div className={styles.space} style={{ height: `${rows.getTotalSize()}px` }}>
        {items.map(({ index, start, key }) => {
          const line = lines[index];
          return line === undefined ? null : <Row key={key} id={`entry-${index}`} line={line} top={start} chosen={line.id === chosenId} now={now} onChoose={onChoose} />;
        })}
      </div>
    </div>
  );
}

function Row({ id, line, top, chosen, now, onChoose }: { readonly id: string; readonly line: HistoryLine; readonly top: number; readonly chosen: boolean; readonly now: number; readonly onChoose: (id: string) => void }): ReactElement {
  const styles = useStyles();
  const { parentImage, pause } = line;
  const kind = kindOf(line);
  return (
    <div id={id} role="option" aria-selected={chosen} className={mergeClasses(styles.row, chosen && styles.chosen)} style={{ transform: `translateY(${top}px)` }} onClick={() => onChoose(line.id)}>
      <ActionMark action={kind} />
      <div className={styles.text}>
        <div className={styles.line}>
          <Text weight="semibold" className={styles.cut} title={visibleText(line.image)}>{pause === undefined ? nameOf(line.image) : line.ruleName}</Text>
          <Times count={line.count} />
          <Caption1 className={mergeClasses(styles.cut, styles.rest)}>{pause !== undefined || parentImage === null || parentImage === '' ? '' : HISTORY.startedBy(nameOf(parentImage))}</Caption1>
          <Caption1 className={styles.when} title={exact(line.lastTime)}>{ago(line.lastTime, now)}</Caption1>
        </div>
        <Caption1 className={mergeClasses(styles.cut, styles.sub)} title={visibleText(line.commandLine)}><ActionWord action={kind} /> · {pause === undefined ? line.ruleName : visibleText(HISTORY.pause({ ...pause, until: pause.until === null ? null : exact(pause.until) }))}</Caption1>
      </div>
    </div>
  );
}

function nameOf(image: string): string {
  return image === '' ? DETAIL.noName : visibleText(middleCut(baseName(image), LONGEST_NAME));
}

/** Null: not a key of the list. */
function targetOf(key: string, at: number, count: number): number | null {
  if (count === 0) return null;
  const moves: Readonly<Record<string, number>> = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 10, PageUp: at - 10, Home: 0, End: count - 1 };
  const target = moves[key];
  return target === undefined ? null : Math.max(0, Math.min(count - 1, target));
}
