/** The look of each state of protection: sign and tone, the same in the rail and in the overview. */
import { makeStyles, tokens } from '@fluentui/react-components';
import { Clock20Filled, Clock32Filled, Eye20Filled, Eye32Filled, PauseCircle20Filled, PauseCircle32Filled, PlugDisconnected20Filled, PlugDisconnected28Filled, ShieldCheckmark20Filled, ShieldCheckmark28Filled, ShieldDismiss20Filled, ShieldDismiss24Filled, ShieldError20Filled, Warning28Filled } from '@fluentui/react-icons';
import type { ReactElement } from 'react';
import type { AppState } from '../../shared/ipc/table.ts';
import type { STATE } from '../words/words.ts';

export type StateKind = keyof typeof STATE;
export type StateTone = 'good' | 'middling' | 'bad' | 'calm';

export const STATE_LOOK: Readonly<Record<StateKind, { readonly tone: StateTone; readonly small: ReactElement; readonly large: ReactElement }>> = {
  protected: { tone: 'good', small: <ShieldCheckmark20Filled />, large: <ShieldCheckmark28Filled /> },
  partlyProtected: { tone: 'middling', small: <ShieldError20Filled />, large: <Warning28Filled /> },
  watchingOnly: { tone: 'calm', small: <Eye20Filled />, large: <Eye32Filled /> },
  paused: { tone: 'middling', small: <PauseCircle20Filled />, large: <PauseCircle32Filled /> },
  starting: { tone: 'calm', small: <Clock20Filled />, large: <Clock32Filled /> },
  failed: { tone: 'bad', small: <ShieldDismiss20Filled />, large: <ShieldDismiss24Filled /> },
  notConnected: { tone: 'bad', small: <PlugDisconnected20Filled />, large: <PlugDisconnected28Filled /> },
};

export function kindOf(state: AppState): StateKind {
  if (state.connection === 'lost') return 'notConnected';
  return state.status?.state ?? 'starting';
}

export const useTones = makeStyles({
  good: { color: tokens.colorStatusSuccessForeground1 },
  middling: { color: tokens.colorStatusWarningForeground1 },
  bad: { color: tokens.colorStatusDangerForeground1 },
  calm: { color: tokens.colorBrandForeground1 },
});

export const useToneDiscs = makeStyles({
  good: { color: tokens.colorStatusSuccessForeground1, backgroundColor: tokens.colorStatusSuccessBackground1, border: `1px solid ${tokens.colorStatusSuccessBorder1}` },
  middling: { color: tokens.colorStatusWarningForeground1, backgroundColor: tokens.colorStatusWarningBackground1, border: `1px solid ${tokens.colorStatusWarningBorder1}` },
  bad: { color: tokens.colorStatusDangerForeground1, backgroundColor: tokens.colorStatusDangerBackground1, border: `1px solid ${tokens.colorStatusDangerBorder1}` },
  calm: { color: tokens.colorBrandForeground1, backgroundColor: tokens.colorBrandBackground2, border: `1px solid ${tokens.colorBrandStroke2}` },
});
