import {
  createTestGateway,
  PUBLISHABLE_KEY,
  SECRET_KEY,
  userToken,
  type AskOptions,
  type TestGatewayOptions,
} from '../testing/test-gateway';

async function codesOf(limits: TestGatewayOptions, asks: readonly AskOptions[]): Promise<readonly unknown[]> {
  const gateway = await createTestGateway(limits);
  const codes: unknown[] = [];
  for (const ask of asks) codes.push((await gateway.ask('{ node { name } }', ask)).errors[0]?.extensions['code'] ?? 'ok');
  await gateway.app.close();
  return codes;
}

const publishable = { headers: { 'x-vitrine-key': PUBLISHABLE_KEY } };
const secret = { headers: { 'x-vitrine-key': SECRET_KEY } };

describe('rate limits', () => {
  it('bound a key, each for itself', async () => {
    expect(await codesOf({ perKey: 2 }, [secret, secret, secret, publishable])).toEqual(['ok', 'ok', 'RATE_LIMITED', 'ok']);
  });

  it('bound the address of anonymous shoppers and of unknown callers, and not that of servers', async () => {
    expect(await codesOf({ perVisitor: 2 }, [publishable, {}, publishable, {}, secret])).toEqual([
      'ok',
      'ok',
      'RATE_LIMITED',
      'RATE_LIMITED',
      'ok',
    ]);
  });

  it('bound a signed-in visitor apart from the others at the same address', async () => {
    const [ann, bob] = await Promise.all(
      ['ann', 'bob'].map(async (subject) => ({ headers: { ...publishable.headers, 'x-vitrine-user': await userToken({ subject }) } })),
    );
    expect(await codesOf({ perVisitor: 1 }, [ann ?? {}, ann ?? {}, bob ?? {}])).toEqual(['ok', 'RATE_LIMITED', 'ok']);
  });

  it('say when to come back', async () => {
    const gateway = await createTestGateway({ perVisitor: 1 });
    await gateway.ask('{ node { name } }');
    const { status, headers, errors } = await gateway.ask('{ node { name } }');
    await gateway.app.close();
    expect(status).toBe(429);
    expect(headers['retry-after']).toBe('1');
    expect(errors).toEqual([
      {
        message: 'Too many requests.',
        extensions: { code: 'RATE_LIMITED', retryable: true, details: { retryAfterMs: expect.any(Number) } },
      },
    ]);
  });
});
