import { DomainError } from '@vitrine/kernel';
import { answerOf, valueOf } from './thread-answer';

/** What a thread boundary does to a value. */
const across = <T>(value: T): T => structuredClone(value);

describe('answers of threads', () => {
  it('bring values over', () => {
    expect(valueOf(across(answerOf((n: number) => ({ twice: 2 * n }))(21)))).toEqual({ twice: 42 });
  });

  it('bring coded failures over with all that they say', () => {
    const answer = answerOf((): number => {
      throw new DomainError('TOO_FEW_ROWS', 'too few', { details: { needs: 200, has: 3 } });
    })(undefined);
    const read = () => valueOf(across(answer));
    expect(read).toThrow(DomainError);
    expect(read).toThrow(expect.objectContaining({ code: 'TOO_FEW_ROWS', message: 'too few', details: { needs: 200, has: 3 } }));
  });

  it('leave faults of ours to be thrown', () => {
    const broken = answerOf((): number => {
      throw new TypeError('a bug');
    });
    expect(() => broken(undefined)).toThrow(TypeError);
  });
});
