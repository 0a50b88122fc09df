/** Plain tables that fit the terminal: the last column takes what the others leave, and wraps. Cells are `visible` text. */
import { displayWidth, padEnd, wrap } from './width.ts';

export interface Column {
  readonly title: string;
  readonly alignRight?: boolean;
}

const GAP = '  ';
const LEAST_LAST_COLUMN = 20;

export function table(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): string[] {
  const widths = columns.map((column, index) => Math.max(displayWidth(column.title), ...rows.map((row) => displayWidth(row[index] ?? ''))));
  const before = widths.slice(0, -1).reduce((sum, each) => sum + each + GAP.length, 0);
  const last = columns.length - 1;
  widths[last] = Math.max(LEAST_LAST_COLUMN, width - before);
  const line = (cells: readonly string[]): string[] => {
    const wrapped = wrap(cells[last] ?? '', widths[last] ?? LEAST_LAST_COLUMN);
    const first = columns.slice(0, -1).map((column, index) => aligned(cells[index] ?? '', widths[index] ?? 0, column.alignRight === true));
    return wrapped.map((text, index) => (index === 0 ? [...first, text].join(GAP) : ' '.repeat(before) + text).trimEnd());
  };
  return [columns.map((column) => column.title), ...rows].flatMap(line);
}

function aligned(text: string, width: number, right: boolean): string {
  return right ? ' '.repeat(Math.max(0, width - displayWidth(text))) + text : padEnd(text, width);
}

/** Name and value pairs, the values in one column. */
export function pairs(entries: readonly (readonly [string, string])[], width: number): string[] {
  const nameWidth = Math.max(0, ...entries.map(([name]) => displayWidth(name)));
  return entries.flatMap(([name, value]) =>
    wrap(value, Math.max(LEAST_LAST_COLUMN, width - nameWidth - GAP.length)).map((text, index) => `${padEnd(index === 0 ? name : '', nameWidth)}${GAP}${text}`.trimEnd()),
  );
}

/** A paragraph with its first line after `lead` and the others under it. */
export function hanging(lead: string, text: string, width: number): string[] {
  const indent = displayWidth(lead);
  return wrap(text, width - indent).map((line, index) => (index === 0 ? lead : ' '.repeat(indent)) + line);
}
