import type { AudienceInput } from './audience';
import { createCelAudienceCompiler } from './cel-audience-compiler';

const compiler = createCelAudienceCompiler();
const visitor: AudienceInput = {
  context: { category: 'shoes', productId: null, url: null },
  features: { age: 30, score: 2.5 },
  traits: { vip: true, city: 'Bern', visits: 5 },
  segment: 'seg-2',
  device: 'MOBILE',
  locale: 'de-CH',
};

function verdict(rule: string, input: AudienceInput = visitor) {
  const compiled = compiler.compile(rule);
  return compiled.ok ? compiled.value.evaluate(input) : compiled.error;
}

describe('createCelAudienceCompiler', () => {
  it.each([
    ['device == "MOBILE" && locale.startsWith("de")', 'ADMITTED'],
    ['segment in ["seg-1", "seg-2"]', 'ADMITTED'],
    ['context.category == "shoes"', 'ADMITTED'],
    ['context.productId == null', 'ADMITTED'],
    ['traits.vip', 'ADMITTED'],
    ['traits.visits == 5', 'ADMITTED'],
    ['traits.visits + 1 > 5 && 1 + traits.visits == 6', 'ADMITTED'],
    ['features.age % 2 == 0 && features.score * 2 >= 5', 'ADMITTED'],
    ['has(traits.missing) || traits.visits > 4', 'ADMITTED'],
    ['["Bern", "Basel"].exists(city, city == traits.city)', 'ADMITTED'],
    ['traits.visits > 5', 'REFUSED'],
    ['traits.missing == 1', 'REFUSED'],
    ['traits.constructor == 1', 'REFUSED'],
    ['traits.__proto__ == 1', 'REFUSED'],
    ['traits.city > 3', 'FAILED'],
    ['traits.city', 'FAILED'],
  ])('judges a visitor by %s: %s', (rule, expected) => {
    expect(verdict(rule)).toBe(expected);
  });

  it.each([
    ['device ==', 9],
    ['true && nobody == 1', 8],
    ['device + 1 == 3', 0],
    ['"text"', 0],
    ['true && device.matches("(a+)+$")', 8],
    ['cel.bind(x, 1, x == 1)', 0],
    ['[1].all(x, [2].all(y, x < y))', 11],
    ['', 0],
    [`${'('.repeat(40)}true${')'.repeat(40)}`, 32],
    [`${'1 + '.repeat(300)}1 > 0`, 0],
  ])('refuses %s and says where', (rule, position) => {
    expect(verdict(rule)).toEqual({ code: 'RULE_INVALID', message: expect.any(String), position });
  });

  it('refuses a rule that is too long to be read', () => {
    expect(verdict(`device == "${'x'.repeat(4_000)}"`)).toMatchObject({ code: 'RULE_INVALID', position: null });
  });

  it('allows one comprehension after another', () => {
    expect(verdict('[1, 2].map(x, x + 1).exists(x, x == 3)')).toBe('ADMITTED');
  });
});
