import { rngFromNumber } from '@vitrine/kernel';
import { drawConfigurations } from './configuration';
import { DEFAULT_SEARCH_SETTINGS, rungRows, rungSizes } from './search-settings';

const SETTINGS = { ...DEFAULT_SEARCH_SETTINGS, minSegments: 2, maxSegments: 7, configurations: 24 };
const draw = (over: Partial<typeof SETTINGS> = {}, features = 16, seed = 3) =>
  drawConfigurations({ ...SETTINGS, ...over }, features, rngFromNumber(seed));

describe('drawConfigurations', () => {
  it('begins with every number of segments, each with the plain choice of everything else', () => {
    const first = draw().slice(0, 6);
    expect(first.map(({ segments }) => segments)).toEqual([2, 3, 4, 5, 6, 7]);
    for (const one of first) expect(one).toMatchObject({ algorithm: 'K_MEANS', scaling: 'STANDARD', dimensions: 8 });
  });

  it('adds others by chance, all different and within the space', () => {
    const drawn = draw();
    expect(drawn).toHaveLength(24);
    expect(new Set(drawn.map((one) => JSON.stringify(one))).size).toBe(24);
    for (const { segments, dimensions } of drawn) {
      expect([segments >= 2, segments <= 7, dimensions >= 3, dimensions <= 8]).toEqual([true, true, true, true]);
    }
    expect(new Set(drawn.map(({ algorithm }) => algorithm)).size).toBe(2);
    expect(new Set(drawn.map(({ scaling }) => scaling)).size).toBe(3);
  });

  it('draws the same for the same seed and others for another', () => {
    expect(draw()).toEqual(draw());
    expect(draw({}, 16, 4)).not.toEqual(draw());
  });

  it('draws each number of segments, and nothing else, where no more are wanted', () => {
    expect(draw({ configurations: 6 }).map(({ segments }) => segments)).toEqual([2, 3, 4, 5, 6, 7]);
  });

  it('ends where the space does', () => {
    const small = draw({ minSegments: 2, maxSegments: 3, configurations: 100 }, 2);
    expect(small).toHaveLength(2 * 2 * 3); // numbers, algorithms, scalings; of two features both are kept
    expect(new Set(small.map(({ dimensions }) => dimensions))).toEqual(new Set([2]));
    expect(draw({ minSegments: 2, maxSegments: 2, algorithms: ['K_MEANS'], scalings: ['STANDARD'] }, 1)).toHaveLength(1);
  });

  it('refuses to choose from nothing', () => {
    expect(() => draw({ minSegments: 5, maxSegments: 4 })).toThrow('something to choose from');
    expect(() => draw({}, 0)).toThrow('something to choose from');
  });
});

describe('the rungs of a search', () => {
  it.each([
    [{ configurations: 18, keepOneIn: 3, rungs: 3 }, [18, 6, 2]],
    [{ configurations: 10, keepOneIn: 3, rungs: 3 }, [10, 4, 2]],
    [{ configurations: 4, keepOneIn: 2, rungs: 9 }, [4, 2, 1]],
    [{ configurations: 1, keepOneIn: 3, rungs: 3 }, [1]],
    [{ configurations: 18, keepOneIn: 3, rungs: 1 }, [18]],
  ])('of %j hold %j configurations', (over, sizes) => {
    expect(rungSizes({ ...SETTINGS, ...over })).toEqual(sizes);
  });

  it('look at more rows as fewer are left', () => {
    expect([0, 1, 2].map((rung) => rungRows({ ...SETTINGS, firstRows: 500, keepOneIn: 3 }, rung))).toEqual([500, 1_500, 4_500]);
  });
});
