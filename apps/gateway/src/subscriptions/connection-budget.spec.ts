import { budgetName, ConnectionBudget } from './connection-budget';

describe('the budget of sockets', () => {
  it('is counted per name and forgets who holds none', () => {
    const budget = new ConnectionBudget(2);
    expect([budget.take('a'), budget.take('a'), budget.take('a'), budget.take('b')]).toEqual([true, true, false, true]);
    budget.release('a');
    expect([budget.take('a'), budget.take('a')]).toEqual([true, false]);
  });

  it.each([
    [{ kind: 'publishable', keyId: 'k' } as const, 'ip:192.0.2.1'],
    [{ kind: 'visitor', keyId: 'k', userId: 'ann' } as const, 'user:ann'],
    [{ kind: 'secret', keyId: 'k' } as const, 'key:k'],
    [{ kind: 'staff', keyId: 's', subject: 'ada', role: 'viewer' } as const, 'key:s'],
  ])('is that of %p', (principal, name) => {
    expect(budgetName({ kind: 'known', principal }, '192.0.2.1')).toBe(name);
  });
});
