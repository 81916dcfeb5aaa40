import { invariant } from '@vitrine/kernel';
import type { ClusteringMeasurement } from './clustering-measurement';

/** One clustering with what the judge found. */
export interface JudgedClustering extends Omit<ClusteringMeasurement, 'centroids'> {
  readonly inertia: number;
}

export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export interface ClusteringSide {
  readonly name: string;
  readonly version: string;
  readonly threads: number;
  readonly seconds: Spread;
  readonly cpuSeconds: Spread;
  readonly inertia: Spread;
  /** Of all repeats the most memory that the process held, its rows and everything else. */
  readonly peakMiB: number;
}

export interface ClusteringReference extends ClusteringSide {
  /** Our median over theirs: below 1 ours is faster. */
  readonly timeRatio: number;
  /** Our median over theirs: below 1 ours lies nearer. */
  readonly inertiaRatio: number;
}

export interface ClusteringComparison {
  readonly ours: ClusteringSide;
  /** The first is what the targets are about. */
  readonly references: readonly ClusteringReference[];
  readonly target: { readonly timeRatio: number; readonly inertiaRatio: number; readonly peakMiB: number; readonly met: boolean };
}

const TARGET = { timeRatio: 1, inertiaRatio: 1, peakMiB: 1_536 } as const;

/** Medians of our repeats against those of each reference. */
export function compareClusterings(
  ours: readonly JudgedClustering[],
  theirs: readonly (readonly JudgedClustering[])[],
): ClusteringComparison {
  const own = sideOf(ours);
  const references = theirs.map((repeats) => {
    const other = sideOf(repeats);
    const timeRatio = own.seconds.median / other.seconds.median;
    return { ...other, timeRatio, inertiaRatio: own.inertia.median / other.inertia.median };
  });
  const [first] = references;
  invariant(first !== undefined, 'there is a reference');
  const met = first.timeRatio <= TARGET.timeRatio && first.inertiaRatio <= TARGET.inertiaRatio && own.peakMiB < TARGET.peakMiB;
  return { ours: own, references, target: { ...TARGET, met } };
}

function sideOf(repeats: readonly JudgedClustering[]): ClusteringSide {
  const [first] = repeats;
  invariant(first !== undefined, 'a side was measured');
  const { name, version, threads } = first;
  return {
    name,
    version,
    threads,
    seconds: spreadOf(repeats.map(({ seconds }) => seconds)),
    cpuSeconds: spreadOf(repeats.map(({ cpuSeconds }) => cpuSeconds)),
    inertia: spreadOf(repeats.map(({ inertia }) => inertia)),
    peakMiB: Math.max(...repeats.map(({ peakMiB }) => peakMiB)),
  };
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [least = Number.NaN, most = Number.NaN, upper = Number.NaN] = [sorted[0], sorted.at(-1), sorted[middle]];
  return { median: sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2, least, most };
}

/** The comparison as lines for people; the last one is the verdict. */
export function clusteringLines({ ours, references, target }: ClusteringComparison): readonly string[] {
  const ratios = references.map(
    ({ name, timeRatio, inertiaRatio }) => `against ${name}: time ratio ${timeRatio.toFixed(2)}, inertia ratio ${inertiaRatio.toFixed(4)}`,
  );
  const { timeRatio, inertiaRatio, peakMiB, met } = target;
  const wanted = `time ratio <= ${timeRatio.toFixed(1)} at inertia ratio <= ${inertiaRatio.toFixed(1)}, peak < ${peakMiB} MiB`;
  const verdict = `target against ${references[0]?.name ?? ''}, ${wanted}: ${met ? 'met' : 'missed'}`;
  return [...[ours, ...references].map(sideLine), ...ratios, verdict];
}

function sideLine({ name, version, threads, seconds, cpuSeconds, inertia, peakMiB }: ClusteringSide): string {
  const time = `${seconds.median.toFixed(2)} s (${seconds.least.toFixed(2)} to ${seconds.most.toFixed(2)}), CPU ${cpuSeconds.median.toFixed(2)} s`;
  const distance = `${Math.round(inertia.median)} (${Math.round(inertia.least)} to ${Math.round(inertia.most)})`;
  return `${name} ${version}, ${threads} thread${threads === 1 ? '' : 's'}: ${time}, inertia ${distance}, peak ${Math.round(peakMiB)} MiB`;
}
