/** Settings: of this window, and of the engine. Only what exists. */
import { Button, Caption1, makeStyles, MessageBar, MessageBarBody, Radio, RadioGroup, Text } from '@fluentui/react-components';
import { Alert20Regular, DarkTheme20Regular, Info20Regular, LockClosed16Filled, PauseCircle20Regular, Timer20Regular } from '@fluentui/react-icons';
import { useState, type ReactElement } from 'react';
import type { EngineSettings } from '../../../shared/control/calls.ts';
import type { WindowSettings } from '../../../shared/ipc/table.ts';
import { useShared } from '../../api/app-state.ts';
import { useBridge } from '../../api/bridge.ts';
import { useChange, useEngine } from '../../api/use-data.ts';
import { FailureBar, Screen } from '../../components/parts.tsx';
import { exact } from '../../components/times.ts';
import { useNextButton } from '../../components/use-next-button.ts';
import { visibleText } from '../../components/visible-text.ts';
import { OVERVIEW, SETTINGS } from '../../words/words.ts';
import { SettingCard } from './setting-card.tsx';

const useStyles = makeStyles({ radios: { flexWrap: 'wrap' }, buttons: { display: 'flex', gap: '8px', flexWrap: 'wrap' }, lines: { display: 'flex', flexDirection: 'column', gap: '4px', overflowWrap: 'anywhere' }, locked: { display: 'flex', gap: '8px', alignItems: 'center' } });

export function SettingsScreen(): ReactElement {
  const bridge = useBridge();
  const styles = useStyles();
  const { settings, settingsProblem } = useShared();
  const set = (wanted: Partial<WindowSettings>): void => void bridge.app('windowSettingsSet', wanted);
  return (
    <Screen title={SETTINGS.title} narrow>
      {settingsProblem === null ? null : <MessageBar intent="warning" layout="multiline"><MessageBarBody>{visibleText(settingsProblem)}</MessageBarBody></MessageBar>}
      <SettingCard title={SETTINGS.look} hint={SETTINGS.lookHint} icon={<DarkTheme20Regular />}>
        <RadioGroup className={styles.radios} layout="horizontal" aria-label={SETTINGS.look} value={settings.theme} onChange={(_, { value }) => set({ theme: value as WindowSettings['theme'] })}>
          {Object.entries(SETTINGS.themes).map(([value, label]) => <Radio key={value} value={value} label={label} />)}
        </RadioGroup>
      </SettingCard>
      <SettingCard title={SETTINGS.notices} hint={SETTINGS.noticesHint} icon={<Alert20Regular />}>
        <RadioGroup className={styles.radios} layout="horizontal" aria-label={SETTINGS.notices} value={settings.notices} onChange={(_, { value }) => set({ notices: value as WindowSettings['notices'] })}>
          {Object.entries(SETTINGS.noticeKinds).map(([value, label]) => <Radio key={value} value={value} label={label} />)}
        </RadioGroup>
      </SettingCard>
      <Pause />
      <Engine />
      <About />
    </Screen>
  );
}

function Pause(): ReactElement {
  const styles = useStyles();
  const { state } = useShared();
  const pause = useChange('pause');
  const resume = useChange('resume');
  const [last, setLast] = useState<'short' | 'boot'>('short');
  const paused = state.status?.state === 'paused';
  const { place, pressed } = useNextButton(paused);
  const run = (kind: 'short' | 'boot', ask = false): void => {
    pressed();
    setLast(kind);
    void pause.run(kind === 'short' ? { minutes: 15, reason: SETTINGS.pauseReason } : { untilRestart: true, reason: SETTINGS.pauseReason }, ask);
  };
  const end = (ask = false): void => {
    pressed();
    void resume.run({}, ask);
  };
  const { status } = state;
  const off = state.connection !== 'connected';
  return (
    <SettingCard title={SETTINGS.pause} hint={paused && status !== null && status.pause !== null ? OVERVIEW.pausedBy(visibleText(status.pause.who), status.pausedUntil === null ? null : exact(status.pausedUntil)) : SETTINGS.pauseHint} icon={<PauseCircle20Regular />}>
      <div className={styles.buttons} ref={place}>
        {paused ? <Button appearance="primary" disabled={off} onClick={() => end()}>{SETTINGS.resume}</Button> : <><Button disabled={off} onClick={() => run('short')}>{SETTINGS.pause15}</Button><Button disabled={off} onClick={() => run('boot')}>{SETTINGS.pauseBoot}</Button></>}
      </div>
      <FailureBar failure={paused ? resume.failure : pause.failure} onAsk={() => (paused ? end(true) : run(last, true))} />
    </SettingCard>
  );
}

function Engine(): ReactElement {
  const styles = useStyles();
  const { state } = useShared();
  const settings = useEngine('engineSettings', {});
  const change = useChange('engineSettingsSet');
  const [wanted, setWanted] = useState<EngineSettings['fail'] | null>(null);
  const set = async (fail: EngineSettings['fail'], ask: boolean): Promise<void> => {
    setWanted(fail);
    if ((await change.run({ fail }, ask)) !== null) settings.reload();
  };
  const connected = state.connection === 'connected';
  const locked = settings.data?.lockedByPolicy.includes('fail') === true;
  return (
    <SettingCard title={SETTINGS.engine} hint={SETTINGS.failHint} icon={<Timer20Regular />}>
      <RadioGroup aria-label={SETTINGS.engine} value={settings.data?.settings.fail ?? ''} disabled={!connected || settings.data === null || locked} onChange={(_, { value }) => void set(value as EngineSettings['fail'], false)}>
        <Radio value="open" label={SETTINGS.fail.open} />
        <Radio value="closed" label={SETTINGS.fail.closed} />
      </RadioGroup>
      {locked ? <Caption1 className={styles.locked}><LockClosed16Filled aria-hidden />{SETTINGS.locked}</Caption1> : null}
      <FailureBar failure={connected ? (settings.failure ?? change.failure) : null} onAsk={() => (wanted === null ? undefined : void set(wanted, true))} />
    </SettingCard>
  );
}

function About(): ReactElement | null {
  const styles = useStyles();
  const { info } = useShared();
  if (info === null) return null;
  return (
    <SettingCard title={SETTINGS.about} icon={<Info20Regular />}>
      <div className={styles.lines}>
        <Text>{SETTINGS.version(info.version, info.runtime.electron)}</Text>
        <Caption1>{SETTINGS.account(visibleText(info.user), info.role)}</Caption1>
        <Caption1>{info.sandbox.on ? SETTINGS.sandboxed : `${OVERVIEW.sandbox}: ${visibleText(info.sandbox.reason ?? '')}`}</Caption1>
      </div>
    </SettingCard>
  );
}
