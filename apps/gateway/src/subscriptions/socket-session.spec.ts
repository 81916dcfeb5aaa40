import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { DomainError } from '@vitrine/kernel';
import { silentLogger } from '@vitrine/testing';
import { PUBLISHABLE_KEY, SECRET_KEY, staffToken, testAuthenticate, userToken } from '../testing/test-gateway';
import { ConnectionBudget } from './connection-budget';
import { SocketSession } from './socket-session';

const ADDRESS = '203.0.113.7';

/** The part of an upgrade request that a session reads. */
const requestWith = (headers: IncomingHttpHeaders): IncomingMessage =>
  Object.assign(Object.create(null), { headers, socket: { remoteAddress: ADDRESS } });

describe('the session of a socket', () => {
  let budget: ConnectionBudget;
  let authenticate = testAuthenticate();
  beforeEach(() => {
    budget = new ConnectionBudget(1);
    authenticate = testAuthenticate();
  });
  const session = (headers: IncomingHttpHeaders = {}) =>
    new SocketSession(requestWith(headers), {
      admission: { authenticate: (given) => authenticate(given), limits: { admit: async () => undefined }, isInternalAddress: () => false },
      budget,
      logger: silentLogger,
    });

  it.each([
    ['a header', { 'x-vitrine-key': SECRET_KEY }, {}, 'secret'],
    ['a parameter', {}, { key: PUBLISHABLE_KEY }, 'publishable'],
    ['both alike', { 'x-vitrine-key': SECRET_KEY }, { key: SECRET_KEY }, 'secret'],
  ])('knows its caller by %s', async (_what, headers, parameters, kind) => {
    const opened = session(headers);
    await opened.open(parameters);
    expect(opened.context().principal.kind).toBe(kind);
  });

  it('knows signed-in visitors and staff by their tokens', async () => {
    const [visitor, staff] = [session(), session()];
    await visitor.open({ key: PUBLISHABLE_KEY, userToken: await userToken() });
    await staff.open({ authorization: `Bearer ${await staffToken()}` });
    expect([visitor.context().principal.kind, staff.context().principal.kind]).toEqual(['visitor', 'staff']);
  });

  it.each([
    ['nothing', {}, {}, 'UNAUTHENTICATED'],
    ['an unknown key', {}, { key: 'sk_nobodys' }, 'UNAUTHENTICATED'],
    ['a key that is no text', {}, { key: 7 }, 'BAD_USER_INPUT'],
    ['a header and a parameter that contradict each other', { 'x-vitrine-key': SECRET_KEY }, { key: PUBLISHABLE_KEY }, 'BAD_USER_INPUT'],
  ])('is refused for %s', async (_what, headers, parameters, code) => {
    await expect(session(headers).open(parameters)).rejects.toMatchObject({ code });
  });

  it('takes a place of its caller, once, and gives it back when it closes', async () => {
    const [first, second, third] = [session(), session(), session()];
    await first.open({ key: SECRET_KEY });
    await expect(second.open({ key: SECRET_KEY })).rejects.toMatchObject({ code: 'OPERATION_LIMIT', details: { limit: 'connections' } });
    second.close(); // had no place to give back
    await expect(third.open({ key: SECRET_KEY })).rejects.toMatchObject({ code: 'OPERATION_LIMIT' });
    first.close();
    first.close();
    await expect(third.open({ key: SECRET_KEY })).resolves.toBeUndefined();
  });

  it('takes no place for a peer that hung up while it was asked who it is', async () => {
    const gone = session();
    const opening = gone.open({ key: SECRET_KEY });
    gone.close();
    await opening;
    await expect(session().open({ key: SECRET_KEY })).resolves.toBeUndefined();
  });

  it('no longer holds once its token has run out, but bears an issuer that is away', async () => {
    const opened = session();
    await opened.open({ key: SECRET_KEY });
    expect(await opened.stillHolds()).toBe(true);
    authenticate = async () => Promise.reject(new DomainError('DEPENDENCY_UNAVAILABLE'));
    expect(await opened.stillHolds()).toBe(true);
    authenticate = async () => ({ kind: 'unknown', reason: 'refused' });
    expect(await opened.stillHolds()).toBe(false);
  });
});
