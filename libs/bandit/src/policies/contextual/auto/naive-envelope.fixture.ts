/** Lines `base + slope z` and the interval over which z is even. */
export interface NaiveLines {
  readonly bases: readonly number[];
  readonly slopes: readonly number[];
  readonly low: number;
  readonly high: number;
}

const heightAt = ({ bases, slopes }: NaiveLines, i: number, z: number): number => (bases[i] ?? 0) + (slopes[i] ?? 0) * z;

/** Indices of the highest lines at z; several only where lines are equal. */
function highestAt(lines: NaiveLines, z: number): readonly number[] {
  const heights = lines.bases.map((_, i) => heightAt(lines, i, z));
  const top = heights.indexOf(Math.max(...heights));
  return lines.bases.flatMap((base, i) => (base === lines.bases[top] && lines.slopes[i] === lines.slopes[top] ? [i] : []));
}

/** Shares of the highest line by every crossing of every pair: between two neighbouring crossings one line leads, seen in the middle. */
export function naiveEnvelope(lines: NaiveLines): number[] {
  const { bases, slopes, low, high } = lines;
  const cuts = [low, high];
  bases.forEach((base, i) => {
    bases.slice(i + 1).forEach((other, k) => {
      const crossing = (base - other) / ((slopes[i + 1 + k] ?? 0) - (slopes[i] ?? 0));
      if (crossing > low && crossing < high) cuts.push(crossing);
    });
  });
  cuts.sort((a, b) => a - b);
  const out = bases.map(() => 0);
  cuts.slice(1).forEach((to, k) => {
    const from = cuts[k] ?? low;
    const leaders = highestAt(lines, (from + to) / 2);
    for (const leader of leaders) out[leader] = (out[leader] ?? 0) + (to - from) / (high - low) / leaders.length;
  });
  return out;
}

/** The same by counting the leaders of many z, evenly spaced; wrong by at most two cells per leader. */
export function gridEnvelope(lines: NaiveLines, cells: number): number[] {
  const out = lines.bases.map(() => 0);
  for (let cell = 0; cell < cells; cell++) {
    const leaders = highestAt(lines, lines.low + ((lines.high - lines.low) * (cell + 0.5)) / cells);
    for (const leader of leaders) out[leader] = (out[leader] ?? 0) + 1 / cells / leaders.length;
  }
  return out;
}
