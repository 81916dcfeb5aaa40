import {
  createTestGateway,
  KEYS,
  PUBLISHABLE_KEY,
  SECRET_KEY,
  staffToken,
  testAuthenticate,
  userToken,
  type TestGateway,
  type TokenClaims,
} from '../../testing/test-gateway';
import { createAuthenticate } from './authenticate';
import { createKeyRing } from './key-ring';
import { createTokenVerifier } from './token-verifier';

const NOBODY = { authorization: null, key: null, userToken: null };
const bearer = async (claims: TokenClaims = {}): Promise<string> => `Bearer ${await staffToken(claims)}`;

describe('authenticate', () => {
  const authenticate = testAuthenticate();
  const refused = { kind: 'unknown', reason: 'refused' };

  it('knows four callers', async () => {
    const kinds = await Promise.all([
      authenticate({ ...NOBODY, key: PUBLISHABLE_KEY }),
      authenticate({ ...NOBODY, key: PUBLISHABLE_KEY, userToken: await userToken() }),
      authenticate({ ...NOBODY, key: SECRET_KEY }),
      authenticate({ ...NOBODY, authorization: await bearer({ role: 'admin' }) }),
    ]);
    const keyId = expect.stringMatching(/^[0-9a-f]{12}$/);
    expect(kinds).toEqual([
      { kind: 'known', principal: { kind: 'publishable', keyId } },
      { kind: 'known', principal: { kind: 'visitor', keyId, userId: 'user-1' } },
      { kind: 'known', principal: { kind: 'secret', keyId } },
      { kind: 'known', principal: { kind: 'staff', keyId, subject: 'ada', role: 'admin' } },
    ]);
  });

  it('tells a missing credential from a bad one', async () => {
    expect(await authenticate(NOBODY)).toEqual({ kind: 'unknown', reason: 'missing' });
    expect(await authenticate({ ...NOBODY, key: 'pk_test_0123456789abcdeF' })).toEqual(refused);
  });

  it.each([
    ['signed by a stranger', { key: KEYS.foreign.privateKey }],
    ['of another issuer', { issuer: 'vitrine-staff' }],
    ['for another audience', { audience: 'elsewhere' }],
    ['that has expired', { expires: '-5m' }],
    ['without a subject', { subject: '' }],
    ['whose subject is no visitor id', { subject: 'two words' }],
  ])('refuses a user token %s', async (_what, claims: TokenClaims) => {
    expect(await authenticate({ ...NOBODY, key: PUBLISHABLE_KEY, userToken: await userToken(claims) })).toEqual(refused);
  });

  it('refuses an unsigned token and one of an algorithm that is not on the list', async () => {
    const [, payload] = (await userToken()).split('.');
    const header = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
    expect(await authenticate({ ...NOBODY, key: PUBLISHABLE_KEY, userToken: `${header}.${payload}.` })).toEqual(refused);
    const pss = await staffToken({ algorithm: 'PS256' });
    expect(await authenticate({ ...NOBODY, authorization: `Bearer ${pss}` })).toEqual(refused);
  });

  it.each([
    ['an unknown role', { role: 'root' }],
    ['a user token in place of a staff token', { issuer: 'vitrine-users' }],
  ])('refuses staff with %s', async (_what, claims: TokenClaims) => {
    expect(await authenticate({ ...NOBODY, authorization: await bearer(claims) })).toEqual(refused);
  });

  it('refuses credentials that contradict each other rather than choosing one', async () => {
    const callers = await Promise.all([
      authenticate({ ...NOBODY, key: SECRET_KEY, userToken: await userToken() }),
      authenticate({ ...NOBODY, userToken: await userToken() }),
      authenticate({ ...NOBODY, key: PUBLISHABLE_KEY, authorization: await bearer() }),
      authenticate({ ...NOBODY, authorization: 'Basic YTpi' }),
      authenticate({ ...NOBODY, key: 'p'.repeat(9_000) }),
    ]);
    expect(callers).toEqual(callers.map(() => refused));
  });

  it('is closed when nothing is configured', async () => {
    const closed = createAuthenticate({
      keys: createKeyRing([], []),
      staff: createTokenVerifier({ name: 'STAFF_TOKEN', issuer: 'vitrine-staff', audience: 'vitrine' }),
      users: createTokenVerifier({ name: 'USER_TOKEN', issuer: 'vitrine-users', audience: 'vitrine' }),
    });
    expect(await closed({ ...NOBODY, key: PUBLISHABLE_KEY })).toEqual(refused);
    expect(await closed({ ...NOBODY, authorization: await bearer() })).toEqual(refused);
  });

  it('names the variable of a public key that cannot be read', () => {
    const broken = { name: 'USER_TOKEN', issuer: 'i', audience: 'a', publicKey: 'no key' } as const;
    expect(() => createTokenVerifier(broken)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', details: { faults: ['USER_TOKEN_PUBLIC_KEY: must be a public key in PEM'] } }),
    );
  });
});

describe('what a caller may reach', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await createTestGateway();
  });
  afterAll(() => gateway.app.close());

  const callers = {
    nobody: async () => ({}),
    forger: async () => ({ 'x-vitrine-key': `${PUBLISHABLE_KEY}x` }),
    publishable: async () => ({ 'x-vitrine-key': PUBLISHABLE_KEY }),
    visitor: async () => ({ 'x-vitrine-key': PUBLISHABLE_KEY, 'x-vitrine-user': await userToken() }),
    secret: async () => ({ 'x-vitrine-key': SECRET_KEY }),
    viewer: async () => ({ authorization: await bearer() }),
    admin: async () => ({ authorization: await bearer({ role: 'admin' }) }),
  };
  const fields = {
    whoami: '{ whoami }',
    profile: '{ secretive { trait } }',
    propensity: '{ propensity }',
    consent: 'mutation { consent }',
  };
  const [yes, who, no] = ['ok', 'UNAUTHENTICATED', 'FORBIDDEN'];
  const matrix: Readonly<Record<keyof typeof callers, readonly string[]>> = {
    nobody: [who, who, who, who],
    forger: [who, who, who, who],
    publishable: [yes, no, no, no],
    visitor: [yes, no, no, yes],
    secret: [yes, yes, yes, yes],
    viewer: [no, yes, yes, no],
    admin: [no, yes, yes, yes],
  };

  it.each(Object.entries(callers))('is bounded for %s', async (name, headersOf) => {
    const headers = await headersOf();
    const verdicts = await Promise.all(
      Object.values(fields).map(async (query) => {
        const { errors, status } = await gateway.ask(query, { headers });
        expect(status).toBe(200);
        return errors[0]?.extensions['code'] ?? yes;
      }),
    );
    expect(Object.fromEntries(Object.keys(fields).map((field, i) => [field, verdicts[i]]))).toEqual(
      Object.fromEntries(
        Object.keys(fields).map((field, i) => [field, Object.entries(matrix).find(([caller]) => caller === name)?.[1][i]]),
      ),
    );
  });

  it('gives public fields to everybody', async () => {
    expect((await gateway.ask('{ node { name } }')).data).toEqual({ node: { name: 'node' } });
  });

  it('writes no credential into the log', async () => {
    const token = await userToken();
    await gateway.ask('{ boom whoami }', { headers: { 'x-vitrine-key': SECRET_KEY, 'x-vitrine-user': token } });
    expect(gateway.log.text()).not.toContain(SECRET_KEY);
    expect(gateway.log.text()).not.toContain(token);
  });
});
