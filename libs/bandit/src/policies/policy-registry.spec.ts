import { createPolicy, POLICIES } from './policy-registry';

describe('createPolicy', () => {
  it.each(POLICIES.map((metadata) => [metadata.name, metadata] as const))(
    'builds %s from its defaults as its metadata says',
    (name, metadata) => {
      const policy = createPolicy({ name, params: {} }, 4);
      expect(policy).toMatchObject({
        ok: true,
        value: {
          name,
          contextual: metadata.contextual,
          deterministic: metadata.deterministic,
          dimension: metadata.contextual ? 4 : 0,
          family: { name: metadata.family },
        },
      });
    },
  );

  it('refuses an unknown policy', () => {
    expect(createPolicy({ name: 'oracle', params: {} }, 0)).toMatchObject({
      ok: false,
      error: { code: 'UNKNOWN_POLICY', parameter: null },
    });
  });

  it.each([
    ['uniform', { epsilon: 0.1 }, 0, 'epsilon'],
    ['epsilon-greedy', { epsilom: 0.1 }, 0, 'epsilom'],
    ['epsilon-greedy', { epsilon: 1.01 }, 0, 'epsilon'],
    ['epsilon-greedy', { epsilon: '0.1' }, 0, 'epsilon'],
    ['epsilon-greedy', { epsilon: null }, 0, 'epsilon'],
    ['epsilon-greedy', { epsilon: Number.NaN }, 0, 'epsilon'],
    ['epsilon-greedy', { toString: 1 }, 0, 'toString'],
    ['fixed-order', { order: 'a,b' }, 0, 'order'],
    ['fixed-order', { order: ['a', 1] }, 0, 'order'],
    ['fixed-order', { order: ['a', 'a'] }, 0, 'order'],
    ['fixed-order', { order: Array.from({ length: 1001 }, (_, i) => `b${i}`) }, 0, 'order'],
    ['beta-thompson', { alpha: 0 }, 0, 'alpha'],
    ['beta-thompson', { rewardMin: 1, rewardMax: 1 }, 0, 'rewardMax'],
    ['linear-thompson', { lambda: 0 }, 3, 'lambda'],
    ['linear-thompson', {}, 0, 'dimension'],
    ['lin-ucb', {}, 2.5, 'dimension'],
  ])('refuses %s with %j at dimension %d, naming %s', (name, params, dimension, parameter) => {
    const result = createPolicy({ name, params }, dimension);
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'POLICY_PARAMETER_INVALID', parameter, message: expect.stringContaining(parameter) },
    });
  });
});

describe('POLICIES', () => {
  it('has distinct names and defaults within their ranges', () => {
    expect(new Set(POLICIES.map(({ name }) => name)).size).toBe(POLICIES.length);
    for (const parameter of POLICIES.flatMap(({ parameters }) => Object.values(parameters))) {
      const { default: initial } = parameter;
      if (parameter.kind === 'number') expect(initial).toBe(Math.min(Math.max(parameter.default, parameter.min), parameter.max));
      else if (parameter.kind === 'list') expect(parameter.default.length).toBeLessThanOrEqual(parameter.maxLength);
      else if (parameter.kind === 'choice') expect(parameter.options).toContain(initial);
      else expect(createPolicy(parameter.default, 4).ok).toBe(true);
      expect(parameter.description).toMatch(/\.$/);
    }
  });
});
