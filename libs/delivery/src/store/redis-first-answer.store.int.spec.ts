import { Redis } from 'ioredis';
import { decisionId, placementId } from '@vitrine/kernel';
import { silentLogger, useRedis } from '@vitrine/testing';
import type { PageAnswer } from '../application/page-answer';
import { aBanner, aCreative } from '../fixtures';
import { FIRST_ANSWER_TTL_MS, RedisFirstAnswerStore } from './redis-first-answer.store';

function anAnswer(token: string): PageAnswer {
  const slot = { position: 0, banner: aBanner('b00'), creative: aCreative(), clickUrl: 'https://shop.example/', token };
  const value = {
    decisionId: decisionId('019b0000-0000-7000-8000-000000000001'),
    placementId: placementId('home-hero'),
    layer: 'EXPLORE' as const,
    degraded: false,
    stateRevision: 3,
    slots: [slot],
  };
  return {
    decisionGroupId: 'g',
    decisions: [
      { ok: true, value },
      { ok: false, error: { code: 'UNKNOWN_PLACEMENT', placementId: 'nowhere', feature: null } },
    ],
  };
}

describe('RedisFirstAnswerStore', () => {
  const redis = useRedis();
  const store = (over: { readonly redis?: Redis; readonly deadlineMs?: number } = {}) =>
    new RedisFirstAnswerStore({
      redis: over.redis ?? redis.client(),
      logger: silentLogger,
      keyPrefix: redis.prefix(),
      deadlineMs: over.deadlineMs ?? 5_000,
    });

  it('keeps one of sixteen answers that race, from two gateways, and gives it to the other fifteen', async () => {
    const second = new Redis(redis.url());
    await second.ping();
    const stores = [store(), store({ redis: second })];
    const answers = Array.from({ length: 16 }, (_, i) => anAnswer(`t${i}`));
    const outcomes = await Promise.all(answers.map((answer, i) => (stores[i % 2] ?? store()).settle('race', 'input', answer)));
    await second.quit();

    const winner = outcomes.findIndex(({ status }) => status === 'FIRST');
    const repeated = outcomes.flatMap((outcome) => (outcome.status === 'REPEATED' ? [outcome.answer] : []));
    expect(outcomes.filter(({ status }) => status === 'FIRST')).toHaveLength(1);
    expect(repeated).toEqual(new Array(15).fill(answers[winner]));
  });

  it('finds a conflict for another input, and keeps the first answer', async () => {
    expect(await store().settle('conflict', 'input', anAnswer('a'))).toEqual({ status: 'FIRST' });
    expect(await store().settle('conflict', 'other', anAnswer('b'))).toEqual({ status: 'CONFLICT' });
    expect(await store().settle('conflict', 'input', anAnswer('c'))).toEqual({ status: 'REPEATED', answer: anAnswer('a') });
  });

  it('forgets an answer after ten minutes', async () => {
    await store().settle('ttl', 'input', anAnswer('a'));
    const left = await redis.client().pttl(`${redis.prefix()}first-answer:ttl`);
    expect(left).toBeGreaterThan(FIRST_ANSWER_TTL_MS - 10_000);
    expect(left).toBeLessThanOrEqual(FIRST_ANSWER_TTL_MS);
  });

  it('is unavailable, and quickly so, while Redis is away', async () => {
    const nowhere = new Redis('redis://127.0.0.1:1', { lazyConnect: true, retryStrategy: () => null });
    expect(await store({ redis: nowhere }).settle('away', 'input', anAnswer('a'))).toEqual({ status: 'UNAVAILABLE' });
  });

  it('gives up on a slow Redis at its deadline', async () => {
    const stalled = new Redis(redis.url());
    await stalled.ping();
    const name = `${redis.prefix()}stall`;
    const stall = stalled.blpop(name, 30); // the connection answers nothing until something is pushed
    const started = performance.now();
    expect(await store({ redis: stalled, deadlineMs: 20 }).settle('slow', 'input', anAnswer('a'))).toEqual({ status: 'UNAVAILABLE' });
    expect(performance.now() - started).toBeLessThan(1_000);
    await redis.client().rpush(name, 'go');
    await stall;
    await stalled.quit();
  });

  it('takes a text of another release for no answer', async () => {
    await redis.client().set(`${redis.prefix()}first-answer:old`, '{"v":0}');
    expect(await store().settle('old', 'input', anAnswer('a'))).toEqual({ status: 'UNAVAILABLE' });
  });
});
