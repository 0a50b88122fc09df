/** The frame of the window: theme, navigation, the screen that is open, and a word when the engine does not answer. */
import { FluentProvider, makeStyles, MessageBar, MessageBarBody, MessageBarTitle, tokens } from '@fluentui/react-components';
import { useCallback, useState, useSyncExternalStore, type ReactElement } from 'react';
import type { EventPayload } from '../shared/ipc/table.ts';
import { SharedContext, useAppEvents, type Shared } from './api/app-state.ts';
import { Rail } from './frame/rail.tsx';
import { AllowedScreen } from './screens/allowed/screen.tsx';
import { DiagnosticsScreen } from './screens/diagnostics/screen.tsx';
import { HistoryScreen } from './screens/history/screen.tsx';
import { OverviewScreen } from './screens/overview/screen.tsx';
import { RulesScreen } from './screens/rules/screen.tsx';
import { SettingsScreen } from './screens/settings/screen.tsx';
import { themeOf } from './theme/themes.ts';
import { NAV, STATE } from './words/words.ts';

type Page = EventPayload<'navigate'>;

const useStyles = makeStyles({
  root: { height: '100%', display: 'flex', backgroundColor: tokens.colorNeutralBackground3 },
  main: { flexGrow: 1, minWidth: 0, height: '100%', display: 'flex', flexDirection: 'column', borderLeft: `1px solid ${tokens.colorNeutralStroke2}` },
  screen: { flexGrow: 1, minHeight: 0 },
  bar: { margin: '16px 32px 0' },
  skip: { position: 'absolute', left: '-999px', ':focus': { left: '8px', top: '8px', zIndex: 10, padding: '8px 12px', backgroundColor: tokens.colorNeutralBackground1 } },
});

export function App(): ReactElement {
  const [page, setPage] = useState<Page>({ screen: 'overview', historyId: null });
  const go = useCallback((next: Page) => setPage(next), []);
  const events = useAppEvents(go);
  const shared: Shared = { ...events, go };
  const dark = useSystemDark();
  const styles = useStyles();
  return (
    <FluentProvider theme={themeOf(events.settings.theme, dark)} style={{ height: '100%' }}>
      <SharedContext value={shared}>
        <div className={styles.root}>
          <a className={styles.skip} href="#content">{NAV.skip}</a>
          <Rail page={page} unread={events.unread} state={events.state} go={go} />
          <main className={styles.main} id="content" tabIndex={-1}>
            <LostBar shared={shared} />
            <div className={styles.screen}><Current page={page} /></div>
          </main>
        </div>
      </SharedContext>
    </FluentProvider>
  );
}

function Current({ page }: { readonly page: Page }): ReactElement {
  switch (page.screen) {
    case 'overview':
      return <OverviewScreen />;
    case 'history':
      return <HistoryScreen openId={page.historyId} />;
    case 'rules':
      return <RulesScreen />;
    case 'allowed':
      return <AllowedScreen />;
    case 'settings':
      return <SettingsScreen />;
    case 'diagnostics':
      return <DiagnosticsScreen />;
  }
}

function LostBar({ shared }: { readonly shared: Shared }): ReactElement {
  const styles = useStyles();
  const lost = shared.state.connection === 'lost';
  return (
    <div aria-live="polite">
      {lost ? (
        <MessageBar intent="error" layout="multiline" className={styles.bar}>
          <MessageBarBody><MessageBarTitle>{STATE.notConnected.title}</MessageBarTitle>{STATE.notConnected.meaning} {shared.state.reason}</MessageBarBody>
        </MessageBar>
      ) : null}
    </div>
  );
}

const DARK = '(prefers-color-scheme: dark)';

function useSystemDark(): boolean {
  return useSyncExternalStore(
    (changed) => {
      const query = matchMedia(DARK);
      query.addEventListener('change', changed);
      return () => query.removeEventListener('change', changed);
    },
    () => matchMedia(DARK).matches,
  );
}
