/** Rules: presets with a look ahead, and the nineteen attack surface reduction rules with what they do, their modes and counts. */
import { Accordion, Button, Caption1, makeStyles, SearchBox, tokens } from '@fluentui/react-components';
import { Options20Regular, SearchInfo24Regular, ShieldTask32Regular } from '@fluentui/react-icons';
import { useState, type ReactElement } from 'react';
import type { RuleInfo } from '../../../shared/control/calls.ts';
import { useShared } from '../../api/app-state.ts';
import { useEngine } from '../../api/use-data.ts';
import { Empty, FailureBar, Loading, Panel, Screen } from '../../components/parts.tsx';
import { PresetDialog } from '../../components/preset-dialog.tsx';
import { RULES } from '../../words/words.ts';
import { RuleRow } from './rule-row.tsx';

const useStyles = makeStyles({
  bar: { position: 'sticky', top: '-24px', zIndex: 1, padding: '8px 0', marginBottom: '-8px', backgroundColor: tokens.colorNeutralBackground3, display: 'flex', flexWrap: 'wrap', gap: '8px 16px', alignItems: 'center' },
  search: { flexGrow: 1, maxWidth: '420px' },
  sub: { color: tokens.colorNeutralForeground2 },
  list: { backgroundColor: tokens.colorNeutralBackground1, border: `1px solid ${tokens.colorNeutralStroke2}`, borderRadius: tokens.borderRadiusXLarge },
  presets: { display: 'flex', gap: '8px', flexWrap: 'wrap' },
});

export function RulesScreen(): ReactElement {
  const styles = useStyles();
  const { historyRevision, state } = useShared();
  const connected = state.connection === 'connected';
  const list = useEngine('rulesList', {}, `${historyRevision ?? ''}${JSON.stringify(state.status?.rules)}`);
  const [text, setText] = useState('');
  const [preset, setPreset] = useState<string | null>(null);
  const all = list.data?.rules ?? [];
  const rules = all.filter((rule) => fits(rule, text.trim().toLowerCase()));
  return (
    <Screen title={RULES.title} subtitle={RULES.subtitle}>
      <FailureBar failure={connected ? list.failure : null} onRetry={() => list.reload()} />
      {list.data === null ? <Waiting waiting={connected && list.failure === null} /> : (
        <>
          <Panel title={RULES.presets} icon={<Options20Regular />} aside={<div className={styles.presets} role="group" aria-label={RULES.presets}>{list.data.presets.map((name) => <Button key={name} onClick={() => setPreset(name)}>{RULES.preset(name)}</Button>)}</div>}>
            <Caption1 className={styles.sub}>{RULES.presetsHint}</Caption1>
          </Panel>
          <div className={styles.bar} role="search">
            <SearchBox className={styles.search} placeholder={RULES.search} aria-label={RULES.search} value={text} onChange={(_, { value }) => setText(value)} />
            <Caption1 className={styles.sub} aria-live="polite">{RULES.sums(sumsOf(all))}</Caption1>
          </div>
          <div className={styles.list}>
            {rules.length === 0 ? <Empty icon={<SearchInfo24Regular />} text={RULES.none} /> : <Accordion collapsible multiple>{rules.map((rule, index) => <RuleRow key={rule.id} rule={rule} first={index === 0} onChanged={() => list.reload()} />)}</Accordion>}
          </div>
        </>
      )}
      {preset === null ? null : <PresetDialog preset={preset} onClose={() => { setPreset(null); list.reload(); }} />}
    </Screen>
  );
}

function Waiting({ waiting }: { readonly waiting: boolean }): ReactElement {
  return waiting ? <Loading /> : <Empty icon={<ShieldTask32Regular />} text={RULES.notShown} />;
}

function fits(rule: RuleInfo, wanted: string): boolean {
  return wanted === '' || `${rule.name} ${rule.reason} ${rule.slug} ${rule.attack.join(' ')}`.toLowerCase().includes(wanted);
}

function sumsOf(rules: readonly RuleInfo[]): Parameters<typeof RULES.sums>[0] {
  const of = (effective: RuleInfo['effective']): number => rules.filter((rule) => rule.effective === effective).length;
  return { block: of('block'), warn: of('warn'), audit: of('audit'), off: of('off') + of('unavailable') };
}
