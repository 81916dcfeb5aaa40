import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { invariant, rngFromNumber } from '@vitrine/kernel';
import { clusterRows, labelRows, rowMatrix, type RowMatrix } from '@vitrine/segment';
import type { ClusteringMeasurement } from './clustering-measurement';

export interface ClusteringWork {
  /** Row-major doubles. */
  readonly rowsFile: string;
  readonly columns: number;
  readonly k: number;
  readonly seed: number;
  readonly restarts: number;
}

/** Passes over all rows that may follow the batches; they stop by themselves when little is gained. */
const MOST_PASSES = 20;
const READ_BYTES = 1 << 24;

/** Rows that are clustered before the clock starts, on either side: a program that lives for long compiles its loops once. */
const WARM_UP_ROWS = 20_000;

/** Reads the rows, scales them into a second matrix as training does, and clusters them: only the last is timed. */
export function measureClustering({ rowsFile, columns, k, seed, restarts }: ClusteringWork): ClusteringMeasurement {
  const raw = readRows(rowsFile, columns);
  const data = scaled(raw);
  const options = { k, restarts, maxIterations: MOST_PASSES };
  const first = rowMatrix(columns, data.values.subarray(0, WARM_UP_ROWS * columns));
  clusterRows(first, { ...options, algorithm: 'MINI_BATCH' }, rngFromNumber(seed));
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  const { centroids } = clusterRows(data, options, rngFromNumber(seed));
  const seconds = (performance.now() - start) / 1_000;
  const { user, system } = process.cpuUsage(cpuBefore);
  invariant(raw.values.length === data.values.length, 'both matrices were there throughout'); // so the raw one counts in the peak
  return {
    name: 'vitrine',
    version: process.version,
    threads: 1,
    seconds,
    cpuSeconds: (user + system) / 1e6,
    peakMiB: peakMiB(),
    centroids: Array.from({ length: centroids.rows }, (_, row) => [...centroids.values.subarray(row * columns, (row + 1) * columns)]),
  };
}

export interface JudgeWork {
  readonly rowsFile: string;
  readonly columns: number;
  /** Sets of centroids of scaled rows, whoever found them. */
  readonly sets: readonly (readonly (readonly number[])[])[];
}

/** Sum of squared distances of the scaled rows to the nearest centroid, for each set: one judge for all. */
export function judgeCentroids({ rowsFile, columns, sets }: JudgeWork): readonly number[] {
  const data = scaled(readRows(rowsFile, columns));
  return sets.map((set) => labelRows(data, rowMatrix(columns, Float64Array.from(set.flat()))).inertia);
}

/** In pieces, so that the file is never in memory twice. */
function readRows(path: string, columns: number): RowMatrix {
  const file = openSync(path, 'r');
  try {
    const bytes = new Uint8Array(fstatSync(file).size);
    for (let at = 0; at < bytes.length;) {
      const read = readSync(file, bytes, at, Math.min(READ_BYTES, bytes.length - at), at);
      invariant(read > 0, 'the file keeps its length');
      at += read;
    }
    return rowMatrix(columns, new Float64Array(bytes.buffer));
  } finally {
    closeSync(file);
  }
}

/** A copy with mean 0 and variance 1 in every column that varies. */
function scaled({ rows, columns, values }: RowMatrix): RowMatrix {
  const means = columnSums(values, columns, (value) => value).map((sum) => sum / rows);
  const variances = columnSums(values, columns, (value, c) => (value - (means[c] ?? 0)) ** 2).map((sum) => sum / rows);
  const scales = variances.map((variance) => Math.sqrt(variance) || 1);
  const copy = new Float64Array(values.length);
  for (let at = 0; at < values.length; at++) copy[at] = ((values[at] ?? 0) - (means[at % columns] ?? 0)) / (scales[at % columns] ?? 1);
  return rowMatrix(columns, copy);
}

function columnSums(values: Float64Array, columns: number, of: (value: number, column: number) => number): Float64Array {
  const sums = new Float64Array(columns);
  for (let at = 0; at < values.length; at++) sums[at % columns] = (sums[at % columns] ?? 0) + of(values[at] ?? 0, at % columns);
  return sums;
}

/** The most memory this program held. Not `maxRSS` where it can be helped: Linux counts in what the process was before it became this program. */
function peakMiB(): number {
  try {
    const found = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'));
    if (found !== null) return Number(found[1]) / 1_024;
  } catch {
    // no such file: not Linux
  }
  return process.resourceUsage().maxRSS / 1_024;
}
