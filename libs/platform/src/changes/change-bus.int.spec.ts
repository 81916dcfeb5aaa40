import { eventually, silentLogger, useRedis } from '@vitrine/testing';
import { awaitRedis, createRedis } from '../redis/connect';
import { ChangeListener, createAnnouncer, type ChangeMessage } from './change-bus';

describe('the change bus', () => {
  const redis = useRedis();

  it('carries notices between clients and says when some may have been missed', async () => {
    const logger = silentLogger;
    const publisher = createRedis(redis.url(), 'cache', logger);
    const subscriber = createRedis(redis.url(), 'subscriber', logger);
    const seen: ChangeMessage[] = [];
    let gaps = 0;
    const listener = new ChangeListener(subscriber, logger);
    listener.on((message) => seen.push(message));
    listener.onGap(() => (gaps += 1));
    listener.start();
    try {
      await awaitRedis(publisher, 5_000, logger);
      await eventually(() => gaps > 0, { deadlineMs: 5_000, what: 'the first subscription' });
      const announce = createAnnouncer(publisher);
      const id = redis.prefix();
      await eventually(
        () => {
          announce({ kind: 'catalog', id, revision: 3 });
          return seen.some((message) => message.id === id);
        },
        { deadlineMs: 5_000, what: 'a notice' },
      );
      expect(seen.find((message) => message.id === id)).toEqual({ kind: 'catalog', id, revision: 3 });

      subscriber.disconnect(true);
      await eventually(() => gaps > 1, { deadlineMs: 5_000, what: 'the gap after a reconnect' });
      expect(gaps).toBeGreaterThan(1);
    } finally {
      publisher.disconnect();
      subscriber.disconnect();
    }
  });
});
