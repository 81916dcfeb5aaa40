import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { labelledOrder } from './labelled-order';

interface Reference {
  readonly datasets: Readonly<Record<string, { readonly n: number; readonly epochs: number; readonly order_sha256: readonly string[] }>>;
}

const FILE = join(__dirname, '../../../../data/reference/policy-learning/policy_learning.json');
const { datasets } = JSON.parse(readFileSync(FILE, 'utf8')) as Reference;
const cases = Object.entries(datasets).flatMap(([name, { n, epochs, order_sha256: hashes }]) =>
  hashes.map((hash, seed) => ({ name, n, epochs, seed, hash })),
);

describe('the order of labelled data', () => {
  it.each(cases)('of $name with seed $seed is that of the reference results', ({ n, epochs, seed, hash }) => {
    const order = labelledOrder(n, { seed, epochs });
    expect(createHash('sha256').update(order.join(',')).digest('hex')).toBe(hash);
  });

  it('takes every row once per epoch, in another order each time', () => {
    const order = labelledOrder(50, { seed: 3, epochs: 2 });
    const [first, second] = [order.slice(0, 50), order.slice(50)];
    expect(first.toSorted()).toEqual(Int32Array.from({ length: 50 }, (_, i) => i));
    expect(second.toSorted()).toEqual(first.toSorted());
    expect(second).not.toEqual(first);
  });

  it('refuses counts that are none', () => {
    expect(() => labelledOrder(0, { seed: 0, epochs: 1 })).toThrow('counts');
    expect(() => labelledOrder(3, { seed: 0.5, epochs: 1 })).toThrow('counts');
    expect(() => labelledOrder(3, { seed: 0, epochs: 0 })).toThrow('counts');
  });
});
