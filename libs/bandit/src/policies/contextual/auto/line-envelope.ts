import { invariant } from '@vitrine/kernel';

/** n lines `base + slope z`; slopes are >= 0. Arrays may be longer than n. */
export interface Lines {
  readonly bases: Float64Array;
  readonly slopes: Float64Array;
  readonly n: number;
}

/**
 * How often each line is the highest, for z spread evenly over [low, high]: the upper envelope, in closed form. Lines that are equal to
 * the last bit share.
 *
 * Marches from `low` upwards: where a line leads, the next to lead is the steeper one whose crossing comes first. Envelopes have few
 * pieces, so this is about n steps per piece.
 *
 * @param out shape [n]; receives probabilities that sum to 1
 */
export function envelopeShares(lines: Lines, { low, high }: { readonly low: number; readonly high: number }, out: Float64Array): void {
  const { n } = lines;
  invariant(n > 0 && out.length === n && high > low, 'one probability per line, over an interval');
  out.fill(0);
  let leader = leaderAt(lines, low);
  let z = low;
  while (z < high) {
    const next = overtaker(lines, leader);
    const end = next < 0 ? high : Math.min(Math.max(crossing(lines, leader, next), z), high);
    out[leader] = (out[leader] ?? 0) + (end - z) / (high - low);
    if (next < 0) break;
    leader = next;
    z = end;
  }
  shareAmongEqual(lines, out);
}

/** The highest line at z; of those that meet there the one that leads next. */
function leaderAt(lines: Lines, z: number): number {
  const { bases, slopes, n } = lines;
  let leader = 0;
  let best = -Infinity;
  for (let i = 0; i < n; i++) {
    const height = (bases[i] ?? 0) + (slopes[i] ?? 0) * z;
    if (height > best || (height === best && rises(lines, i, leader))) {
      best = height;
      leader = i;
    }
  }
  return leader;
}

/** Whether line i lies above line j right after they meet. Parallels meet by rounding only: the order of lines must not decide. */
function rises({ bases, slopes }: Lines, i: number, j: number): boolean {
  const slope = slopes[i] ?? 0;
  const other = slopes[j] ?? 0;
  return slope > other || (slope === other && (bases[i] ?? 0) > (bases[j] ?? 0));
}

/** The steeper line that crosses the leader first; of those that cross at one point the one that leads next; -1 for none. */
function overtaker(lines: Lines, leader: number): number {
  const { slopes, n } = lines;
  let next = -1;
  let first = Infinity;
  for (let i = 0; i < n; i++) {
    if ((slopes[i] ?? 0) <= (slopes[leader] ?? 0)) continue;
    const at = crossing(lines, leader, i);
    if (at < first || (at === first && rises(lines, i, next))) {
      first = at;
      next = i;
    }
  }
  return next;
}

function crossing({ bases, slopes }: Lines, flatter: number, steeper: number): number {
  return ((bases[flatter] ?? 0) - (bases[steeper] ?? 0)) / ((slopes[steeper] ?? 0) - (slopes[flatter] ?? 0));
}

function shareAmongEqual({ bases, slopes, n }: Lines, out: Float64Array): void {
  const same = (i: number, j: number): boolean => bases[i] === bases[j] && slopes[i] === slopes[j];
  for (let i = 0; i < n; i++) {
    const share = out[i] ?? 0;
    if (share === 0) continue;
    let equal = 1;
    for (let j = 0; j < n && equal > 0; j++) {
      if (j === i || !same(i, j)) continue;
      if (j < i)
        equal = 0; // its first line has shared with it already
      else equal++;
    }
    for (let j = i; j < n && equal > 1; j++) if (same(i, j)) out[j] = share / equal;
  }
}
