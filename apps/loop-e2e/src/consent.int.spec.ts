import { visitorId, type VisitorHash } from '@vitrine/kernel';
import { createVisitorHasher } from '@vitrine/profile';
import { eventually } from '@vitrine/testing';
import { rowsExtractedSince } from './harness/extracted-rows';
import { everythingInMongo } from './harness/everything-stored';
import { PUBLISHABLE_KEY, SECRET_KEY, shownAndClicked, untilHuman, type Decision } from './harness/loop-api';
import { TEST_KEY, useLoop } from './harness/use-loop';

type Purpose = 'ANALYTICS' | 'PERSONALIZATION' | 'TRAINING';
type Words = Readonly<Partial<Record<Purpose, 'GRANTED' | 'DENIED' | 'REVOKED'>>>;

const ALLOWED: Words = { ANALYTICS: 'GRANTED', PERSONALIZATION: 'GRANTED', TRAINING: 'GRANTED' };
const REFUSED: Words = { ANALYTICS: 'DENIED', PERSONALIZATION: 'DENIED', TRAINING: 'DENIED' };
const WITHDRAWN: Words = { ANALYTICS: 'REVOKED', PERSONALIZATION: 'REVOKED', TRAINING: 'REVOKED' };

const NOTHING_DONE = { visits: 0, clicks: 0, productViews: 0, purchases: 0, monetaryMinor: 0, lastProductId: null };
const ALL_DONE = { visits: 1, clicks: 1, productViews: 1, purchases: 1, monetaryMinor: 4200, lastProductId: 'hat-1' };

interface Kept {
  readonly says: Words;
  /** Null for no profile. */
  readonly behaviour: object | null;
  /** Collections where the visitor's id, hash or profile stands afterwards. What was said stands in one of them, under the hash. */
  readonly places: readonly string[];
}
const PEOPLE: Readonly<Record<string, Kept>> = {
  'said nothing': { says: {}, behaviour: null, places: [] },
  'refused everything': { says: REFUSED, behaviour: null, places: ['consents'] },
  'allowed training alone': { says: { TRAINING: 'GRANTED' }, behaviour: null, places: ['consents'] },
  'allowed analytics only': {
    says: { ANALYTICS: 'GRANTED' },
    behaviour: NOTHING_DONE,
    places: ['consents', 'events', 'profile_aliases', 'profiles'],
  },
  'allowed personalization, not training': {
    says: { PERSONALIZATION: 'GRANTED', TRAINING: 'DENIED' },
    behaviour: ALL_DONE,
    places: ['consents', 'decisions', 'profile_aliases', 'profile_events', 'profiles'],
  },
  'allowed everything': {
    says: ALLOWED,
    behaviour: ALL_DONE,
    places: ['consents', 'decisions', 'events', 'ledger_batches', 'profile_aliases', 'profile_events', 'profiles', 'trials'],
  },
};

const CONSENT = 'mutation ($input: ConsentInput!) { setConsent(input: $input) { profileKept } }';
const PROFILE = `query ($id: ID!) { profile(visitorId: $id) { id traits segmentId
  behaviour { visits clicks productViews purchases monetaryMinor lastProductId } features { name number text time table { key value } } } }`;

interface Known {
  readonly id: string;
  readonly segmentId: string | null;
  readonly behaviour: object;
  readonly features: readonly object[];
}

describe('what is kept of whom, by what they allowed', () => {
  const loop = useLoop(13, { SEGMENT_MIN_ROWS: '10' });
  const hashes = createVisitorHasher(TEST_KEY);
  const hashOf = (visitor: string): VisitorHash => hashes.hash(visitorId(visitor));
  /** The last word of everybody here on every purpose. */
  const said = new Map<string, Words>();
  let serial = 0;

  beforeAll(async () => void (await loop.processes().start('worker')), 60_000);

  it.each(Object.entries(PEOPLE))('keeps of a shopper who %s no more than that', async (_what, { says, behaviour, places }) => {
    const visitor = newVisitor();
    await say(visitor, says);
    const decision = await shop(visitor);

    const personal = says.PERSONALIZATION === 'GRANTED';
    const named = personal && says.TRAINING === 'GRANTED' ? hashOf(visitor) : null;
    expect(await decided(decision)).toEqual({
      consentTier: personal ? 'PERSONALIZED' : 'CONTEXT_ONLY',
      visitorHash: personal ? hashOf(visitor) : null,
    });
    expect(await trialNames(decision)).toEqual([named]);
    expect(await ledgerNames(decision)).toEqual([named, named]);
    const known = await profileOf(visitor);
    expect(known?.behaviour ?? null).toEqual(behaviour);
    if (!personal && known !== null) expect(known.features).toEqual(await featuresOfNobody());
    expect(await placesOf(visitor, known)).toEqual(places);
  });

  it('forgets what was learned when everything is revoked, and learns nothing from what comes after, or late', async () => {
    const visitor = newVisitor();
    await say(visitor, ALLOWED);
    await shop(visitor);
    expect((await profileOf(visitor))?.behaviour).toEqual(ALL_DONE);
    const before = Date.now();

    await say(visitor, WITHDRAWN);
    const decision = await shop(visitor);
    await record([anEvent(visitor, 'PRODUCT_VIEW', { productId: 'late-hat', occurredAt: new Date(before).toISOString() })]);

    expect(await decided(decision)).toEqual({ consentTier: 'CONTEXT_ONLY', visitorHash: null });
    expect([await trialNames(decision), await ledgerNames(decision)]).toEqual([[null], [null, null]]);
    expect(await profileOf(visitor)).toMatchObject({ traits: {}, segmentId: null, behaviour: NOTHING_DONE });
    expect((await profileOf(visitor))?.features).toEqual(await featuresOfNobody());
  });

  it('learns nothing from what happened offline before consent was given and arrives afterwards', async () => {
    const visitor = newVisitor();
    await say(visitor, ALLOWED);
    const hourAgo = new Date(Date.now() - 3_600_000).toISOString();
    const early = [
      anEvent(visitor, 'PRODUCT_VIEW', { productId: 'early-hat', category: 'early', occurredAt: hourAgo }),
      anEvent(visitor, 'PURCHASE', { value: { amountMinor: 900, currency: 'EUR' }, occurredAt: hourAgo }),
    ];
    const now = anEvent(visitor, 'PRODUCT_VIEW', { productId: 'hat-2', category: 'hats' });
    await record([...early, now]);

    const known = await profileOf(visitor);
    expect(known?.behaviour).toEqual({ ...NOTHING_DONE, visits: 1, productViews: 1, lastProductId: 'hat-2' });
    expect(JSON.stringify(known)).not.toContain('early');
    const stored = (events: readonly { readonly eventId: string }[]) =>
      loop.mongo
        .connection()
        .collection<{ _id: string; visitorHash: string | null }>('events')
        .find({ _id: { $in: events.map(({ eventId }) => eventId) } })
        .toArray();
    expect(await stored(early)).toMatchObject([{ visitorHash: null }, { visitorHash: null }]);
    expect(await stored([now])).toMatchObject([{ visitorHash: hashOf(visitor) }]);
  });

  it('trains segments on those alone who allow training and have a profile', async () => {
    // So many that none of the three parts which rows are split into is empty, but for once in forty thousand runs.
    const crowd = Array.from({ length: 100 }, newVisitor);
    for (const [at, visitor] of crowd.entries()) await say(visitor, at % 3 === 2 ? { PERSONALIZATION: 'GRANTED' } : ALLOWED);
    for (const { says } of Object.values(PEOPLE)) await say(newVisitor(), says);
    const withdrawn = newVisitor();
    for (const words of [ALLOWED, WITHDRAWN]) await say(withdrawn, words);
    const leftOver = newVisitor();
    for (const words of [ALLOWED, { ANALYTICS: 'REVOKED', PERSONALIZATION: 'REVOKED' } as const]) await say(leftOver, words);
    await record(crowd.map((visitor, at) => anEvent(visitor, at % 2 === 0 ? 'PRODUCT_VIEW' : 'PAGE_VIEW', { category: 'hats' })));

    const training = [...said.values()].filter((words) => words.TRAINING === 'GRANTED' && mayBeKept(words)).length;
    expect(training).toBeGreaterThan(60);
    const { rows, written } = await trained();
    expect({ rows, written }).toEqual({ rows: training, written: training });

    for (const visitor of [withdrawn, leftOver]) expect(await profileOf(visitor)).toMatchObject({ segmentId: null });
    const grouped = { 'consent.PERSONALIZATION.status': { $ne: 'GRANTED' }, segment: { $ne: null } };
    expect(await loop.mongo.connection().collection('profiles').countDocuments(grouped)).toBe(0);
    const profiles = await loop.mongo.connection().collection('profiles').countDocuments();
    expect(profiles).toBeLessThan(said.size);
  }, 90_000);

  const newVisitor = (): string => `consent-visitor-${serial++}`;
  const mayBeKept = (words: Words): boolean => words.ANALYTICS === 'GRANTED' || words.PERSONALIZATION === 'GRANTED';

  async function say(visitor: string, words: Words): Promise<void> {
    said.set(visitor, { ...said.get(visitor), ...words });
    const purposes = Object.entries(words).map(([purpose, status]) => ({ purpose, status }));
    if (purposes.length > 0) await loop.api().must(SECRET_KEY, CONSENT, { input: { visitorId: visitor, source: 'test', purposes } });
  }

  /** Is shown a banner, clicks it, looks at what is behind it and buys; until all of that is processed. */
  async function shop(visitor: string): Promise<Decision> {
    const decision = await loop.api().decide(visitor, 'hero', PUBLISHABLE_KEY);
    await untilHuman();
    await record([
      ...shownAndClicked(visitor, decision),
      anEvent(visitor, 'PRODUCT_VIEW', { productId: 'hat-1', category: 'hats' }),
      anEvent(visitor, 'PURCHASE', { value: { amountMinor: 4200, currency: 'EUR' } }),
    ]);
    return decision;
  }

  function anEvent(visitor: string, type: string, more: object) {
    return { eventId: `consent-event-${serial++}`, type, occurredAt: new Date().toISOString(), visitorId: visitor, ...more };
  }

  /** Until the worker has stored them: profiles and ledger change in the same transaction. */
  async function record(events: readonly object[]): Promise<void> {
    const before = await loop.mongo.connection().collection('events').countDocuments();
    const outcomes = await loop.api().record(events);
    expect(outcomes.map(({ status }) => status)).toEqual(events.map(() => 'ACCEPTED'));
    await eventually(async () => (await loop.mongo.connection().collection('events').countDocuments()) === before + events.length, {
      what: `${events.length} more events`,
    });
  }

  async function profileOf(visitor: string): Promise<Known | null> {
    return (await loop.api().must<{ profile: Known | null }>(SECRET_KEY, PROFILE, { id: visitor })).profile;
  }

  /** Every feature of the catalogue, of a profile that never did anything. */
  async function featuresOfNobody(): Promise<readonly object[]> {
    const idle = newVisitor();
    await say(idle, { ANALYTICS: 'GRANTED' });
    const { features = [] } = (await profileOf(idle)) ?? {};
    expect(features.length).toBeGreaterThan(20);
    return features;
  }

  async function decided({ decisionId }: Decision): Promise<object> {
    const decisions = loop.mongo.connection().collection<{ _id: string; consentTier: string; visitorHash?: string }>('decisions');
    const { consentTier, visitorHash = null } = await eventually(() => decisions.findOne({ _id: decisionId }), { what: 'the record' });
    return { consentTier, visitorHash };
  }

  async function trialNames({ decisionId }: Decision): Promise<readonly (string | null)[]> {
    const trials = loop.mongo.connection().collection<{ _id: string; visitorHash?: string }>('trials');
    return (await trials.find({ _id: { $regex: `^${decisionId}:` } }).toArray()).map(({ visitorHash = null }) => visitorHash);
  }

  async function ledgerNames({ decisionId }: Decision): Promise<readonly (string | null)[]> {
    const batches = loop.mongo.connection().collection<{ entries: { decisionId: string; visitorHash: string | null }[] }>('ledger_batches');
    const entries = (await batches.find({ 'entries.decisionId': decisionId }).toArray()).flatMap((batch) => batch.entries);
    return entries.filter((entry) => entry.decisionId === decisionId).map(({ visitorHash }) => visitorHash);
  }

  async function placesOf(visitor: string, known: Known | null): Promise<readonly string[]> {
    const signs = [hashOf(visitor), ...(known === null ? [] : [known.id])];
    // Ids of visitors are numbered here: one is the beginning of another.
    const itself = new RegExp(`${visitor}(?![0-9])`);
    const found = (await everythingInMongo(loop.mongo.connection())).filter(
      ({ text }) => itself.test(text) || signs.some((sign) => text.includes(sign)),
    );
    return [...new Set(found.map(({ place }) => place.slice('mongo:'.length)))].sort();
  }

  /** Runs one training to its end: the rows that it says it read, and those that were written for it. */
  async function trained(): Promise<{ readonly rows: number; readonly written: number }> {
    const extracted = await rowsExtractedSince(loop.mongo.connection());
    // One that the schedule began may still be under way, and then a second one is refused.
    const { id } = await eventually(
      async () =>
        (await loop.api().ask<{ trainSegments: { id: string } }>(SECRET_KEY, 'mutation { trainSegments { id } }')).data?.trainSegments,
      { what: 'a training to begin', deadlineMs: 30_000 },
    );
    const run = await eventually(
      async () => {
        const question = 'query ($id: ID!) { trainingRun(id: $id) { status rows } }';
        const { trainingRun } = await loop.api().must<{ trainingRun: { status: string; rows: number } }>(SECRET_KEY, question, { id });
        return trainingRun.status === 'RUNNING' ? null : trainingRun;
      },
      { what: 'the training to end', deadlineMs: 45_000 },
    );
    expect(['PUBLISHED', 'REFUSED']).toContain(run.status);
    return { rows: run.rows, written: await extracted(id) };
  }
});
