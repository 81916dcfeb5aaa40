import fc from 'fast-check';
import { rngFromNumber } from '@vitrine/kernel';
import { boxCox, fitPower, yeoJohnson } from './power-transform';

const rng = rngFromNumber(8);
const normal = (): number => Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());

describe('power transforms', () => {
  it('are the logarithm and the identity where they should be', () => {
    expect(boxCox(Math.E, 0)).toBe(1);
    expect(boxCox(5, 1)).toBeCloseTo(4, 12);
    expect(yeoJohnson(Math.E - 1, 0)).toBeCloseTo(1, 12);
    expect(yeoJohnson(1 - Math.E, 2)).toBeCloseTo(-1, 12);
    for (const x of [-7, -0.5, 0, 3]) expect(yeoJohnson(x, 1)).toBeCloseTo(x, 12);
    expect(yeoJohnson(Number.NaN, 0.5)).toBeNaN();
  });

  it('keep the order of values', () => {
    const value = fc.double({ min: -1e3, max: 1e3, noNaN: true });
    fc.assert(
      fc.property(value, value, fc.double({ min: -3, max: 3, noNaN: true }), (x, y, lambda) => {
        const [low, high] = [Math.min(x, y), Math.max(x, y)];
        expect(yeoJohnson(low, lambda)).toBeLessThanOrEqual(yeoJohnson(high, lambda));
      }),
    );
  });
});

describe('the power of greatest likelihood', () => {
  it('is about 0 for lognormal values, and about 1/3 for cubes of normal ones', () => {
    const normals = Float64Array.from({ length: 20_000 }, normal);
    expect(
      fitPower(
        normals.map((z) => Math.exp(3 + z)),
        'box-cox',
      ),
    ).toBeCloseTo(0, 1);
    expect(
      fitPower(
        normals.map((z) => (10 + z) ** 3),
        'box-cox',
      ),
    ).toBeCloseTo(1 / 3, 1);
  });

  it('does not see the unit of values under Box-Cox', () => {
    const values = Float64Array.from({ length: 200 }, () => Math.exp(normal()));
    expect(
      fitPower(
        values.map((x) => 1e6 * x),
        'box-cox',
      ),
    ).toBeCloseTo(fitPower(values, 'box-cox'), 9);
  });

  it('leaves values that never vary alone, and stays finite for any others', () => {
    expect(fitPower(Float64Array.of(3, 3, 3), 'yeo-johnson')).toBe(1);
    fc.assert(
      fc.property(fc.float64Array({ min: -1e9, max: 1e9, noNaN: true, minLength: 2, maxLength: 30 }), (values) => {
        const lambda = fitPower(values, 'yeo-johnson');
        expect(Number.isFinite(lambda)).toBe(true);
        for (const value of values) expect(Number.isFinite(yeoJohnson(value, lambda))).toBe(true);
      }),
    );
  });
});
