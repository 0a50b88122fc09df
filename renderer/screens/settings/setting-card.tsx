/** One setting: what it is at the left, how it is set below or beside it. */
import { Caption1, makeStyles, Subtitle2, tokens } from '@fluentui/react-components';
import type { ReactElement, ReactNode } from 'react';

const useStyles = makeStyles({
  card: { boxSizing: 'border-box', display: 'flex', gap: '16px', padding: '16px 20px', backgroundColor: tokens.colorNeutralBackground1, border: `1px solid ${tokens.colorNeutralStroke2}`, borderRadius: tokens.borderRadiusXLarge },
  icon: { display: 'flex', paddingTop: '2px', color: tokens.colorNeutralForeground2 },
  body: { flexGrow: 1, minWidth: 0, display: 'flex', flexDirection: 'column', gap: '8px' },
  // The dots of radio buttons stand where the text above begins.
  control: { marginLeft: '-8px', '& > :not([role=radiogroup])': { marginLeft: '8px' }, display: 'flex', flexDirection: 'column', gap: '8px' },
  titles: { display: 'flex', flexDirection: 'column', gap: '4px' },
  hint: { color: tokens.colorNeutralForeground2, maxWidth: '640px' },
});

export function SettingCard({ title, hint, icon, children }: { readonly title: string; readonly hint?: string; readonly icon: ReactElement; readonly children: ReactNode }): ReactElement {
  const styles = useStyles();
  return (
    <div className={styles.card} role="region" aria-label={title}>
      <span className={styles.icon} aria-hidden>{icon}</span>
      <div className={styles.body}>
        <div className={styles.titles}>
          <Subtitle2 as="h2">{title}</Subtitle2>
          {hint === undefined ? null : <Caption1 className={styles.hint}>{hint}</Caption1>}
        </div>
        <div className={styles.control}>{children}</div>
      </div>
    </div>
  );
}
