import { silentLogger, eventually, useRedis } from '@vitrine/testing';
import { createRedis } from '@vitrine/platform';
import { createSharedRateLimiter, type RateLimiter } from './shared-rate-limiter';

describe('the shared rate limiter', () => {
  const redis = useRedis();

  it('blocks in every gateway a key that all of them together overdrew', async () => {
    const options = { name: `${redis.prefix()}shared`, perSecond: 100, redis: redis.client() };
    const [left, right] = [createSharedRateLimiter(options), createSharedRateLimiter(options)];
    const take = (limiter: RateLimiter, times: number): Promise<unknown> =>
      Promise.all(Array.from({ length: times }, () => limiter.consume('k')));
    // 70 each is within the limit of either, so only the shared count can refuse what follows.
    await Promise.all([take(left, 70), take(right, 70)]);
    let polls = 0;
    const refusal = await eventually(
      async () => {
        polls++;
        const [outcome] = await Promise.allSettled([left.consume('k')]);
        return outcome.status === 'rejected' ? outcome.reason : null;
      },
      { what: 'the shared count to refuse', deadlineMs: 900 },
    );
    expect(polls).toBeLessThan(30);
    expect(refusal).toMatchObject({ code: 'RATE_LIMITED' });
  });

  it('limits by itself while Redis is away, without waiting for it', async () => {
    const away = createRedis('redis://127.0.0.1:1', 'cache', silentLogger);
    const limiter = createSharedRateLimiter({ name: 'away', perSecond: 2, redis: away });
    const outcomes = await Promise.allSettled([limiter.consume('k'), limiter.consume('k'), limiter.consume('k')]);
    away.disconnect();
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
  });
});
