/** Shows what a preset would change before it does. */
import { Badge, Button, DialogActions, DialogBody, DialogContent, DialogTitle, makeStyles, Text, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { useChange, useEngine } from '../api/use-data.ts';
import { COMMON, MODE, RULES } from '../words/words.ts';
import { Modal } from './modal.tsx';
import { FailureBar, Loading } from './parts.tsx';

const useStyles = makeStyles({
  content: { display: 'flex', flexDirection: 'column', gap: '12px', maxHeight: '56vh', overflowY: 'auto' },
  table: { width: '100%', borderCollapse: 'collapse', '& td': { padding: '8px 0', borderTop: `1px solid ${tokens.colorNeutralStroke2}`, verticalAlign: 'top' } },
  change: { width: '168px', paddingLeft: '16px', whiteSpace: 'nowrap' },
  from: { color: tokens.colorNeutralForeground2 },
});

export function PresetDialog({ preset, onClose }: { readonly preset: string; readonly onClose: () => void }): ReactElement {
  const styles = useStyles();
  const preview = useEngine('presetPreview', { preset });
  const change = useChange('rulesPreset');
  const apply = async (ask: boolean, close: () => void): Promise<void> => {
    if ((await change.run({ preset }, ask)) !== null) close();
  };
  const changes = preview.data?.changes ?? [];
  return (
    <Modal onGone={onClose}>{(close) => (
        <DialogBody>
          <DialogTitle>{RULES.presetTitle(RULES.preset(preset))}</DialogTitle>
          <DialogContent className={styles.content} tabIndex={0}>
            {preview.data === null && preview.failure === null ? <Loading /> : null}
            {preview.data === null ? null : <Text>{changes.length === 0 ? RULES.presetNothing : preview.data.description}</Text>}
            <table className={styles.table} aria-label={RULES.presetTitle(RULES.preset(preset))}>
              <tbody>
                {changes.map((one) => (
                  <tr key={one.id}>
                    <td><Text>{one.name}</Text>{one.downgradedBecause === null ? null : <> <Badge appearance="tint" color="warning" title={one.downgradedBecause}>{RULES.unavailable}</Badge></>}</td>
                    <td className={styles.change}><Text className={styles.from}>{MODE[one.from].word} → </Text><Text weight="semibold">{MODE[one.to].word}</Text></td>
                  </tr>
                ))}
              </tbody>
            </table>
            <FailureBar failure={preview.failure ?? change.failure} onAsk={() => void apply(true, close)} />
          </DialogContent>
          <DialogActions>
            <Button onClick={close}>{COMMON.cancel}</Button>
            <Button appearance="primary" disabledFocusable={changes.length === 0 || change.busy} onClick={() => void apply(false, close)}>{RULES.apply}</Button>
          </DialogActions>
        </DialogBody>
    )}</Modal>
  );
}
