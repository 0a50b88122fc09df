/** Small parts that every screen is made of. All distances are multiples of four. */
import { Badge, Body1, Button, Caption1, makeStyles, mergeClasses, MessageBar, MessageBarActions, MessageBarBody, Spinner, Subtitle2, Text, Title2, tokens } from '@fluentui/react-components';
import type { ReactElement, ReactNode } from 'react';
import { FAILURES } from '../../shared/control/calls.ts';
import type { Failure } from '../../shared/result.ts';
import { COMMON } from '../words/words.ts';

const useStyles = makeStyles({
  screen: { height: '100%', overflowY: 'auto', boxSizing: 'border-box', padding: '24px 32px 32px', '@media (max-width: 700px)': { padding: '16px 16px 24px', overflowWrap: 'anywhere' } },
  column: { maxWidth: '1120px', minWidth: 0, minHeight: '100%', margin: '0 auto', display: 'flex', flexDirection: 'column', gap: '16px' },
  flowing: { '& > *': { flexShrink: 0 } },
  narrow: { maxWidth: '880px' },
  filled: { overflowY: 'hidden', '@media (max-width: 900px)': { overflowY: 'auto' } },
  filledColumn: { maxWidth: '1680px', height: '100%', '@media (max-width: 900px)': { height: 'auto' } },
  head: { flexShrink: 0, display: 'flex', flexWrap: 'wrap', alignItems: 'flex-end', gap: '12px', minHeight: '40px' },
  titles: { flexGrow: 1, minWidth: 0, display: 'flex', flexDirection: 'column', gap: '4px' },
  subtitle: { color: tokens.colorNeutralForeground2 },
  card: { boxSizing: 'border-box', minWidth: 0, padding: '16px 20px 20px', display: 'flex', flexDirection: 'column', gap: '12px', backgroundColor: tokens.colorNeutralBackground1, border: `1px solid ${tokens.colorNeutralStroke2}`, borderRadius: tokens.borderRadiusXLarge },
  panelHead: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: '8px', minHeight: '32px' },
  panelIcon: { display: 'flex', color: tokens.colorNeutralForeground2 },
  grow: { flexGrow: 1 },
  empty: { display: 'flex', flexDirection: 'column', alignItems: 'center', justifyContent: 'center', gap: '8px', padding: '40px 24px', textAlign: 'center' },
  emptyFull: { height: '100%', boxSizing: 'border-box' },
  emptyIcon: { display: 'flex', '& > svg': { width: '32px', height: '32px' }, padding: '16px', marginBottom: '4px', borderRadius: tokens.borderRadiusCircular, backgroundColor: tokens.colorNeutralBackground3, color: tokens.colorNeutralForeground2 },
  emptyHint: { maxWidth: '420px', color: tokens.colorNeutralForeground2 },
  mono: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, lineHeight: tokens.lineHeightBase300, overflowWrap: 'anywhere' },
  code: { padding: '8px 12px', borderRadius: tokens.borderRadiusMedium, backgroundColor: tokens.colorNeutralBackground3, border: `1px solid ${tokens.colorNeutralStroke3}`, maxHeight: '160px', overflowY: 'auto' },
  loading: { padding: '32px' },
  chip: { flexShrink: 0, fontVariantNumeric: 'tabular-nums' },
});

interface ScreenProps {
  readonly title: string;
  readonly subtitle?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** The screen scrolls inside itself, where there is room for that. */
  readonly fixed?: boolean;
  /** Few words in a row: lines do not grow too long to read. */
  readonly narrow?: boolean;
}

export function Screen({ title, subtitle, actions, children, fixed = false, narrow = false }: ScreenProps): ReactElement {
  const styles = useStyles();
  return (
    <section className={mergeClasses(styles.screen, fixed && styles.filled)} aria-label={title}>
      <div className={mergeClasses(styles.column, narrow && styles.narrow, fixed ? styles.filledColumn : styles.flowing)}>
        <div className={styles.head}>
          <div className={styles.titles}>
            <Title2 as="h1">{title}</Title2>
            {subtitle === undefined ? null : <Body1 className={styles.subtitle}>{subtitle}</Body1>}
          </div>
          {actions}
        </div>
        {children}
      </div>
    </section>
  );
}

export function Panel({ title, icon, aside, className, children }: { readonly title: string; readonly icon?: ReactElement; readonly aside?: ReactNode; readonly className?: string; readonly children: ReactNode }): ReactElement {
  const styles = useStyles();
  return (
    <div className={mergeClasses(styles.card, className)} role="region" aria-label={title}>
      <div className={styles.panelHead}>
        {icon === undefined ? null : <span className={styles.panelIcon} aria-hidden>{icon}</span>}
        <Subtitle2 as="h2" className={styles.grow}>{title}</Subtitle2>
        {aside}
      </div>
      {children}
    </div>
  );
}

/** `full`: in the middle of all the room there is. */
export function Empty({ icon, text, hint, full = false, children }: { readonly icon?: ReactElement; readonly text: string; readonly hint?: string; readonly full?: boolean; readonly children?: ReactNode }): ReactElement {
  const styles = useStyles();
  return (
    <div className={mergeClasses(styles.empty, full && styles.emptyFull)}>
      {icon === undefined ? null : <span className={styles.emptyIcon} aria-hidden>{icon}</span>}
      <Text weight="semibold" size={400} align="center">{text}</Text>
      {hint === undefined ? null : <Text align="center" className={styles.emptyHint}>{hint}</Text>}
      {children}
    </div>
  );
}

export function Loading(): ReactElement {
  return <Spinner size="small" label={COMMON.loading} className={useStyles().loading} />;
}

/** Says what went wrong and what can be done: ask for the right, or try again. */
export function FailureBar({ failure, onRetry, onAsk }: { readonly failure: Failure | null; readonly onRetry?: () => void; readonly onAsk?: () => void }): ReactElement | null {
  if (failure === null) return null;
  const canAsk = failure.code === FAILURES.askPossible && onAsk !== undefined;
  return (
    <MessageBar intent={canAsk ? 'info' : 'warning'} layout="multiline">
      <MessageBarBody>{canAsk ? COMMON.askWhy : failure.message}</MessageBarBody>
      <MessageBarActions>
        {canAsk ? <Button size="small" onClick={onAsk}>{COMMON.ask}</Button> : null}
        {!canAsk && onRetry !== undefined ? <Button size="small" onClick={onRetry}>{COMMON.retry}</Button> : null}
      </MessageBarActions>
    </MessageBar>
  );
}

export function Mono({ children, title, className }: { readonly children: ReactNode; readonly title?: string; readonly className?: string }): ReactElement {
  return <span className={mergeClasses(useStyles().mono, className)} title={title}>{children}</span>;
}

export function CodeBlock({ children, label }: { readonly children: ReactNode; readonly label: string }): ReactElement {
  const styles = useStyles();
  return <div className={mergeClasses(styles.code, styles.mono)} role="group" aria-label={label} tabIndex={0}>{children}</div>;
}

/** How often, said beside a name. */
export function Times({ count }: { readonly count: number }): ReactElement | null {
  const styles = useStyles();
  return count > 1 ? <Badge className={styles.chip} appearance="tint" color="informative" size="small">{COMMON.times(count)}</Badge> : null;
}

/** A term with its fact, for lists of facts. */
export function Fact({ term, children, termClass, factClass }: { readonly term: string; readonly children: ReactNode; readonly termClass: string; readonly factClass: string }): ReactElement {
  return <><dt className={termClass}><Caption1>{term}</Caption1></dt><dd className={factClass}>{children}</dd></>;
}
