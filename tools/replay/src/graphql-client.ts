import { DomainError, isErrorCode } from '@vitrine/kernel';

export interface Caller {
  readonly key: string;
  /** JWT of a signed-in visitor, sent beside a publishable key. */
  readonly userToken?: string;
}

interface GraphqlAnswer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

/** The player stands for an app on shoppers' phones: what calls itself a program is answered, but leaves no trace. */
const USER_AGENT = 'CouponApp/1.0 (Android 14; Mobile)';

/** Talks to the public API as any app would: HTTP, JSON, keys in headers. */
export class GraphqlClient {
  constructor(private readonly endpoint: string) {}

  /** @throws DomainError with the server's code when the answer carries errors, DEPENDENCY_UNAVAILABLE when there is none */
  async call(caller: Caller, query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    const answer = await this.post(caller, query, variables);
    const [first] = answer.errors ?? [];
    if (first !== undefined) {
      const code = first.extensions?.code;
      throw new DomainError(isErrorCode(code) ? code : 'INTERNAL', first.message);
    }
    return answer.data;
  }

  private async post(caller: Caller, query: string, variables: Readonly<Record<string, unknown>>): Promise<GraphqlAnswer> {
    const headers: Record<string, string> = {
      'content-type': 'application/json',
      accept: 'application/json',
      'user-agent': USER_AGENT,
      'x-vitrine-key': caller.key,
    };
    if (caller.userToken !== undefined) headers['x-vitrine-user'] = caller.userToken;
    try {
      const response = await fetch(this.endpoint, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
      return (await response.json()) as GraphqlAnswer;
    } catch (cause) {
      throw new DomainError('DEPENDENCY_UNAVAILABLE', `the gateway at ${this.endpoint} does not answer`, { cause });
    }
  }
}

/** Runs `task` over all items, at most `width` at a time; results in the order of the items. */
export async function mapConcurrent<T, R>(
  items: readonly T[],
  width: number,
  task: (item: T, index: number) => Promise<R>,
): Promise<readonly R[]> {
  const results = new Map<number, R>();
  let next = 0;
  const lane = async (): Promise<void> => {
    for (;;) {
      const index = next++;
      const item = items[index];
      if (index >= items.length || item === undefined) return;
      results.set(index, await task(item, index));
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
  return items.flatMap((_, index) => {
    const result = results.get(index);
    return result === undefined ? [] : [result];
  });
}
