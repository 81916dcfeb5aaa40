import { compareMeasurements, comparisonLines, type OurMeasurement } from './learner-comparison';
import { aMeasurement } from './testing/a-measurement';

const ours = (policy: string, microsecondsPerRound: number, meanReward = 0.9): OurMeasurement => ({
  policy,
  microsecondsPerRound,
  meanReward,
});

describe('compareMeasurements', () => {
  it('sets every policy of ours against every library', () => {
    const rows = compareMeasurements(
      [ours('linucb', 4), ours('squarecb', 5)],
      [aMeasurement({ library: 'vowpalwabbit' }), aMeasurement({ library: 'mabwiser' })],
    );
    expect(rows.map(({ policy, library }) => `${policy}/${library}`)).toEqual([
      'linucb/vowpalwabbit',
      'linucb/mabwiser',
      'squarecb/vowpalwabbit',
      'squarecb/mabwiser',
    ]);
  });

  it('divides their median by ours, and their fastest by our slowest', () => {
    const [row] = compareMeasurements(
      [ours('linucb', 8), ours('linucb', 4), ours('linucb', 5)],
      [20, 12, 15].map((microsecondsPerRound) => aMeasurement({ microsecondsPerRound })),
    );
    expect(row).toMatchObject({ ratio: 3, worstRatio: 1.5, repeats: 3 });
    expect(row?.ours).toMatchObject({ microsecondsPerRound: 5, fastestMicrosecondsPerRound: 4, slowestMicrosecondsPerRound: 8 });
  });

  it('takes the middle of the two middle times when the repeats are even, ordered as numbers', () => {
    const [row] = compareMeasurements(
      [9, 100, 10, 30].map((time) => ours('linucb', time)),
      [1, 2, 3, 4].map((microsecondsPerRound) => aMeasurement({ microsecondsPerRound })),
    );
    expect([row?.ours.microsecondsPerRound, row?.theirs.microsecondsPerRound]).toEqual([20, 2.5]);
  });

  it('averages the rewards of the repeats', () => {
    const [row] = compareMeasurements([ours('linucb', 4, 0.5), ours('linucb', 4, 0.7)], [aMeasurement({}), aMeasurement({})]);
    expect(row?.ours.meanReward).toBeCloseTo(0.6, 12);
  });

  it('refuses sides that were not played equally often, and times that cannot be', () => {
    expect(() => compareMeasurements([ours('linucb', 4)], [aMeasurement({}), aMeasurement({})])).toThrow('equally often');
    expect(() => compareMeasurements([ours('linucb', 0)], [aMeasurement({})])).toThrow('positive');
    expect(() => compareMeasurements([ours('linucb', Number.NaN)], [aMeasurement({})])).toThrow('positive');
  });
});

describe('comparisonLines', () => {
  it('ends each line in the ratio', () => {
    const rows = compareMeasurements([ours('linucb', 4, 0.9353)], [aMeasurement({ microsecondsPerRound: 15.5 })]);
    expect(comparisonLines(rows)).toEqual([
      'linucb: 4.00 us (reward 0.9353) | vowpalwabbit 9.0.0 --epsilon 0: 15.50 us (reward 0.7000) | 30 rounds | 3.88 times as fast, 3.88 at worst',
    ]);
  });
});
