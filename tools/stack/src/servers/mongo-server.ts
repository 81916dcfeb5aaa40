import { mkdir, realpath } from 'node:fs/promises';
import { mongo } from 'mongoose';
import { z } from 'zod';
import type { Reaper } from '../reaper';
import { startServer, type ServerProcess } from './server-process';

const REPLICA_SET = 'rs0';
const CACHE_GB = '0.5'; // unasked, mongod takes half of the machine's memory
const OPLOG_MB = '512';
const COMMAND_TIMEOUT_MS = 3_000;
const SHUTDOWN_QUIESCE_MS = 100;

const replicaConfig = z.object({
  config: z.looseObject({ version: z.number(), members: z.array(z.looseObject({ host: z.string() })) }),
});

export interface StartedServer {
  readonly url: string;
  readonly process: ServerProcess;
}

export interface ServerSettings {
  readonly binary: string;
  readonly dir: string;
  readonly port: number;
  readonly logFile: string;
  readonly reaper: Reaper;
}

/** Connection string of the embedded replica set; the database name is part of it. */
export function mongoUrl(port: number): string {
  return `mongodb://127.0.0.1:${port}/vitrine?replicaSet=${REPLICA_SET}`;
}

/**
 * A killed worker's open transaction holds its locks this long, and whoever takes its job over waits for them. Ours last milliseconds;
 * MongoDB would allow a minute.
 */
const TRANSACTION_SECONDS = 10;

/** Starts mongod as a replica set of one member, since transactions and change streams need one, and waits for it to be primary. */
export async function startMongo({ binary, dir, port, logFile, reaper }: ServerSettings): Promise<StartedServer> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const network = ['--port', String(port), '--bind_ip', '127.0.0.1', '--nounixsocket'];
  const storage = ['--dbpath', dir, '--wiredTigerCacheSizeGB', CACHE_GB, '--oplogSize', OPLOG_MB, '--replSet', REPLICA_SET];
  const parameters = ['diagnosticDataCollectionEnabled=false', `transactionLifetimeLimitSeconds=${TRANSACTION_SECONDS}`];
  const args = [...network, ...storage, ...parameters.flatMap((parameter) => ['--setParameter', parameter])];
  const process = startServer({ engine: 'mongo', binary, args, logFile, reaper });
  try {
    await process.untilReady(() => withAdmin(port, () => Promise.resolve(true)).catch(() => null));
    await process.untilReady(() => withAdmin(port, (admin) => becomeReplicaSet(admin, port)).catch(notYet));
    await process.untilReady(() => withAdmin(port, isPrimary).catch(() => null));
    await withAdmin(port, quickShutdown);
    return { url: mongoUrl(port), process };
  } catch (error) {
    await process.stop();
    throw error;
  }
}

/** Whether a mongod at this port answers as primary and keeps its data in `dir`. */
export async function isOurMongo(port: number, dir: string): Promise<boolean> {
  return withAdmin(port, async (admin) => {
    const options: unknown = await admin.command({ getCmdLineOpts: 1 });
    const own = z.object({ parsed: z.object({ storage: z.object({ dbPath: z.string() }) }) }).parse(options);
    return (await realpath(own.parsed.storage.dbPath)) === (await realpath(dir)) && (await isPrimary(admin)) === true;
  }).catch(() => false);
}

async function becomeReplicaSet(admin: mongo.Db, port: number): Promise<true> {
  const host = `127.0.0.1:${port}`;
  const current: unknown = await admin.command({ replSetGetConfig: 1 }).catch(notYetInitialised);
  if (current === null) {
    await admin.command({ replSetInitiate: { _id: REPLICA_SET, members: [{ _id: 0, host }] } });
    return true;
  }
  const { config } = replicaConfig.parse(current);
  if (config.members[0]?.host === host) return true;
  // The data come from a run on another port: the member does not find itself in its own configuration until it is rewritten by force.
  const moved = { ...config, version: config.version + 1, members: [{ ...config.members[0], host }] };
  await admin.command({ replSetReconfig: moved, force: true });
  return true;
}

/**
 * What passes by itself, so that the step is taken again: a member that takes up a new role drops its connections, and a member that has
 * not yet read its configuration claims to have none, only to refuse being given one.
 */
function notYet(error: unknown): null {
  if (error instanceof mongo.MongoNetworkError) return null;
  if (error instanceof mongo.MongoServerError && error.codeName === 'AlreadyInitialized') return null;
  throw error;
}

function notYetInitialised(error: unknown): null {
  if (error instanceof mongo.MongoServerError && error.codeName === 'NotYetInitialized') return null;
  throw error;
}

async function isPrimary(admin: mongo.Db): Promise<true | null> {
  const hello = await admin.command({ hello: 1 }).catch(() => admin.command({ isMaster: 1 })); // before 4.4.2 there is no hello
  return hello['isWritablePrimary'] === true || hello['ismaster'] === true ? true : null;
}

/** A primary that is told to end waits 15 s for clients to move to another member. There is no other; versions before 5.0 do not wait. */
async function quickShutdown(admin: mongo.Db): Promise<void> {
  await admin.command({ setParameter: 1, shutdownTimeoutMillisForSignaledShutdown: SHUTDOWN_QUIESCE_MS }).catch(() => undefined);
}

async function withAdmin<T>(port: number, work: (admin: mongo.Db) => Promise<T>): Promise<T> {
  const client = new mongo.MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, {
    serverSelectionTimeoutMS: COMMAND_TIMEOUT_MS,
    connectTimeoutMS: COMMAND_TIMEOUT_MS,
    monitorCommands: false,
  });
  try {
    await client.connect();
    return await work(client.db('admin'));
  } finally {
    await client.close();
  }
}
