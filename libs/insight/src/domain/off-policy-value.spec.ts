import { rngFromNumber, type Rng } from '@vitrine/kernel';
import { pairedDifference, snips, type Estimate, type LoggedRow } from './off-policy-value';

const row = (reward: number, cluster: string, weight = 1, match = 1): LoggedRow => ({ reward, cluster, weight, match });

/** Decisions of `persons` people, 1 to 6 each, whose rewards lean the same way within a person. */
function simulate(persons: number, rng: Rng): readonly { readonly a: LoggedRow; readonly b: LoggedRow }[] {
  return Array.from({ length: persons }, (_, person) => {
    const leaning = rng() * 0.6;
    return Array.from({ length: 1 + Math.floor(rng() * 6) }, () => {
      const logged = { weight: 1 / (0.1 + 0.9 * rng()), reward: rng() < leaning + 0.1 ? 1 : 0, cluster: `p${person}` };
      return { a: { ...logged, match: rng() < 0.5 ? 1 : 0.2 }, b: { ...logged, match: rng() < 0.4 ? 1 : 0 } };
    });
  }).flat();
}

/** Brute force: draw whole persons with replacement, estimate again, take the spread. */
function bootstrapSe(
  rows: readonly { readonly a: LoggedRow; readonly b: LoggedRow }[],
  estimate: (a: LoggedRow[], b: LoggedRow[]) => number,
  rng: Rng,
): number {
  const people = new Map<string, { readonly a: LoggedRow; readonly b: LoggedRow }[]>();
  for (const pair of rows) people.set(pair.a.cluster, [...(people.get(pair.a.cluster) ?? []), pair]);
  const byPerson = [...people.values()];
  const values = Array.from({ length: 2_000 }, () => {
    const drawn = Array.from(byPerson, () => byPerson[Math.floor(rng() * byPerson.length)] ?? []).flat();
    return estimate(
      drawn.map(({ a }) => a),
      drawn.map(({ b }) => b),
    );
  });
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

const ratio = (rows: readonly LoggedRow[]): number =>
  rows.reduce((sum, { weight, match, reward }) => sum + weight * match * reward, 0) /
  rows.reduce((sum, { weight, match }) => sum + weight * match, 0);

function known(estimate: Estimate | null): Estimate {
  if (estimate === null) throw new TypeError('the estimate exists');
  return estimate;
}

describe('snips', () => {
  it('is the weighted mean of matching rewards', () => {
    const estimate = known(snips([row(1, 'a', 2), row(0, 'b', 4), row(1, 'c', 10, 0), row(1, 'd', 4, 0.5)]));
    expect(estimate.value).toBeCloseTo((2 + 2) / (2 + 4 + 2), 15);
    expect(estimate.clusters).toBe(4);
  });

  it('is the textbook mean, standard error and t interval when every row counts once and stands alone', () => {
    // Student's sleep data, first group (t.test in R): mean 0.75, 95 % interval -0.5297804 to 2.0297804.
    const estimate = known(snips([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0].map((reward, i) => row(reward, `p${i}`))));
    expect(estimate.value).toBeCloseTo(0.75, 12);
    expect(estimate.lower).toBeCloseTo(-0.5297804, 6);
    expect(estimate.upper).toBeCloseTo(2.0297804, 6);
  });

  it('is not fooled by repeating every row within its person', () => {
    const rows = [row(1, 'a'), row(0, 'b', 3), row(1, 'c', 2), row(0, 'd')];
    const [once, often] = [known(snips(rows)), known(snips([...rows, ...rows, ...rows]))];
    expect(often.value).toBeCloseTo(once.value, 12);
    expect(often.se).toBeCloseTo(once.se, 12);
  });

  it('cannot be estimated when nothing matches or one person is all there is', () => {
    expect(snips([row(1, 'a', 1, 0), row(1, 'b', 1, 0)])).toBeNull();
    expect(snips([row(1, 'a'), row(0, 'a')])).toBeNull();
    expect(snips([])).toBeNull();
  });

  it('agrees with a bootstrap over persons to 10 % (Monte Carlo error of 2,000 draws: 1.6 %)', () => {
    const rows = simulate(300, rngFromNumber(11));
    const { se } = known(snips(rows.map(({ a }) => a)));
    expect(Math.abs(se / bootstrapSe(rows, (a) => ratio(a), rngFromNumber(12)) - 1)).toBeLessThan(0.1);
  });

  it('covers the truth in 91 % to 98.5 % of 600 logs (95 % expected; chance of leaving the range below 0.1 %)', () => {
    const truth = known(snips(simulate(60_000, rngFromNumber(13)).map(({ a }) => a))).value;
    let covered = 0;
    for (let log = 0; log < 600; log++) {
      const { lower, upper } = known(snips(simulate(60, rngFromNumber(1_000 + log)).map(({ a }) => a)));
      if (lower <= truth && truth <= upper) covered++;
    }
    expect(covered / 600).toBeGreaterThan(0.91);
    expect(covered / 600).toBeLessThan(0.985);
  });
});

describe('pairedDifference', () => {
  const rows = simulate(300, rngFromNumber(21));
  const a = rows.map((pair) => pair.a);
  const b = rows.map((pair) => pair.b);

  it('is the difference of the two estimates', () => {
    expect(known(pairedDifference(a, b)).value).toBeCloseTo(known(snips(a)).value - known(snips(b)).value, 14);
  });

  it('agrees with a bootstrap over persons to 10 % (Monte Carlo error of 2,000 draws: 1.6 %)', () => {
    const { se } = known(pairedDifference(a, b));
    expect(Math.abs(se / bootstrapSe(rows, (x, y) => ratio(x) - ratio(y), rngFromNumber(22)) - 1)).toBeLessThan(0.1);
  });

  it('lets what both share cancel: a candidate against itself differs by nothing, for certain', () => {
    expect(pairedDifference(a, a)).toMatchObject({ value: 0, se: 0, lower: 0, upper: 0 });
  });

  it('changes its sign when the sides are exchanged', () => {
    const [forth, back] = [known(pairedDifference(a, b)), known(pairedDifference(b, a))];
    expect(back.value).toBeCloseTo(-forth.value, 14);
    expect(back.lower).toBeCloseTo(-forth.upper, 12);
  });

  it('refuses rows that are not the same decisions', () => {
    expect(() => pairedDifference([row(1, 'a')], [row(0, 'a')])).toThrow('the same logged decisions');
    expect(() => pairedDifference([row(1, 'a')], [])).toThrow('the same logged decisions');
  });
});
