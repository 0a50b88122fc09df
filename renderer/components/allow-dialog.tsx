/** Makes an allow from an entry of history: what it names, for how long, why, and what else it would have let through. */
import { Button, Caption1, Checkbox, DialogActions, DialogBody, DialogContent, DialogTitle, Field, makeStyles, MessageBar, MessageBarBody, Radio, RadioGroup, Text, Textarea, tokens } from '@fluentui/react-components';
import { Eye20Regular } from '@fluentui/react-icons';
import { useEffect, useState, type ReactElement } from 'react';
import type { CallInput } from '../../shared/control/calls.ts';
import type { HistoryEntry } from '../../shared/history/entry.ts';
import { useChange, useEngine } from '../api/use-data.ts';
import { ALLOW, COMMON } from '../words/words.ts';
import { Modal } from './modal.tsx';
import { CodeBlock, FailureBar } from './parts.tsx';
import { baseName, middleCut, visibleText } from './visible-text.ts';

type End = CallInput<'allowAdd'>['for'];

const ENDS: readonly (readonly [End, string])[] = [['once', ALLOW.once], ['15m', ALLOW.minutes], ['24h', ALLOW.day], ['boot', ALLOW.boot], ['permanent', ALLOW.permanent]];
/** Against a click that was meant for something else. */
const GUARD_MS = 700;

const useStyles = makeStyles({
  content: { display: 'flex', flexDirection: 'column', gap: '16px', overflowWrap: 'anywhere', '& > *': { flexShrink: 0 } },
  // The boxes stand where the text begins.
  parts: { display: 'flex', flexDirection: 'column', margin: '-8px 0 -8px -8px' },
  preview: { display: 'flex', gap: '8px', alignItems: 'center', padding: '8px 12px', borderRadius: tokens.borderRadiusMedium, backgroundColor: tokens.colorNeutralBackground3 },
  times: { marginLeft: '-8px', flexWrap: 'wrap' },
});

export function AllowDialog({ entry, onClose }: { readonly entry: HistoryEntry; readonly onClose: () => void }): ReactElement {
  const styles = useStyles();
  const [end, setEnd] = useState<End>('15m');
  const [reason, setReason] = useState('');
  const [parts, setParts] = useState({ arguments: true, parent: true });
  const [sure, setSure] = useState(false);
  const ready = useGuard();
  const allow = useChange('allowAdd');
  const permanent = end === 'permanent';
  const complete = ready && reason.trim() !== '' && (!permanent || sure);
  const confirm = async (ask: boolean, close: () => void): Promise<void> => {
    const made = await allow.run({ historyId: entry.id, for: end, reason: reason.trim(), parts, confirmPermanent: permanent && sure }, ask);
    if (made !== null) close();
  };
  const parent = entry.ancestors[0]?.image;
  return (
    <Modal onGone={onClose}>{(close) => (
        <DialogBody>
          <DialogTitle>{ALLOW.title}</DialogTitle>
          <DialogContent className={styles.content}>
            <Text>{ALLOW.text(entry.rule.name)}</Text>
            <CodeBlock label={ALLOW.program}>{visibleText(middleCut(entry.process.commandLine, 240))}</CodeBlock>
            <div className={styles.parts}>
              <Checkbox label={ALLOW.anyArguments} checked={parts.arguments} onChange={(_, { checked }) => setParts({ ...parts, arguments: checked === true })} />
              {parent === undefined ? null : <Checkbox label={ALLOW.anyParent(visibleText(middleCut(baseName(parent), 80)))} checked={parts.parent} onChange={(_, { checked }) => setParts({ ...parts, parent: checked === true })} />}
            </div>
            <Preview entry={entry} parts={parts} />
            <Field label={ALLOW.how}>
              <RadioGroup className={styles.times} layout="horizontal" value={end} onChange={(_, { value }) => { setEnd(value as End); setSure(false); }}>
                {ENDS.map(([value, label]) => <Radio key={value} value={value} label={label} />)}
              </RadioGroup>
            </Field>
            {permanent ? <MessageBar intent="warning" layout="multiline"><MessageBarBody>{ALLOW.permanentWarning} <Checkbox label={ALLOW.permanentConfirm} checked={sure} onChange={(_, { checked }) => setSure(checked === true)} /></MessageBarBody></MessageBar> : null}
            <Field label={ALLOW.reason} hint={ALLOW.reasonHint} required><Textarea value={reason} maxLength={500} rows={2} onChange={(_, { value }) => setReason(value)} /></Field>
            <FailureBar failure={allow.failure} onAsk={() => void confirm(true, close)} />
          </DialogContent>
          <DialogActions>
            <Button onClick={close}>{COMMON.cancel}</Button>
            <Button appearance="primary" disabledFocusable={!complete || allow.busy} onClick={() => void confirm(false, close)}>{ready ? ALLOW.confirm : ALLOW.wait}</Button>
          </DialogActions>
        </DialogBody>
    )}</Modal>
  );
}

function Preview({ entry, parts }: { readonly entry: HistoryEntry; readonly parts: { readonly arguments: boolean; readonly parent: boolean } }): ReactElement | null {
  const styles = useStyles();
  const { data } = useEngine('allowPreview', { historyId: entry.id, parts });
  return data === null ? null : <div className={styles.preview}><Eye20Regular aria-hidden /><Caption1>{ALLOW.preview} <b>{ALLOW.previewCount(data.count, data.countIsLeast)}</b>.</Caption1></div>;
}

function useGuard(): boolean {
  const [ready, setReady] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setReady(true), GUARD_MS);
    return () => clearTimeout(timer);
  }, []);
  return ready;
}
