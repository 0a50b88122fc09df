/** The rail at the left: the mark, the screens, and at its foot the state of protection, whatever screen is open. */
import { Badge, Caption1, makeStyles, mergeClasses, Text, tokens } from '@fluentui/react-components';
import { CheckmarkStarburst20Filled, CheckmarkStarburst20Regular, History20Filled, History20Regular, Home20Filled, Home20Regular, Settings20Filled, Settings20Regular, ShieldTask20Filled, ShieldTask20Regular, Stethoscope20Filled, Stethoscope20Regular } from '@fluentui/react-icons';
import type { ReactElement } from 'react';
import type { AppState, EventPayload } from '../../shared/ipc/table.ts';
import { kindOf, STATE_LOOK, useTones } from '../components/state-look.tsx';
import { NAV, STATE } from '../words/words.ts';

type Page = EventPayload<'navigate'>;

const ITEMS: readonly { readonly screen: Page['screen']; readonly icon: ReactElement; readonly current: ReactElement }[] = [
  { screen: 'overview', icon: <Home20Regular />, current: <Home20Filled /> },
  { screen: 'history', icon: <History20Regular />, current: <History20Filled /> },
  { screen: 'rules', icon: <ShieldTask20Regular />, current: <ShieldTask20Filled /> },
  { screen: 'allowed', icon: <CheckmarkStarburst20Regular />, current: <CheckmarkStarburst20Filled /> },
  { screen: 'settings', icon: <Settings20Regular />, current: <Settings20Filled /> },
  { screen: 'diagnostics', icon: <Stethoscope20Regular />, current: <Stethoscope20Filled /> },
];
const NARROW = '@media (max-width: 700px)';
const unseen = { position: 'absolute', width: '1px', height: '1px', overflow: 'hidden', clipPath: 'inset(50%)' } as const;

const useStyles = makeStyles({
  rail: { width: '208px', flexShrink: 0, boxSizing: 'border-box', padding: '16px 8px', display: 'flex', flexDirection: 'column', gap: '4px', overflowY: 'auto', overflowX: 'hidden', [NARROW]: { width: '56px' } },
  brand: { display: 'flex', alignItems: 'center', gap: '12px', padding: '4px 12px 20px', [NARROW]: { padding: '4px 8px 12px' } },
  mark: { flexShrink: 0, width: '24px', height: '24px' },
  item: { position: 'relative', flexShrink: 0, display: 'flex', alignItems: 'center', gap: '12px', width: '100%', height: '40px', padding: '0 12px', border: 'none', borderRadius: tokens.borderRadiusMedium, backgroundColor: 'transparent', color: tokens.colorNeutralForeground1, font: 'inherit', fontSize: tokens.fontSizeBase300, textAlign: 'left', cursor: 'pointer', ':hover': { backgroundColor: tokens.colorNeutralBackground3Hover, color: tokens.colorNeutralForeground1Hover }, ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '-2px' } },
  current: { backgroundColor: tokens.colorNeutralBackground1, fontWeight: tokens.fontWeightSemibold, '::before': { content: '""', position: 'absolute', left: 0, top: '12px', width: '3px', height: '16px', borderRadius: '2px', backgroundColor: tokens.colorCompoundBrandStroke } },
  currentIcon: { color: tokens.colorCompoundBrandForeground1, display: 'flex' },
  icon: { display: 'flex' },
  label: { flexGrow: 1, [NARROW]: unseen },
  badge: { flexShrink: 0, [NARROW]: { position: 'absolute', top: '2px', right: '2px' } },
  state: { marginTop: 'auto', flexShrink: 0, display: 'flex', alignItems: 'center', gap: '12px', padding: '12px', borderTop: `1px solid ${tokens.colorNeutralStroke2}` },
  stateText: { minWidth: 0, [NARROW]: unseen },
});

export function Rail({ page, unread, state, go }: { readonly page: Page; readonly unread: number; readonly state: AppState; readonly go: (page: Page) => void }): ReactElement {
  const styles = useStyles();
  return (
    <nav className={styles.rail} aria-label={NAV.label}>
      <div className={styles.brand}><Mark className={styles.mark} /><Text weight="semibold" size={400} className={styles.label}>{NAV.product}</Text></div>
      {ITEMS.map(({ screen, icon, current }) => {
        const here = page.screen === screen;
        return (
          <button key={screen} type="button" className={mergeClasses(styles.item, here && styles.current)} aria-current={here ? 'page' : undefined} title={NAV[screen]} onClick={() => go({ screen, historyId: null })}>
            <span className={here ? styles.currentIcon : styles.icon} aria-hidden>{here ? current : icon}</span>
            <span className={styles.label}>{NAV[screen]}</span>
            {screen === 'history' && unread > 0 ? <Badge className={styles.badge} size="small" color="brand" title={NAV.unread(unread)}>{NAV.badge(unread)}</Badge> : null}
          </button>
        );
      })}
      <StateLine state={state} />
    </nav>
  );
}

function StateLine({ state }: { readonly state: AppState }): ReactElement {
  const styles = useStyles();
  const tones = useTones();
  const kind = kindOf(state);
  const { tone, small } = STATE_LOOK[kind];
  return (
    <div className={styles.state} title={STATE[kind].meaning}>
      <span className={mergeClasses(styles.icon, tones[tone])} aria-hidden>{small}</span>
      <Caption1 className={styles.stateText}>{STATE[kind].short}</Caption1>
    </div>
  );
}

function Mark({ className }: { readonly className: string }): ReactElement {
  return (
    <svg className={className} viewBox="0 0 64 64" aria-hidden>
      <path d="M32 4 L56 12 V30 C56 45 46 55 32 60 C18 55 8 45 8 30 V12 Z" fill="#0f6cbd" />
      <path d="M21 32 L29 40 L44 24" fill="none" stroke="#fff" strokeWidth="6" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
