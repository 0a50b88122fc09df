/** Whether what Holdfast sees is fresh: each sensor with the age of its last event, and what it lost. */
import { Caption1, makeStyles, mergeClasses, Text, tokens } from '@fluentui/react-components';
import { CheckmarkCircle20Filled, ErrorCircle20Filled, Pulse20Regular } from '@fluentui/react-icons';
import type { ReactElement } from 'react';
import type { SensorStatus } from '../../../shared/status/status.ts';
import { useShared } from '../../api/app-state.ts';
import { useEngine } from '../../api/use-data.ts';
import { Panel } from '../../components/parts.tsx';
import { useTones } from '../../components/state-look.tsx';
import { ago } from '../../components/times.ts';
import { useNow } from '../../components/use-now.ts';
import { COMMON, OVERVIEW } from '../../words/words.ts';

const REFRESH_MS = 10_000;

const useStyles = makeStyles({
  rows: { display: 'flex', flexDirection: 'column', gap: '12px' },
  row: { display: 'flex', gap: '12px', alignItems: 'flex-start' },
  sign: { display: 'flex' },
  text: { minWidth: 0, display: 'flex', flexDirection: 'column', gap: '4px', overflowWrap: 'anywhere' },
  sub: { color: tokens.colorNeutralForeground2 },
});

export function Sensors(): ReactElement {
  const styles = useStyles();
  const { state } = useShared();
  const now = useNow(2_000);
  const fresh = useEngine('status', {}, Math.floor(now / REFRESH_MS));
  const sensors = (fresh.data ?? state.status)?.sensors ?? [];
  return (
    <Panel title={OVERVIEW.sensors} icon={<Pulse20Regular />}>
      {sensors.length === 0 ? <Caption1>{COMMON.unknown}</Caption1> : null}
      <div className={styles.rows}>{sensors.map((sensor) => <Sensor key={sensor.id} sensor={sensor} now={now} />)}</div>
    </Panel>
  );
}

function Sensor({ sensor: { id, state, lastEventAt, lost, reason }, now }: { readonly sensor: SensorStatus; readonly now: number }): ReactElement {
  const styles = useStyles();
  const tones = useTones();
  const well = state === 'running';
  return (
    <div className={styles.row}>
      <span className={mergeClasses(styles.sign, well ? tones.good : tones.bad)} role="img" aria-label={OVERVIEW.sensorStates[state]}>{well ? <CheckmarkCircle20Filled /> : <ErrorCircle20Filled />}</span>
      <div className={styles.text}>
        <Text title={id}>{OVERVIEW.sensorNames[id] ?? id}</Text>
        <Caption1 className={styles.sub}>{lastEventAt === null ? OVERVIEW.noEvent : OVERVIEW.lastEvent(ago(lastEventAt, now))}{lost === 0 ? '' : ` · ${OVERVIEW.lost(lost)}`}{reason === null ? '' : ` · ${reason}`}</Caption1>
      </div>
    </div>
  );
}
