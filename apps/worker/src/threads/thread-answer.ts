import { DomainError, type ErrorCode } from '@vitrine/kernel';

/** What comes back from a thread. Errors lose their class on the way, so coded ones travel as data. */
export type ThreadAnswer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: ErrorCode; readonly message: string; readonly details: DomainError['details'] };

/** A function whose coded failures are answers. */
export function answerOf<I, O>(run: (input: I) => O): (input: I) => ThreadAnswer<O> {
  return (input) => {
    try {
      return { ok: true, value: run(input) };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return { ok: false, code: error.code, message: error.message, details: error.details };
    }
  };
}

/** @throws DomainError where the answer is a coded failure */
export function valueOf<T>(answer: ThreadAnswer<T>): T {
  if (answer.ok) return answer.value;
  throw new DomainError(answer.code, answer.message, { details: answer.details });
}
