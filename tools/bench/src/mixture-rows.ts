import { open } from 'node:fs/promises';
import { rngFromNumber, type Rng } from '@vitrine/kernel';

export interface MixtureShape {
  readonly rows: number;
  readonly columns: number;
  readonly components: number;
  readonly seed: number;
}

interface Mixture {
  /** Running sums of the components' shares, the last 1. */
  readonly shares: Float64Array;
  readonly corners: Float64Array;
  readonly spreads: Float64Array;
}

const ROWS_AT_ONCE = 8_192;

/**
 * Writes rows as customers' features look: groups of unequal size and spread that overlap, each value with heavy (exponential) tails, some rows
 * far out in all columns, and columns of different units. Row-major doubles in the byte order of this machine.
 */
export async function writeMixtureRows(path: string, shape: MixtureShape): Promise<void> {
  const rng = rngFromNumber(shape.seed);
  const mixture = drawMixture(shape, rng);
  const file = await open(path, 'w');
  try {
    for (let from = 0; from < shape.rows; from += ROWS_AT_ONCE) {
      const rows = Math.min(ROWS_AT_ONCE, shape.rows - from);
      const values = new Float64Array(rows * shape.columns);
      for (let row = 0; row < rows; row++) drawRow(values.subarray(row * shape.columns, (row + 1) * shape.columns), mixture, rng);
      await file.writeFile(new Uint8Array(values.buffer));
    }
  } finally {
    await file.close();
  }
}

function drawMixture({ columns, components }: MixtureShape, rng: Rng): Mixture {
  const weights = Float64Array.from({ length: components }, () => exponential(rng));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  const shares = weights.map((weight) => (sum += weight) / total);
  const corners = Float64Array.from({ length: components * columns }, () => laplace(rng));
  const spreads = Float64Array.from({ length: components }, () => Math.exp(rng() - 0.5));
  return { shares, corners, spreads };
}

function drawRow(row: Float64Array, { shares, corners, spreads }: Mixture, rng: Rng): void {
  const place = rng();
  const found = shares.findIndex((share) => share > place);
  const component = found < 0 ? shares.length - 1 : found;
  const farOut = rng() < 0.02 ? 4 : 1;
  const spread = (spreads[component] ?? 1) * farOut;
  for (let c = 0; c < row.length; c++) {
    const unit = 10 ** ((c % 4) - 1);
    row[c] = unit * ((corners[component * row.length + c] ?? 0) + spread * laplace(rng) + (c % 3));
  }
}

const exponential = (rng: Rng): number => -Math.log(1 - rng());
/** Of mean 0 and variance 1. */
const laplace = (rng: Rng): number => (exponential(rng) - exponential(rng)) * Math.SQRT1_2;
