import fc from 'fast-check';
import { snips } from './off-policy-value';

const rows = fc.array(
  fc.record({
    weight: fc.double({ min: 1, max: 100, noNaN: true }),
    reward: fc.double({ min: -10, max: 10, noNaN: true }),
    match: fc.double({ min: 0.01, max: 1, noNaN: true }),
    cluster: fc.constantFrom('a', 'b', 'c', 'd'),
  }),
  { minLength: 1, maxLength: 40 },
);

it('lies between the smallest and the largest reward and ignores order and unit of the weights', () => {
  fc.assert(
    fc.property(rows, (log) => {
      const estimate = snips(log);
      const other = snips(log.toReversed().map((row) => ({ ...row, weight: row.weight * 3 })));
      if (new Set(log.map(({ cluster }) => cluster)).size < 2) {
        expect(estimate).toBeNull();
        return;
      }
      if (estimate === null || other === null) throw new TypeError('two persons suffice');
      const rewards = log.map(({ reward }) => reward);
      expect(estimate.value).toBeGreaterThanOrEqual(Math.min(...rewards) - 1e-9);
      expect(estimate.value).toBeLessThanOrEqual(Math.max(...rewards) + 1e-9);
      expect(other.value).toBeCloseTo(estimate.value, 9);
      expect(other.se).toBeCloseTo(estimate.se, 9);
    }),
  );
});
