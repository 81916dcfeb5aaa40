import { mongo } from 'mongoose';
import { ENGINES, isAtLeast, messageOf } from '@vitrine/stack';
import { fault, fine, type Finding } from './finding';

const TIMEOUT_MS = 5_000;
const CHECK = 'MongoDB';

/** A replica set with a primary, new enough: transactions and change streams need it. */
export async function checkMongo(url: string): Promise<readonly Finding[]> {
  const client = new mongo.MongoClient(url, {
    serverSelectionTimeoutMS: TIMEOUT_MS,
    connectTimeoutMS: TIMEOUT_MS,
    readPreference: 'primaryPreferred',
  });
  try {
    await client.connect();
    const admin = client.db('admin');
    const hello = await admin.command({ hello: 1 });
    const { version } = await admin.command({ buildInfo: 1 });
    return [checkVersion(String(version)), checkTopology(hello)];
  } catch (error) {
    return [fault(CHECK, `no answer: ${messageOf(error)}`, 'Check MONGO_URL (host, port, password, replicaSet) and that the server runs.')];
  } finally {
    await client.close();
  }
}

/** @param hello the server's answer to `hello` */
export function checkTopology(hello: Readonly<Record<string, unknown>>): Finding {
  const check = 'MongoDB topology';
  const { setName, primary, msg } = hello;
  if (msg === 'isdbgrid') return fine(check, 'sharded cluster');
  if (typeof setName !== 'string') {
    return fault(
      check,
      'a single server, no replica set',
      'Start mongod with --replSet rs0 and run rs.initiate() once: transactions need it.',
    );
  }
  if (typeof primary === 'string') return fine(check, `replica set ${setName}, primary ${primary}`);
  return fault(
    check,
    `replica set ${setName} has no primary`,
    'See rs.status(): a majority of the members must run and reach one another.',
  );
}

function checkVersion(version: string): Finding {
  const { minVersion } = ENGINES.mongo;
  if (isAtLeast(version, minVersion)) return fine(CHECK, `version ${version}`);
  return fault(CHECK, `version ${version}`, `Upgrade to ${minVersion} or newer.`);
}
