import { createConnection } from 'mongoose';
import { useMongo } from './use-mongo';
import { useRedis } from './use-redis';

describe('useMongo', () => {
  const mongo = useMongo();

  it('gives a fresh database on a server with transactions', async () => {
    const rows = mongo.connection().collection<{ _id: string }>('rows');
    await mongo.inTransaction((session) => rows.insertOne({ _id: 'a' }, { session }));
    const aborted = mongo.inTransaction(async (session) => {
      await rows.insertOne({ _id: 'b' }, { session });
      throw new RangeError('no');
    });
    await expect(aborted).rejects.toThrow('no');
    expect(await rows.find().toArray()).toEqual([{ _id: 'a' }]);
  });

  it('names its own database in its URL', async () => {
    const other = await createConnection(mongo.url()).asPromise();
    expect(other.name).toBe(mongo.connection().name);
    expect(await other.collection('rows').countDocuments()).toBe(1);
    await other.close();
  });

  it('clears rows', async () => {
    await mongo.clear();
    expect(await mongo.connection().collection('rows').countDocuments()).toBe(0);
  });
});

describe('useRedis', () => {
  const redis = useRedis();

  it('gives a client and a prefix', async () => {
    await redis.client().set(`${redis.prefix()}k`, 'v');
    expect(await redis.client().get(`${redis.prefix()}k`)).toBe('v');
  });
});
