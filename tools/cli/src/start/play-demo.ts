import { performance } from 'node:perf_hooks';
import { join } from 'node:path';
import { MongoCleaningCounts, type RuleCounts } from '@vitrine/feedback';
import { createLogger, connectMongo } from '@vitrine/platform';
import {
  COUPON_PLACEMENT,
  CouponShopper,
  GraphqlClient,
  MongoCouponObserver,
  playCoupons,
  readCoupons,
  readCsv,
  seedCouponCatalog,
  type PlayOutcome,
  type PlayProgress,
} from '@vitrine/replay';
import { importPKCS8, SignJWT } from 'jose';
import type { CliContext } from '../cli-context';
import type { DevKeys } from '../dev-keys';
import type { RunningSystem } from '../system';
import { PLAYER_KEY } from './demo-env';
import { trainSegments, type SegmentOutcome } from './train-segments';

export interface DemoOutcome {
  readonly seed: number;
  readonly play: PlayOutcome;
  readonly segments: SegmentOutcome;
  /** What each cleaning rule rejected, mended or noted; every rule is there. */
  readonly cleaning: RuleCounts;
}

export interface PlayDemoOptions {
  readonly context: CliContext;
  readonly system: RunningSystem;
  readonly keys: DevKeys;
  readonly seed: number;
  progress(state: PlayProgress): void;
}

const DATA_FILE = 'data/coupons/in-vehicle-coupons.csv.gz';

/** Seeds the catalogue, plays the coupon interactions as shoppers, trains segments: all through the public API. */
export async function playDemo({ context, system, keys, seed, progress }: PlayDemoOptions): Promise<DemoOutcome> {
  const data = readCoupons(await readCsv(join(context.root, DATA_FILE)));
  const api = new GraphqlClient(`${system.apps.gatewayUrl}/graphql`);
  const secret = { key: keys.secretKey };
  const logger = createLogger({ name: 'vitrine-start', level: 'warn', toStderr: true });
  const connection = await connectMongo({ url: system.stack.mongoUrl, name: 'vitrine-start', deadlineMs: 10_000, logger });
  try {
    context.say('Seeding the catalogue: one placement, five campaigns with a coupon each, a contextual policy');
    await seedCouponCatalog(api, secret, data);
    context.say(`Playing ${data.rows.length} real answers of ${data.people} people in declared order ${seed}`);
    const play = await playCoupons(data, seed, {
      shopper: new CouponShopper(api),
      observer: new MongoCouponObserver(connection, COUPON_PLACEMENT, `${COUPON_PLACEMENT}@1`),
      publishableKey: PLAYER_KEY,
      secretKey: keys.secretKey,
      userToken: await userTokens(keys),
      monotonic: () => performance.now(),
      now: () => Date.now(),
      pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      progress,
    });
    context.say('Training segments');
    const segments = await trainSegments(api, secret);
    return { seed, play, segments, cleaning: await new MongoCleaningCounts(connection).read() };
  } finally {
    await connection.close();
  }
}

/** Signs what an app's own server would: that this visitor is signed in. */
async function userTokens(keys: DevKeys): Promise<(userId: string) => Promise<string>> {
  const key = await importPKCS8(keys.userSigning.privateKey, 'EdDSA');
  return (userId) =>
    new SignJWT({})
      .setProtectedHeader({ alg: 'EdDSA' })
      .setSubject(userId)
      .setIssuer('vitrine-users')
      .setAudience('vitrine')
      .setIssuedAt()
      .setExpirationTime('2h')
      .sign(key);
}
