/** Diagnostics: is everything as it should be, rehearsal, live events, support bundle. */
import { Button, Caption1, makeStyles, mergeClasses, Text, tokens } from '@fluentui/react-components';
import { CheckmarkCircle20Filled, ErrorCircle20Filled, HeartPulse20Regular, Info20Filled, Save20Regular } from '@fluentui/react-icons';
import { useState, type ReactElement } from 'react';
import type { DoctorFinding } from '../../../shared/control/calls.ts';
import type { AppInfo } from '../../../shared/ipc/table.ts';
import type { Failure } from '../../../shared/result.ts';
import { useShared } from '../../api/app-state.ts';
import { useBridge } from '../../api/bridge.ts';
import { useEngine } from '../../api/use-data.ts';
import { FailureBar, Loading, Panel, Screen } from '../../components/parts.tsx';
import { visibleText } from '../../components/visible-text.ts';
import { COMMON, DIAGNOSTICS } from '../../words/words.ts';
import { LiveView } from './live-view.tsx';
import { Rehearsal } from './rehearsal.tsx';

const useStyles = makeStyles({
  rows: { display: 'flex', flexDirection: 'column', gap: '8px' },
  row: { display: 'flex', gap: '12px', alignItems: 'flex-start' },
  sign: { display: 'flex' },
  text: { flexGrow: 1, minWidth: 0, overflowWrap: 'anywhere' },
  sub: { color: tokens.colorNeutralForeground2 },
  ok: { color: tokens.colorStatusSuccessForeground1 },
  note: { color: tokens.colorBrandForeground1 },
  problem: { color: tokens.colorStatusDangerForeground1 },
});
const ICONS: Readonly<Record<DoctorFinding['level'], ReactElement>> = { ok: <CheckmarkCircle20Filled />, note: <Info20Filled />, problem: <ErrorCircle20Filled /> };
const WINDOW_SANDBOX = 'window-sandbox';
const ORDER: readonly DoctorFinding['level'][] = ['problem', 'note', 'ok'];

export function DiagnosticsScreen(): ReactElement {
  return (
    <Screen title={DIAGNOSTICS.title} subtitle={DIAGNOSTICS.subtitle}>
      <Rehearsal />
      <Doctor />
      <LiveView />
      <Bundle />
    </Screen>
  );
}

function Doctor(): ReactElement {
  const styles = useStyles();
  const { state, info } = useShared();
  const connected = state.connection === 'connected';
  const doctor = useEngine('doctor', {}, `${state.connection}${JSON.stringify(state.status?.reasons)}`);
  const findings = [...(doctor.data?.findings ?? []), ...ownFindings(info, doctor.data?.findings ?? [])].sort((a, b) => ORDER.indexOf(a.level) - ORDER.indexOf(b.level));
  const waiting = connected && doctor.data === null && doctor.failure === null;
  return (
    <Panel title={DIAGNOSTICS.doctor} icon={<HeartPulse20Regular />} aside={doctor.data === null ? null : <Caption1 className={styles.sub}>{DIAGNOSTICS.health(findings.filter(({ level }) => level === 'problem').length)}</Caption1>}>
      <FailureBar failure={connected ? doctor.failure : null} onRetry={() => doctor.reload()} />
      {waiting ? <Loading /> : null}
      {doctor.data === null && !waiting ? <Caption1>{COMMON.unknown}</Caption1> : null}
      <div className={styles.rows}>
        {findings.map(({ id, level, message, fix }) => (
          <div key={id + message} className={styles.row}>
            <span className={mergeClasses(styles.sign, styles[level])} role="img" aria-label={DIAGNOSTICS.level[level]}>{ICONS[level]}</span>
            <div className={styles.text}><Text>{visibleText(message)}</Text>{fix === null ? null : <Caption1 block className={styles.sub}>{visibleText(fix)}</Caption1>}</div>
          </div>
        ))}
      </div>
    </Panel>
  );
}

/** The engine speaks of the window that is part of its own program; one that runs by itself is known here alone. */
function ownFindings(info: AppInfo | null, told: readonly DoctorFinding[]): DoctorFinding[] {
  if (info === null || info.sandbox.on || told.some(({ id }) => id === WINDOW_SANDBOX)) return [];
  return [{ id: WINDOW_SANDBOX, level: 'note', message: DIAGNOSTICS.unsandboxed, fix: info.sandbox.reason }];
}

function Bundle(): ReactElement {
  const styles = useStyles();
  const bridge = useBridge();
  const [saved, setSaved] = useState<string | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const save = async (): Promise<void> => {
    const answer = await bridge.app('supportBundleSave', {});
    setFailure(answer.ok ? null : answer.error);
    if (answer.ok) setSaved(answer.value.savedTo);
  };
  return (
    <Panel title={DIAGNOSTICS.bundle} icon={<Save20Regular />} aside={<Button onClick={() => void save()}>{DIAGNOSTICS.save}</Button>}>
      <Text className={styles.sub}>{DIAGNOSTICS.bundleText}</Text>
      {saved === null ? null : <Caption1 aria-live="polite">{DIAGNOSTICS.saved(visibleText(saved))}</Caption1>}
      <FailureBar failure={failure} />
    </Panel>
  );
}
