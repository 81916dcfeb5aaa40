import { MAX_TRAITS, mergeTraits, parseTraitPatch, patchTraits, type TimedTraits } from './traits';

const NONE: TimedTraits = { traits: {}, traitTimes: {} };

describe('a trait patch', () => {
  it('takes scalars and null', () => {
    const patch = { plan: 'gold', age: 41, member: true, old: null };
    expect(parseTraitPatch(patch)).toEqual({ ok: true, value: patch });
  });

  it.each([
    ['a list', [1]],
    ['nothing', null],
    ['a text', 'gold'],
    ['a nested object', { a: { b: 1 } }],
    ['a number that is none', { a: Number.NaN }],
    ['a text that is too long', { a: 'x'.repeat(201) }],
    ['a key with a dot', { 'a.b': 1 }],
    ['an operator', { $where: 'x' }],
    ['a prototype key', JSON.parse('{"__proto__": 1}') as unknown],
    ['too many keys', Object.fromEntries(Array.from({ length: MAX_TRAITS + 1 }, (_, i) => [`k${i}`, i]))],
  ])('refuses %s without echoing it', (_, input) => {
    const parsed = parseTraitPatch(input);
    expect(parsed.ok).toBe(false);
    if (!parsed.ok) expect(parsed.error).not.toContain('where');
  });
});

describe('timed traits', () => {
  it('set with a value, clear with null and leave what is absent', () => {
    const first = patchTraits(NONE, { a: 1, b: 2 }, 10);
    expect(patchTraits(first, { a: null, c: 3 }, 20)).toEqual({ traits: { b: 2, c: 3 }, traitTimes: { a: 20, b: 10, c: 20 } });
  });

  it('stay the same object when nothing changes', () => {
    const first = patchTraits(NONE, { a: 1 }, 10);
    expect(patchTraits(first, { a: 1, gone: null }, 20)).toBe(first);
  });

  it('merge trait by trait, the later wins, also a later clearing', () => {
    const a = patchTraits(patchTraits(NONE, { x: 'a', y: 'a' }, 10), { y: null }, 30);
    const b = patchTraits(NONE, { x: 'b', y: 'b' }, 20);
    expect(mergeTraits(a, b)).toEqual({ traits: { x: 'b' }, traitTimes: { x: 20, y: 30 } });
    expect(mergeTraits(b, a)).toEqual(mergeTraits(a, b));
  });

  it('never exceed the limit: the ones told longest ago go', () => {
    const full = patchTraits(NONE, Object.fromEntries(Array.from({ length: MAX_TRAITS }, (_, i) => [`k${i}`, i])), 10);
    const more = patchTraits(full, { fresh: true }, 20);
    expect(Object.keys(more.traits)).toHaveLength(MAX_TRAITS);
    expect(more.traits['fresh']).toBe(true);
  });
});
