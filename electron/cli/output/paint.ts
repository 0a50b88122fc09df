/** Colour for terminals that want it; plain text for files, pipes and whoever set NO_COLOR. */

export interface Painter {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly caution: (text: string) => string;
}

export interface PaintChoice {
  readonly isTty: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export function painter(choice: PaintChoice): Painter {
  const noColor = (choice.env['NO_COLOR'] ?? '') !== '';
  const colour = choice.isTty && !noColor && choice.env['TERM'] !== 'dumb';
  const style = (on: number, off: number) => (text: string) => (colour && text !== '' ? `\x1b[${on}m${text}\x1b[${off}m` : text);
  return { bold: style(1, 22), dim: style(2, 22), good: style(32, 39), bad: style(31, 39), caution: style(33, 39) };
}
