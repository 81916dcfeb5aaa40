import { invariant } from '@vitrine/kernel';
import type { RowMatrix } from './row-matrix';
import type { SegmentModel } from './types';

export type Scaling = Pick<SegmentModel, 'center' | 'scale' | 'clip'>;

/** Standard deviations beyond which a value says nothing more: behaviour has heavy tails. */
export const CLIP = 6;
/** Below this share of the mean's size a spread is rounding noise, not variation. */
const NOISE = 1e-12;

/** Mean and population standard deviation per column, in two passes. A column that does not vary gets scale 0. */
export function fitScaling({ rows, columns, values }: RowMatrix): Scaling {
  invariant(rows > 0, 'scaling needs at least one row');
  const center = new Float64Array(columns);
  const squares = new Float64Array(columns);
  for (let at = 0; at < values.length; at++) center[at % columns] = (center[at % columns] ?? 0) + (values[at] ?? 0) / rows;
  for (let at = 0; at < values.length; at++) {
    const d = (values[at] ?? 0) - (center[at % columns] ?? 0);
    squares[at % columns] = (squares[at % columns] ?? 0) + (d * d) / rows;
  }
  const scale = Array.from(squares, (square, c) => {
    const spread = Math.sqrt(square);
    return spread > NOISE * Math.max(1, Math.abs(center[c] ?? 0)) ? spread : 0;
  });
  return { center: Array.from(center), scale, clip: CLIP };
}

/** One scaled value; an ignored feature (scale 0) is 0 everywhere. */
export function scaleValue(value: number, center: number, scale: number, clip: number): number {
  if (scale === 0) return 0;
  const z = (value - center) / scale;
  return z > clip ? clip : z < -clip ? -clip : z;
}

/** A scaled copy. */
export function scaleRows({ rows, columns, values }: RowMatrix, scaling: Scaling): RowMatrix {
  const { center, scale, clip } = scaling;
  invariant(center.length === columns && scale.length === columns, 'one center and scale per column');
  const scaled = values.map((value, at) => scaleValue(value, center[at % columns] ?? 0, scale[at % columns] ?? 0, clip));
  return { rows, columns, values: scaled };
}
