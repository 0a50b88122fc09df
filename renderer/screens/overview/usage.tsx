/** What Holdfast itself takes of this device, by process, told every few seconds while somebody looks. */
import { Caption1, makeStyles, Text, tokens } from '@fluentui/react-components';
import { DataUsage20Regular } from '@fluentui/react-icons';
import { useEffect, useState, type ReactElement } from 'react';
import { useShared } from '../../api/app-state.ts';
import { useEngine } from '../../api/use-data.ts';
import { Loading, Panel } from '../../components/parts.tsx';
import { COMMON, OVERVIEW } from '../../words/words.ts';

const EVERY_MS = 5_000;

const useStyles = makeStyles({
  table: { width: '100%', borderCollapse: 'collapse', fontVariantNumeric: 'tabular-nums', '& td, & th': { padding: '4px 0', fontWeight: 'inherit', textAlign: 'right' }, '& td:first-child, & th:first-child': { textAlign: 'left' } },
  head: { color: tokens.colorNeutralForeground2 },
});

export function Usage(): ReactElement {
  const styles = useStyles();
  const { state } = useShared();
  const [turn, setTurn] = useState(0);
  const usage = useEngine('usage', {}, turn);
  useEffect(() => {
    const timer = setInterval(() => setTurn((before) => before + 1), EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  const waiting = usage.data === null && usage.failure === null && state.connection === 'connected';
  return (
    <Panel title={OVERVIEW.usage} icon={<DataUsage20Regular />}>
      {waiting ? <Loading /> : null}
      {usage.data === null && !waiting ? <Caption1>{COMMON.unknown}</Caption1> : null}
      {usage.data === null ? null : (
        <table className={styles.table}>
          <thead><tr className={styles.head}><th scope="col"><Caption1>{OVERVIEW.process}</Caption1></th><th scope="col"><Caption1>{OVERVIEW.cpu}</Caption1></th><th scope="col"><Caption1>{OVERVIEW.memory}</Caption1></th></tr></thead>
          <tbody>
            {usage.data.processes.map(({ name, pid, cpuPercent, memoryMb }) => (
              <tr key={pid}>
                <td><Text title={String(pid)}>{OVERVIEW.processNames[name] ?? name}</Text></td>
                <td>{cpuPercent === null ? OVERVIEW.measuring : OVERVIEW.percent(cpuPercent)}</td>
                <td>{OVERVIEW.megabytes(memoryMb)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}
