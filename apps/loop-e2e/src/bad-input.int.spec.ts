import { createTokenCodec } from '@vitrine/feedback';
import { eventually } from '@vitrine/testing';
import { PUBLISHABLE_KEY, SECRET_KEY, shownAndClicked, tokenOf, untilHuman, type Decision } from './harness/loop-api';
import { TEST_KEY, useLoop } from './harness/use-loop';

const DAY_MS = 86_400_000;
const YEARS_MS = 3 * 365 * DAY_MS;
const TOKEN_AGE_HOURS = 7 * 24;

describe('input that is wrong', () => {
  const loop = useLoop(5);
  let decision: Decision;
  const rows = (name: string) => loop.mongo.connection().collection<{ _id: string; eventId?: string }>(name);
  const event = (eventId: string, more: object) => ({
    eventId,
    type: 'IMPRESSION',
    occurredAt: new Date().toISOString(),
    visitorId: 'ann',
    ...more,
  });
  const outcomeOf = async (one: object) => (await loop.api().record([one]))[0];

  beforeAll(async () => {
    await loop.processes().start('worker');
    decision = await loop.api().decide('ann', 'hero');
    await untilHuman();
  }, 60_000);

  it('leaves an unknown placement empty, with an error at its path, and answers the others', async () => {
    const { data, errors } = await loop
      .api()
      .banners({ visitorId: 'ann', placements: [{ id: 'side' }, { id: 'nowhere' }, { id: 'hero' }] });
    expect(data?.banners.decisions.map((one) => one?.placementId ?? null)).toEqual(['side', null, 'hero']);
    expect(errors).toMatchObject([{ path: ['banners', 'decisions', 1], extensions: { code: 'UNKNOWN_PLACEMENT' } }]);
  });

  it('rejects forged, edited and expired tokens', async () => {
    const token = tokenOf(decision);
    const middle = Math.floor(token.length / 2);
    const edited = `${token.slice(0, middle)}${token[middle] === 'A' ? 'B' : 'A'}${token.slice(middle + 1)}`;
    const codec = (key: Buffer) => createTokenCodec({ keys: [{ id: 1, key }], maxAgeMs: TOKEN_AGE_HOURS * 3_600_000 });
    const opened = codec(TEST_KEY).open(token, Date.now());
    const content = opened.ok ? opened.value : null;
    expect(content).toMatchObject({ decisionId: decision.decisionId });
    if (content === null) return;
    const forged = codec(Buffer.alloc(32, 9)).seal(content);
    const expired = codec(TEST_KEY).seal({ ...content, decidedAt: Date.now() - 8 * DAY_MS });
    expect(await outcomeOf(event('forged', { token: forged }))).toEqual({ eventId: 'forged', status: 'REJECTED', code: 'TOKEN_INVALID' });
    expect(await outcomeOf(event('edited', { token: edited }))).toEqual({ eventId: 'edited', status: 'REJECTED', code: 'TOKEN_INVALID' });
    expect(await outcomeOf(event('expired', { token: expired }))).toEqual({
      eventId: 'expired',
      status: 'REJECTED',
      code: 'TOKEN_EXPIRED',
    });
  });

  it('quarantines a token in the hands of another visitor', async () => {
    expect(await outcomeOf(event('foreign', { token: tokenOf(decision), visitorId: 'mallory' }))).toMatchObject({ status: 'ACCEPTED' });
    const note = await eventually(() => rows('quarantine').findOne({ eventId: 'foreign' }), { what: 'the quarantine' });
    expect(note).toMatchObject({ code: 'TOKEN_FOREIGN' });
    expect(await rows('events').countDocuments({ _id: 'foreign' })).toBe(0);
  });

  it('rejects clocks that are years off, in either direction', async () => {
    const at = (shiftMs: number) => ({ occurredAt: new Date(Date.now() + shiftMs).toISOString() });
    expect(await outcomeOf(event('past', at(-YEARS_MS)))).toMatchObject({ status: 'REJECTED', code: 'CLOCK_SKEW' });
    expect(await outcomeOf(event('future', at(YEARS_MS)))).toMatchObject({ status: 'REJECTED', code: 'CLOCK_SKEW' });
  });

  it('counts an event that is sent again once, and calls it a duplicate', async () => {
    const events = shownAndClicked('ann', decision);
    const [first, second] = [await loop.api().record([...events, ...events]), await loop.api().record(events)];
    expect(first.map(({ status }) => status)).toEqual(['ACCEPTED', 'ACCEPTED', 'DUPLICATE', 'DUPLICATE']);
    expect(second.map(({ status }) => status)).toEqual(['DUPLICATE', 'DUPLICATE']);
    const rollup = await eventually(
      () =>
        loop.mongo
          .connection()
          .collection('rollups')
          .findOne({ clicks: { $gt: 0 } }),
      { what: 'the click' },
    );
    expect(rollup).toMatchObject({ clicks: 1, trials: 1, impressions: 1, clickedTrials: 1 });
  });

  it('takes what a stranger did, without making a profile', async () => {
    expect(await outcomeOf(event('stranger', { type: 'PAGE_VIEW', visitorId: 'never-seen' }))).toMatchObject({ status: 'ACCEPTED' });
    expect(await eventually(() => rows('events').findOne({ _id: 'stranger' }), { what: 'the event' })).toMatchObject({
      visitorHash: null,
      profileId: null,
    });
    expect(await loop.api().must(SECRET_KEY, '{ profile(visitorId: "never-seen") { id } }')).toEqual({ profile: null });
  });

  it('refuses a consent for an unknown purpose as a whole', async () => {
    const { errors } = await loop.api().ask(
      SECRET_KEY,
      `mutation { setConsent(input: { visitorId: "astrologer", source: "test",
        purposes: [{ purpose: ANALYTICS, status: GRANTED }, { purpose: ASTROLOGY, status: GRANTED }] }) { profileKept } }`,
    );
    expect(errors).toMatchObject([{ message: expect.stringContaining('ASTROLOGY'), extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
    expect(await loop.api().must(SECRET_KEY, '{ profile(visitorId: "astrologer") { id } }')).toEqual({ profile: null });
  });

  it('refuses a body that is too large, and goes on serving', async () => {
    const body = JSON.stringify({ query: '{ __typename }', variables: { padding: 'x'.repeat(300 * 1_024) } });
    const response = await fetch(`${loop.api().url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-vitrine-key': PUBLISHABLE_KEY },
      body,
    });
    expect(response.status).toBe(413);
    expect(await loop.api().must(PUBLISHABLE_KEY, '{ __typename }')).toEqual({ __typename: 'Query' });
  });
});
