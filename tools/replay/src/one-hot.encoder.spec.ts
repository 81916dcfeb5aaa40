import { OneHotEncoder } from './one-hot.encoder';

describe('one-hot features', () => {
  const rows = [
    { color: 'red', size: 'L' },
    { color: 'blue', size: '' },
  ];

  it('have a constant, one place per value in sorted order, and nothing for an empty or unknown text', () => {
    const encoder = OneHotEncoder.of(rows, ['color', 'size'], 10);
    expect([encoder.dimension, encoder.isHashed]).toEqual([4, false]);
    expect([...encoder.encode({ color: 'red', size: 'L' })]).toEqual([1, 0, 1, 1]);
    expect([...encoder.encode({ color: 'blue', size: '' })]).toEqual([1, 1, 0, 0]);
    expect([...encoder.encode({ color: 'green' })]).toEqual([1, 0, 0, 0]);
  });

  it('share places by hash when there are more values than places', () => {
    const many = Array.from({ length: 100 }, (_, i) => ({ id: `v${i}` }));
    const encoder = OneHotEncoder.of(many, ['id'], 8);
    expect([encoder.dimension, encoder.isHashed]).toEqual([9, true]);
    const places = many.map((row) => [...encoder.encode(row)].lastIndexOf(1));
    expect(Math.min(...places)).toBe(1);
    expect(new Set(places).size).toBe(8);
    expect([...encoder.encode({ id: 'unknown' })]).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0]);
  });
});
