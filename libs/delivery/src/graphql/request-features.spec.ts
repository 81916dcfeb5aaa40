import { parseRequestFeatures } from './request-features';

describe('parseRequestFeatures', () => {
  it('takes scalars and leaves nulls out', () => {
    expect(parseRequestFeatures({ a: 1, b: 'x', c: true, d: null })).toEqual({ ok: true, value: { a: 1, b: 'x', c: true } });
    expect(parseRequestFeatures(null)).toEqual({ ok: true, value: {} });
  });

  it.each([
    ['a list', [1]],
    ['a text', 'x'],
    ['a nested object', { a: {} }],
    ['a nested list', { a: [1] }],
    ['a long text', { a: 'x'.repeat(201) }],
    ['a long key', { ['x'.repeat(201)]: 1 }],
    ['too many keys', Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`k${i}`, 1]))],
  ])('refuses %s', (_what, input) => {
    expect(parseRequestFeatures(input)).toMatchObject({ ok: false, error: { code: 'BAD_USER_INPUT' } });
  });

  it('names a number that is not finite', () => {
    expect(parseRequestFeatures(JSON.parse('{"t":1e999}'))).toMatchObject({
      ok: false,
      error: { code: 'FEATURE_VALUE_INVALID', details: { feature: 't' } },
    });
  });
});
