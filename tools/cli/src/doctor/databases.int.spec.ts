import { useMongo, useRedis } from '@vitrine/testing';
import { checkMongo } from './check-mongo';
import { checkRedis } from './check-redis';

describe('doctor, on real databases', () => {
  const mongo = useMongo();
  const redis = useRedis();

  it('finds the replica set in order', async () => {
    const findings = await checkMongo(mongo.url());
    expect(findings.map(({ check, state }) => [check, state])).toEqual([
      ['MongoDB', 'ok'],
      ['MongoDB topology', 'ok'],
    ]);
  });

  it('reads the version, eviction policy and append-only file of Redis', async () => {
    const findings = await checkRedis(redis.url());
    expect(findings.map(({ check }) => check)).toEqual(['Redis', 'Redis eviction', 'Redis append-only file']);
    expect(findings[0]).toMatchObject({ state: 'ok', found: expect.stringMatching(/^version \d/) });
  });

  it('tells how to mend a server that does not answer', async () => {
    expect(await checkMongo('mongodb://127.0.0.1:1/?directConnection=true')).toEqual([
      expect.objectContaining({ state: 'fault', mend: expect.stringContaining('MONGO_URL') }),
    ]);
    expect(await checkRedis('redis://127.0.0.1:1')).toEqual([
      expect.objectContaining({ state: 'fault', found: expect.stringContaining('ECONNREFUSED') }),
    ]);
  });
});
