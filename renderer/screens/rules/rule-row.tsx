/** One rule: its name, whether it acts, its mode; opened, what it does, when it may be wrong and what is excluded from it. */
import { AccordionHeader, AccordionItem, AccordionPanel, Badge, Caption1, Dropdown, makeStyles, mergeClasses, Option, Text, tokens } from '@fluentui/react-components';
import { CircleOff20Regular, Eye20Filled, QuestionCircle20Filled, ShieldCheckmark20Filled, Warning20Filled } from '@fluentui/react-icons';
import { useState, type ReactElement } from 'react';
import type { RuleInfo } from '../../../shared/control/calls.ts';
import { RULE_MODES, type RuleMode } from '../../../shared/policy/modes.ts';
import { useChange } from '../../api/use-data.ts';
import { FailureBar, Mono } from '../../components/parts.tsx';
import { ago } from '../../components/times.ts';
import { useNow } from '../../components/use-now.ts';
import { MODE, RULES } from '../../words/words.ts';
import { Exclusions } from './exclusions.tsx';

const useStyles = makeStyles({
  item: { borderTop: `1px solid ${tokens.colorNeutralStroke2}` },
  first: { borderTop: 'none' },
  row: { display: 'flex', alignItems: 'center', gap: '8px 12px', padding: '4px 16px 4px 4px', flexWrap: 'wrap' },
  sign: { display: 'flex' },
  header: { flexGrow: 1, flexBasis: '240px', minWidth: 0 },
  counts: { color: tokens.colorNeutralForeground2, fontVariantNumeric: 'tabular-nums' },
  mode: { minWidth: '112px', width: '112px' },
  detail: { display: 'flex', flexDirection: 'column', gap: '16px', padding: '4px 16px 20px 72px', overflowWrap: 'anywhere', '@media (max-width: 700px)': { paddingLeft: '16px' } },
  failure: { padding: '0 16px 12px' },
  reason: { maxWidth: '720px' },
  part: { display: 'flex', flexDirection: 'column', gap: '4px' },
  list: { margin: 0, paddingLeft: '16px' },
  sub: { color: tokens.colorNeutralForeground2 },
  block: { color: tokens.colorStatusSuccessForeground1 },
  warn: { color: tokens.colorStatusWarningForeground1 },
  audit: { color: tokens.colorBrandForeground1 },
  off: { color: tokens.colorNeutralForeground3 },
});
const SIGNS: Readonly<Record<RuleInfo['effective'], readonly [ReactElement, 'block' | 'warn' | 'audit' | 'off']>> = {
  block: [<ShieldCheckmark20Filled />, 'block'],
  warn: [<QuestionCircle20Filled />, 'warn'],
  audit: [<Eye20Filled />, 'audit'],
  off: [<CircleOff20Regular />, 'off'],
  unavailable: [<Warning20Filled />, 'warn'],
};

export function RuleRow({ rule, first, onChanged }: { readonly rule: RuleInfo; readonly first: boolean; readonly onChanged: () => void }): ReactElement {
  const styles = useStyles();
  const change = useChange('rulesSet');
  const [wanted, setWanted] = useState<RuleMode | null>(null);
  const set = async (mode: RuleMode, ask: boolean): Promise<void> => {
    // Not switched off meanwhile: a control that is switched off loses the focus, and with it somebody's place on the page.
    if (change.busy) return;
    setWanted(mode);
    if ((await change.run({ rule: rule.id, mode }, ask)) !== null) onChanged();
  };
  const [sign, look] = SIGNS[rule.effective];
  return (
    <AccordionItem value={rule.id} className={mergeClasses(styles.item, first && styles.first)}>
      <div className={styles.row}>
        <AccordionHeader className={styles.header} expandIconPosition="start" icon={<span className={mergeClasses(styles.sign, styles[look])} aria-hidden>{sign}</span>}><Text>{rule.name}</Text></AccordionHeader>
        {rule.downgradedBecause === null ? null : <Badge appearance="tint" color="warning" title={rule.downgradedBecause}>{RULES.unavailable}</Badge>}
        <Counts rule={rule} />
        <Dropdown className={styles.mode} aria-label={`${RULES.mode}: ${rule.name}`} size="small" value={MODE[rule.mode].word} selectedOptions={[rule.mode]} onOptionSelect={(_, { optionValue }) => void set(optionValue as RuleMode, false)}>
          {rule.allowedModes.map((mode) => <Option key={mode} value={mode} text={MODE[mode].word}>{RULES.modeOption(MODE[mode].word, RULE_MODES[mode])}</Option>)}
        </Dropdown>
      </div>
      {change.failure === null ? null : <div className={styles.failure}><FailureBar failure={change.failure} onAsk={() => (wanted === null ? undefined : void set(wanted, true))} /></div>}
      <AccordionPanel><RuleDetail rule={rule} onChanged={onChanged} /></AccordionPanel>
    </AccordionItem>
  );
}

function Counts({ rule: { counts, lastAt } }: { readonly rule: RuleInfo }): ReactElement | null {
  const styles = useStyles();
  const now = useNow(30_000);
  if (counts.prevented + counts.stopped + counts.audited === 0) return null;
  return <Caption1 className={styles.counts} title={lastAt === null ? undefined : RULES.last(ago(lastAt, now))}>{RULES.counts(counts.prevented, counts.stopped, counts.audited)}</Caption1>;
}

function RuleDetail({ rule, onChanged }: { readonly rule: RuleInfo; readonly onChanged: () => void }): ReactElement {
  const styles = useStyles();
  return (
    <div className={styles.detail}>
      <Text className={styles.reason}>{rule.reason}</Text>
      {rule.downgradedBecause === null ? null : <Text className={styles.reason}>{RULES.downgraded(rule.downgradedBecause)}</Text>}
      <div className={styles.part}><Text weight="semibold">{RULES.mistaken}</Text><ul className={styles.list}>{rule.falsepositives.map((one) => <li key={one}>{one}</li>)}</ul></div>
      <Exclusions rule={rule} onChanged={onChanged} />
      <Mono className={styles.sub}>{[...rule.attack, rule.id].join(' · ')}</Mono>
    </div>
  );
}
