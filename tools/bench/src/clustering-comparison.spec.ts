import { clusteringLines, compareClusterings, type JudgedClustering } from './clustering-comparison';
import { parseClustering, parseInertias } from './clustering-measurement';

const run = (parts: Partial<JudgedClustering>): JudgedClustering => ({
  name: 'vitrine',
  version: 'v20',
  threads: 1,
  seconds: 1,
  cpuSeconds: 1,
  peakMiB: 600,
  inertia: 100,
  ...parts,
});
const repeats = (parts: Partial<JudgedClustering>, seconds: readonly number[], inertias: readonly number[]) =>
  seconds.map((second, at) => run({ ...parts, seconds: second, inertia: inertias[at] ?? 0 }));
const OURS = repeats({}, [3, 1, 2], [90, 110, 100]);
const THEIRS = repeats({ name: 'MiniBatchKMeans', threads: 2 }, [4, 9, 1], [125, 130, 90]);

describe('compareClusterings', () => {
  it('compares medians, and reports the extremes and the highest peak', () => {
    const { ours, references } = compareClusterings([...OURS, run({ seconds: 4, inertia: 90, peakMiB: 700 })], [THEIRS]);
    expect(ours).toMatchObject({
      seconds: { median: 2.5, least: 1, most: 4 },
      inertia: { median: 95, least: 90, most: 110 },
      peakMiB: 700,
    });
    expect(references).toMatchObject([{ name: 'MiniBatchKMeans', seconds: { median: 4 }, timeRatio: 0.625, inertiaRatio: 0.76 }]);
  });

  it.each([
    ['faster and nearer', OURS, true],
    ['as fast and as near', THEIRS, true],
    ['slower', repeats({}, [4.1, 4.1, 4.1], [100, 100, 100]), false],
    ['farther off', repeats({}, [1, 1, 1], [125.1, 126, 90]), false],
    ['out of memory', repeats({ peakMiB: 1_536 }, [1, 1, 1], [90, 90, 90]), false],
  ])('judges by the first reference alone: %s', (_name, ours, met) => {
    const { target } = compareClusterings(ours, [THEIRS, repeats({}, [0.1], [1])]);
    expect(target).toEqual({ timeRatio: 1, inertiaRatio: 1, peakMiB: 1_536, met });
  });

  it('tells people sides, ratios and the verdict with its targets', () => {
    expect(clusteringLines(compareClusterings(OURS, [THEIRS]))).toEqual([
      'vitrine v20, 1 thread: 2.00 s (1.00 to 3.00), CPU 1.00 s, inertia 100 (90 to 110), peak 600 MiB',
      'MiniBatchKMeans v20, 2 threads: 4.00 s (1.00 to 9.00), CPU 1.00 s, inertia 125 (90 to 130), peak 600 MiB',
      'against MiniBatchKMeans: time ratio 0.50, inertia ratio 0.8000',
      'target against MiniBatchKMeans, time ratio <= 1.0 at inertia ratio <= 1.0, peak < 1536 MiB: met',
    ]);
  });
});

describe('what a side prints', () => {
  const printed = { ...run({}), centroids: [[1, 2]] };

  it('is read, or the first field at fault is named', () => {
    const { inertia: _, ...measurement } = printed;
    expect(parseClustering(JSON.stringify(printed))).toEqual({ ok: true, value: measurement });
    expect(parseClustering(JSON.stringify({ ...printed, seconds: 0 }))).toMatchObject({ error: expect.stringMatching(/^seconds: /) });
    expect(parseClustering(JSON.stringify({ ...printed, centroids: [[null]] }))).toMatchObject({
      error: expect.stringMatching(/^centroids\.0\.0: /),
    });
    expect(parseClustering('Traceback')).toMatchObject({ error: 'it did not print JSON' });
    expect(parseInertias('[1, -1]')).toMatchObject({ error: expect.stringMatching(/^1: /) });
  });
});
