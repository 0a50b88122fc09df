/** What a rule leaves alone: programs and folders, by path. */
import { Button, Input, makeStyles, Text, tokens } from '@fluentui/react-components';
import { Dismiss16Regular } from '@fluentui/react-icons';
import { useState, type ReactElement } from 'react';
import type { RuleInfo } from '../../../shared/control/calls.ts';
import { useChange } from '../../api/use-data.ts';
import { FailureBar, Mono } from '../../components/parts.tsx';
import { visibleText } from '../../components/visible-text.ts';
import { RULES } from '../../words/words.ts';

const LONGEST_PATH = 4_096;

const useStyles = makeStyles({
  part: { display: 'flex', flexDirection: 'column', gap: '8px', maxWidth: '720px' },
  one: { display: 'flex', gap: '8px', alignItems: 'center', justifyContent: 'space-between', padding: '4px 4px 4px 12px', backgroundColor: tokens.colorNeutralBackground3, borderRadius: tokens.borderRadiusMedium },
  add: { display: 'flex', gap: '8px', flexWrap: 'wrap' },
  grow: { flexGrow: 1, minWidth: '160px' },
});

export function Exclusions({ rule, onChanged }: { readonly rule: RuleInfo; readonly onChanged: () => void }): ReactElement {
  const styles = useStyles();
  const [path, setPath] = useState('');
  const change = useChange('rulesExclude');
  const [last, setLast] = useState<{ path: string; remove: boolean } | null>(null);
  const run = async (of: { path: string; remove: boolean }, ask = false): Promise<void> => {
    setLast(of);
    if ((await change.run({ rule: rule.id, ...of }, ask)) === null) return;
    setPath('');
    onChanged();
  };
  return (
    <div className={styles.part} role="group" aria-label={RULES.exclusions}>
      <Text weight="semibold">{RULES.exclusions}</Text>
      {rule.exclusions.map((one) => <div key={one} className={styles.one}><Mono>{visibleText(one)}</Mono><Button size="small" appearance="subtle" icon={<Dismiss16Regular />} aria-label={RULES.removeOne(visibleText(one))} onClick={() => void run({ path: one, remove: true })} /></div>)}
      <div className={styles.add}>
        <Input className={styles.grow} size="small" placeholder={RULES.exclusionHint} aria-label={`${RULES.exclusions}: ${RULES.exclusionHint}`} value={path} maxLength={LONGEST_PATH} onChange={(_, { value }) => setPath(value)} />
        <Button size="small" disabledFocusable={path.trim() === '' || change.busy} onClick={() => void run({ path: path.trim(), remove: false })}>{RULES.add}</Button>
      </div>
      <FailureBar failure={change.failure} onAsk={() => (last === null ? undefined : void run(last, true))} />
    </div>
  );
}
