import { eventually } from '@vitrine/testing';
import { PUBLISHABLE_KEY, SECRET_KEY, shownAndClicked, untilHuman } from './harness/loop-api';
import { useLoop } from './harness/use-loop';

const INSIDE = 'ann-of-the-office';
const OUTSIDE = 'bob-the-shopper';

/** Everything here is sent from the machine itself, which is declared to be one of the shop's own. */
describe('traffic from inside the shop', () => {
  const loop = useLoop(10, { INTERNAL_NETWORKS: '127.0.0.0/8,::1/128' });
  beforeAll(async () => void (await loop.processes().start('worker')), 60_000);

  it('gets banners and leaves nothing but rows of quarantine, while a server beside it speaks for its shoppers', async () => {
    await Promise.all([loop.api().grant(INSIDE), loop.api().grant(OUTSIDE)]);
    const inside = await loop.api().decide(INSIDE, 'hero', PUBLISHABLE_KEY);
    const outside = await loop.api().decide(OUTSIDE, 'hero', SECRET_KEY);
    expect(inside.slots).toHaveLength(2);
    await untilHuman();
    await loop.api().record(shownAndClicked(INSIDE, inside), PUBLISHABLE_KEY);
    const page = { eventId: 'beacon', type: 'PAGE_VIEW', occurredAt: new Date().toISOString(), visitorId: INSIDE };
    await fetch(`${loop.api().url}/v1/events?key=${PUBLISHABLE_KEY}`, { method: 'POST', body: JSON.stringify({ events: [page] }) });
    await loop.api().record(shownAndClicked(OUTSIDE, outside), SECRET_KEY);

    const rows = (name: string) => loop.mongo.connection().collection(name).find({}).toArray();
    await eventually(async () => (await rows('events')).length === 2 && (await rows('quarantine')).length === 3, { what: 'five verdicts' });
    await eventually(async () => (await rows('decisions')).some(({ visitorHash }) => visitorHash !== null), { what: 'the record of bob' });
    expect((await rows('quarantine')).map(({ rule, code }) => [rule, code])).toEqual(
      Array.from({ length: 3 }, () => ['internal-traffic', 'INTERNAL_TRAFFIC']),
    );
    expect((await rows('decisions')).map(({ _id }) => String(_id))).toEqual([outside.decisionId]);
    expect(await rows('trials')).toMatchObject([{ _id: `${outside.decisionId}:0` }]);
    const clicks = async (id: string) =>
      loop.api().must(SECRET_KEY, 'query ($id: ID!) { profile(visitorId: $id) { behaviour { visits clicks } } }', { id });
    expect(await clicks(INSIDE)).toEqual({ profile: { behaviour: { visits: 0, clicks: 0 } } });
    expect(await clicks(OUTSIDE)).toEqual({ profile: { behaviour: { visits: 1, clicks: 1 } } });
  });
});
