import type { IncomingHttpHeaders } from 'node:http';
import { DomainError } from '@vitrine/kernel';
import type { Credentials } from '../edge/auth/authenticate';
import { headerCredentials } from '../edge/caller.hooks';

/**
 * Who wants a socket: the headers of any request, or, since a browser cannot set headers of a socket, the connection's parameters `key`,
 * `userToken` and `authorization`.
 *
 * @throws DomainError BAD_USER_INPUT for a parameter that is no text, or that contradicts its header
 */
export function socketCredentials(
  request: { readonly headers: IncomingHttpHeaders },
  parameters: Readonly<Record<string, unknown>>,
): Credentials {
  const headers = headerCredentials(request);
  const either = (name: keyof Credentials): string | null => {
    const value = parameters[name] ?? null;
    if (value === null || value === '') return headers[name];
    if (typeof value !== 'string') throw new DomainError('BAD_USER_INPUT', `the parameter ${name} is no text`);
    if (headers[name] !== null && headers[name] !== value)
      throw new DomainError('BAD_USER_INPUT', `the parameter ${name} contradicts its header`);
    return value;
  };
  return { authorization: either('authorization'), key: either('key'), userToken: either('userToken') };
}
