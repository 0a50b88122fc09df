/** One measured value, and what repeated values are summed up to. */

export interface Figure {
  readonly name: string;
  readonly value: number | null;
  readonly unit: string;
  /** The same without Holdfast, measured in the same run; what it is of stands in `baselineIs`. */
  readonly baseline: number | null;
  readonly baselineIs: string;
  /** What we promise ourselves. Printed, never enforced: a loaded machine is not a defect. */
  readonly target?: number;
  readonly [detail: string]: unknown;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  if (upper === undefined) throw new Error('no values to take the median of');
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

export interface Spread {
  readonly least: number;
  readonly most: number;
  readonly all: readonly number[];
}

export function spreadOf(values: readonly number[], digits = 3): Spread {
  return { least: rounded(Math.min(...values), digits), most: rounded(Math.max(...values), digits), all: values.map((value) => rounded(value, digits)) };
}

export function rounded(value: number, digits = 3): number {
  return Number(value.toFixed(digits));
}

/** A figure that can not be had here says why; leaving it out would look like success. */
export function notMeasured(name: string, unit: string, reason: string): Figure {
  return { name, value: null, unit, baseline: null, baselineIs: 'not measured', reason };
}
