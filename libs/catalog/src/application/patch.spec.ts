import { patched, patchedMandatory } from './patch';

describe('patched', () => {
  it('sets a value, clears on null, keeps what is absent', () => {
    expect(patched('new', 'old', 'none')).toBe('new');
    expect(patched(null, 'old', 'none')).toBe('none');
    expect(patched(undefined, 'old', 'none')).toBe('old');
    expect(patched(undefined, undefined, 'none')).toBe('none');
  });

  it('takes false, 0 and the empty text as values', () => {
    expect([patched(false, true, true), patched(0, 1, 2), patched('', 'old', 'none')]).toEqual([false, 0, '']);
  });

  it('keeps a field that was cleared before', () => {
    expect(patched<string | null>(undefined, null, null)).toBeNull();
  });
});

describe('patchedMandatory', () => {
  it('sets or keeps a value', () => {
    expect([patchedMandatory('name', 'new', 'old'), patchedMandatory('name', undefined, 'old')]).toEqual(['new', 'old']);
  });

  it.each([null, undefined])('names the field that is %s on a new object', (change) => {
    expect(() => patchedMandatory('name', change, undefined)).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT', details: { field: 'name' } }),
    );
  });

  it('refuses to clear', () => {
    expect(() => patchedMandatory('name', null, 'old')).toThrow('cannot be cleared');
  });
});
