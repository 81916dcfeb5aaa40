import { rngFromNumber } from '@vitrine/kernel';
import { driftReference, DRIFTED, measureDrift } from './drift';
import { numericTable } from './training/labelled-table';

/** Rows of two features: uniform on [shift, shift + 1), and a count of 0 to 3; some missing. */
function people(count: number, of: { readonly seed: number; readonly shift?: number; readonly missing?: number }) {
  const { seed, shift = 0, missing = 0 } = of;
  const rng = rngFromNumber(seed);
  const row = () => [rng() < missing ? Number.NaN : shift + rng(), Math.floor(rng() * 4)];
  return numericTable(['speed', 'count'], Float64Array.from(Array.from({ length: count }, row).flat()));
}
const inHalves = (count: number, share = 0.5) => Array.from({ length: count }, (_, at) => (at < share * count ? 'seg-0' : 'seg-4'));
const reference = driftReference(people(4_000, { seed: 1 }), { 'seg-0': 0.5, 'seg-4': 0.5 });
const drift = (table: ReturnType<typeof people>, ids = inHalves(table.rows)) => measureDrift(reference, table, ids);

describe('measureDrift', () => {
  it('finds nothing in the very same people, and next to nothing in others like them', () => {
    const same = drift(people(4_000, { seed: 1 }));
    expect(same).toEqual({
      rows: 4_000,
      features: [
        { name: 'speed', index: 0 },
        { name: 'count', index: 0 },
      ],
      segments: 0,
      drifted: false,
    });
    const alike = drift(people(4_000, { seed: 2 }));
    expect(Math.max(...alike.features.map(({ index }) => index))).toBeLessThan(0.02);
    expect(alike.drifted).toBe(false);
  });

  it('finds people who are others, and says in which feature', () => {
    const { features, drifted } = drift(people(4_000, { seed: 2, shift: 0.4 }));
    expect(features[0]?.index).toBeGreaterThan(DRIFTED);
    expect(features[1]?.index).toBeLessThan(0.02);
    expect(drifted).toBe(true);
  });

  it('counts missing values as something that people can have more of', () => {
    const { features, drifted } = drift(people(4_000, { seed: 2, missing: 0.3 }));
    expect(features[0]?.index).toBeGreaterThan(DRIFTED);
    expect(drifted).toBe(true);
  });

  it('finds segments that hold other shares, though no feature moved', () => {
    const table = people(4_000, { seed: 1 });
    expect(drift(table, inHalves(4_000, 0.55))).toMatchObject({ drifted: false });
    const moved = drift(table, inHalves(4_000, 0.8));
    expect(moved.segments).toBeCloseTo(0.3 * Math.log(0.8 / 0.5) - 0.3 * Math.log(0.2 / 0.5), 2);
    expect(moved.drifted).toBe(true);
  });

  it('leaves out a feature that the reference does not know', () => {
    const { columns } = people(10, { seed: 1 });
    const other = { name: 'new', kind: 'NUMERIC', values: new Float64Array(10) } as const;
    expect(measureDrift(reference, { rows: 10, columns: [...columns, other] }, inHalves(10)).features.map(({ name }) => name)).toEqual([
      'speed',
      'count',
    ]);
  });
});
