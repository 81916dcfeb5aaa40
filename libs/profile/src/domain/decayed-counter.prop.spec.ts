import fc from 'fast-check';
import { counterValueAt, foldCounter, INTEREST_DECAY, mergeCounters } from './decayed-counter';
import type { DecayedCounter } from './types';

const T0 = Date.UTC(2026, 0, 1);
const amount = fc.record({
  amount: fc.double({ min: 0.1, max: 100, noNaN: true }),
  at: fc.integer({ min: T0, max: T0 + 90 * 86_400_000 }),
});
const amounts = fc.array(amount, { minLength: 1, maxLength: 30 });
type Amount = { readonly amount: number; readonly at: number };

const folded = (list: readonly Amount[]): DecayedCounter | null =>
  list.reduce<DecayedCounter | null>((c, { amount: a, at }) => foldCounter(c, a, at), null);
const valueOf = (counter: DecayedCounter | null, now: number): number => (counter === null ? 0 : counterValueAt(counter, now));
const naive = (list: readonly Amount[], now: number): number =>
  list.reduce((sum, { amount: a, at }) => sum + a * 0.5 ** ((now - at) / INTEREST_DECAY.halfLifeMs), 0);
const close = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(b));

describe('a decayed counter', () => {
  const now = T0 + 100 * 86_400_000;

  it('halves every fourteen days', () => {
    const counter = foldCounter(null, 8, T0);
    expect(counterValueAt(counter, T0 + 14 * 86_400_000)).toBe(4);
    expect(counterValueAt(counter, T0 + 28 * 86_400_000)).toBe(2);
  });

  it('does not grow when asked about a time before its own', () => {
    expect(counterValueAt(foldCounter(null, 8, T0), T0 - 14 * 86_400_000)).toBe(8);
  });

  it('equals the sum of every amount aged on its own, in whatever order they arrive', () => {
    fc.assert(
      fc.property(amounts, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (list, keys) => {
        const shuffled = list.map((item) => ({ item, key: keys.next().value ?? 0 })).sort((a, b) => a.key - b.key);
        expect(close(valueOf(folded(list), now), naive(list, now))).toBe(true);
        expect(close(valueOf(folded(shuffled.map(({ item }) => item)), now), naive(list, now))).toBe(true);
      }),
    );
  });

  it('merges as if one counter had seen everything', () => {
    fc.assert(
      fc.property(amounts, amounts, amounts, (x, y, z) => {
        const [a, b, c] = [x, y, z].map((list) => folded(list) ?? { value: 0, at: T0 });
        if (a === undefined || b === undefined || c === undefined) return;
        expect(mergeCounters(a, b)).toEqual(mergeCounters(b, a));
        const left = counterValueAt(mergeCounters(mergeCounters(a, b), c), now);
        expect(close(left, counterValueAt(mergeCounters(a, mergeCounters(b, c)), now))).toBe(true);
        expect(close(left, naive([...x, ...y, ...z], now))).toBe(true);
      }),
    );
  });
});
