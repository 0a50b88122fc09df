/** The first minute: the state is below, here are the two steps from there to protection that has been seen to work. */
import { Button, Caption1, makeStyles, mergeClasses, Subtitle1, Text, tokens } from '@fluentui/react-components';
import { CheckmarkCircle24Filled, NumberCircle124Regular, NumberCircle224Regular } from '@fluentui/react-icons';
import { useState, type ReactElement } from 'react';
import { useShared } from '../../api/app-state.ts';
import { useBridge } from '../../api/bridge.ts';
import { PresetDialog } from '../../components/preset-dialog.tsx';
import { FIRST_RUN } from '../../words/words.ts';

const useStyles = makeStyles({
  card: { boxSizing: 'border-box', padding: '20px 24px 24px', display: 'flex', flexDirection: 'column', gap: '16px', backgroundColor: tokens.colorBrandBackground2, border: `1px solid ${tokens.colorBrandStroke2}`, borderRadius: tokens.borderRadiusXLarge },
  head: { display: 'flex', gap: '12px', alignItems: 'flex-start', flexWrap: 'wrap' },
  text: { flexGrow: 1, flexBasis: '260px', display: 'flex', flexDirection: 'column', gap: '4px' },
  steps: { display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(min(260px, 100%), 1fr))', gap: '12px', margin: 0, padding: 0, listStyle: 'none' },
  step: { display: 'flex', gap: '12px', alignItems: 'flex-start', padding: '16px', backgroundColor: tokens.colorNeutralBackground1, border: `1px solid ${tokens.colorNeutralStroke2}`, borderRadius: tokens.borderRadiusLarge },
  sign: { display: 'flex', color: tokens.colorBrandForeground1 },
  done: { color: tokens.colorStatusSuccessForeground1 },
  buttons: { alignSelf: 'flex-start', marginTop: '8px' },
});

export function FirstRun(): ReactElement {
  const styles = useStyles();
  const bridge = useBridge();
  const { go, state } = useShared();
  const [choosing, setChoosing] = useState(false);
  const acting = (state.status?.rules.block ?? 0) + (state.status?.rules.warn ?? 0) > 0;
  const done = (): void => void bridge.app('windowSettingsSet', { firstRunDone: true });
  return (
    <div className={styles.card} role="region" aria-label={FIRST_RUN.title}>
      <div className={styles.head}>
        <div className={styles.text}><Subtitle1 as="h2">{FIRST_RUN.title}</Subtitle1><Text>{acting ? FIRST_RUN.chosen : FIRST_RUN.text}</Text></div>
        <Button appearance="subtle" onClick={done}>{acting ? FIRST_RUN.done : FIRST_RUN.later}</Button>
      </div>
      <ol className={styles.steps}>
        <Step sign={acting ? <CheckmarkCircle24Filled /> : <NumberCircle124Regular />} done={acting} title={FIRST_RUN.step1} hint={acting ? FIRST_RUN.step1Done : FIRST_RUN.step1Hint}>
          <div className={styles.buttons}><Button appearance={acting ? 'secondary' : 'primary'} onClick={() => setChoosing(true)}>{FIRST_RUN.choose}</Button><Button appearance="subtle" onClick={() => go({ screen: 'rules', historyId: null })}>{FIRST_RUN.other}</Button></div>
        </Step>
        <Step sign={<NumberCircle224Regular />} done={false} title={FIRST_RUN.step2} hint={FIRST_RUN.step2Hint}>
          <Button className={styles.buttons} appearance={acting ? 'primary' : 'secondary'} onClick={() => { done(); go({ screen: 'diagnostics', historyId: null }); }}>{FIRST_RUN.rehearse}</Button>
        </Step>
      </ol>
      {choosing ? <PresetDialog preset="standard" onClose={() => setChoosing(false)} /> : null}
    </div>
  );
}

function Step({ sign, done, title, hint, children }: { readonly sign: ReactElement; readonly done: boolean; readonly title: string; readonly hint: string; readonly children: ReactElement }): ReactElement {
  const styles = useStyles();
  return (
    <li className={styles.step}>
      <span className={mergeClasses(styles.sign, done && styles.done)} aria-hidden>{sign}</span>
      <div className={styles.text}><Text weight="semibold">{title}</Text><Caption1>{hint}</Caption1>{children}</div>
    </li>
  );
}
