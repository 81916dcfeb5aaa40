import { invariant } from '@vitrine/kernel';

/** Numbers per cell: a polynomial of degree five in the place r in [0, 1] inside the cell. */
export const CELL = 6;

/**
 * A cumulative distribution function on equal cells, each a polynomial of degree five that matches value, density and slope
 * of the density at both ends. The error shrinks with the sixth power of the cell's width (about 3e-12 for cells of sd / 16).
 * Left of the first cell it counts as 0, right of the last as 1.
 */
export interface PiecewiseCdf {
  /** Shape [cells * CELL], powers ascending. */
  readonly coefficients: Float64Array;
  readonly cells: number;
}

/** Cumulative probability, density and slope of the density at the cells' ends, per cell width; shape [cells + 1] each. */
export interface CdfSamples {
  readonly value: Float64Array;
  readonly density: Float64Array;
  readonly slope: Float64Array;
}

/** Scales samples whose values start at 0 so that they end at 1: a distribution cut off at both ends stays one. In place. */
export function normaliseSamples({ value, density, slope }: CdfSamples): void {
  const total = value[value.length - 1] ?? 0;
  invariant(value[0] === 0 && total > 0, 'a distribution rises from 0');
  for (const series of [value, density, slope]) {
    for (let i = 0; i < series.length; i++) series[i] = (series[i] ?? 0) / total;
  }
}

/** Quintic Hermite interpolation. */
export function piecewiseCdf({ value, density, slope }: CdfSamples): PiecewiseCdf {
  const cells = value.length - 1;
  invariant(cells > 0 && density.length === cells + 1 && slope.length === cells + 1, 'one sample per end of a cell');
  const coefficients = new Float64Array(cells * CELL);
  for (let i = 0; i < cells; i++) {
    const [f0, d0, d1] = [value[i] ?? 0, density[i] ?? 0, density[i + 1] ?? 0];
    const [s0, s1] = [slope[i] ?? 0, slope[i + 1] ?? 0];
    const rise = (value[i + 1] ?? 0) - f0;
    coefficients.set(
      [
        f0,
        d0,
        s0 / 2,
        10 * rise - 6 * d0 - 4 * d1 - 1.5 * s0 + 0.5 * s1,
        -15 * rise + 8 * d0 + 7 * d1 + 1.5 * s0 - s1,
        6 * rise - 3 * d0 - 3 * d1 - 0.5 * s0 + 0.5 * s1,
      ],
      i * CELL,
    );
  }
  return { coefficients, cells };
}

/** Cumulative probability at r in [0, 1] of the cell whose coefficients start at `at`. */
export function cellValue(c: Float64Array, at: number, r: number): number {
  const upper = (c[at + 3] ?? 0) + r * ((c[at + 4] ?? 0) + r * (c[at + 5] ?? 0));
  return (c[at] ?? 0) + r * ((c[at + 1] ?? 0) + r * ((c[at + 2] ?? 0) + r * upper));
}

/** Density there, per cell width: the derivative of `cellValue`. */
export function cellDensity(c: Float64Array, at: number, r: number): number {
  const upper = 3 * (c[at + 3] ?? 0) + r * (4 * (c[at + 4] ?? 0) + r * 5 * (c[at + 5] ?? 0));
  return (c[at + 1] ?? 0) + r * (2 * (c[at + 2] ?? 0) + r * upper);
}

/** @param place in cells from the start of the first one */
export function cdfAt({ coefficients, cells }: PiecewiseCdf, place: number): number {
  if (place <= 0) return 0;
  if (place >= cells) return 1;
  const cell = Math.floor(place);
  return cellValue(coefficients, cell * CELL, place - cell);
}
