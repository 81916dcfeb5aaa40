import { DomainError } from '@vitrine/kernel';
import { exitCodeOf } from './exit-code';

describe('exitCodeOf', () => {
  it.each([
    [new DomainError('CONFIG_INVALID'), 2],
    [new DomainError('DEPENDENCY_UNAVAILABLE'), 3],
    [new DomainError('INTERNAL'), 1],
    [new TypeError('port in use'), 1],
  ])('tells a supervisor what to mend: %s', (error, code) => {
    expect(exitCodeOf(error)).toBe(code);
  });
});
