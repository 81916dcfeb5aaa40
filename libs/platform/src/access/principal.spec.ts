import { scopesOf, type Principal } from './principal';

const scopes = (principal: Principal): readonly string[] => [...scopesOf(principal)].toSorted();

describe('scopesOf', () => {
  it('lets a publishable key decide and send events, and nothing else', () => {
    expect(scopes({ kind: 'publishable', keyId: 'k' })).toEqual(['decide', 'events:write']);
  });

  it("adds only the visitor's own identity to a publishable key with a user token", () => {
    expect(scopes({ kind: 'visitor', keyId: 'k', userId: 'u' })).toEqual(['decide', 'events:write', 'identity:own']);
  });

  it('lets staff read by role and write only as editor or admin', () => {
    const staff = (role: 'viewer' | 'editor' | 'admin') => scopes({ kind: 'staff', keyId: 'k', subject: 's', role });
    expect(staff('viewer').some((scope) => scope.endsWith(':write') || scope === 'identity:any')).toBe(false);
    expect(staff('editor')).toContain('catalog:write');
    expect(staff('editor')).not.toContain('policy:write');
    expect(staff('admin')).toContain('policy:write');
  });
});
