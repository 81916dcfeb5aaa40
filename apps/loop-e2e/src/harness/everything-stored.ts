import type { Redis } from 'ioredis';
import mongoose, { type Connection } from 'mongoose';

/** One thing that is stored, as the bytes it is stored as: one character per byte. */
export interface StoredText {
  readonly place: string;
  readonly text: string;
}

/** Every row of every collection. */
export async function everythingInMongo(connection: Connection): Promise<readonly StoredText[]> {
  const names = (await connection.listCollections()).map(({ name }) => name);
  const rows = await Promise.all(
    names.map(async (name) =>
      (await connection.collection(name).find().toArray()).map((row) => ({
        place: `mongo:${name}`,
        text: Buffer.from(mongoose.mongo.BSON.serialize(row)).toString('latin1'),
      })),
    ),
  );
  return rows.flat();
}

/** Every key with what it holds. */
export async function everythingInRedis(redis: Redis): Promise<readonly StoredText[]> {
  const keys = await redis.keys('*');
  return Promise.all(keys.map(async (key) => ({ place: `redis:${key}`, text: `${key} ${JSON.stringify(await valueOf(redis, key))}` })));
}

async function valueOf(redis: Redis, key: string): Promise<unknown> {
  switch (await redis.type(key)) {
    case 'string':
      return redis.get(key);
    case 'hash':
      return redis.hgetall(key);
    case 'list':
      return redis.lrange(key, 0, -1);
    case 'set':
      return redis.smembers(key);
    case 'zset':
      return redis.zrange(key, 0, -1);
    case 'stream':
      return redis.xrange(key, '-', '+');
    default:
      return null; // it expired meanwhile
  }
}
