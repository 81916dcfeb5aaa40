import { createRequestLimits } from './request-limits';

describe('budgets of requests', () => {
  it('are named by no user’s id and no address', async () => {
    const names: string[] = [];
    const limiter = { consume: async (name: string) => void names.push(name) };
    const limits = createRequestLimits({ perKey: limiter, perVisitor: limiter, hash: (name) => `#${name.length}` });
    await limits.admit({ kind: 'known', principal: { kind: 'visitor', keyId: 'k1', userId: 'mina' } }, '10.0.0.1');
    await limits.admit({ kind: 'known', principal: { kind: 'publishable', keyId: 'k1' } }, '10.0.0.1');
    await limits.admit({ kind: 'unknown', reason: 'missing' }, '10.0.0.1');
    expect(names).toEqual(['#9', 'k1', '#11', 'k1', '#11']);
  });
});
