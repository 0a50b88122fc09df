/** The three looks: Fluent's own, with fonts that each system has. */
import { teamsHighContrastTheme, webDarkTheme, webLightTheme, type Theme } from '@fluentui/react-components';
import type { WindowSettings } from '../../shared/ipc/table.ts';

const FONT = { fontFamilyBase: "'Segoe UI Variable Text', 'Segoe UI', Inter, 'Noto Sans', system-ui, sans-serif", fontFamilyMonospace: "'Cascadia Mono', Consolas, 'JetBrains Mono', 'Noto Sans Mono', 'DejaVu Sans Mono', monospace" };
/** The ground on which cards lie: Fluent's own is nearly black, which makes every card shout. */
const DARK_GROUND = { colorNeutralBackground3: '#1c1c1c', colorNeutralBackground3Hover: '#2b2b2b' };
const LIGHT_GROUND = { colorNeutralBackground3: '#f5f5f5', colorNeutralBackground3Hover: '#ebebeb' };

/** Fluent's is bright, and the coloured words on it would not be readable: what is chosen is shown by its edge instead. */
const CONTRAST_CHOSEN = { colorNeutralBackground1Selected: '#000000', colorNeutralForeground1Selected: '#ffffff' };

export function themeOf(choice: WindowSettings['theme'], systemIsDark: boolean): Theme {
  if (choice === 'highContrast') return { ...teamsHighContrastTheme, ...CONTRAST_CHOSEN, ...FONT };
  return choice === 'dark' || (choice === 'system' && systemIsDark) ? { ...webDarkTheme, ...DARK_GROUND, ...FONT } : { ...webLightTheme, ...LIGHT_GROUND, ...FONT };
}
