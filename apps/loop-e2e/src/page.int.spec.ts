import { eventually } from '@vitrine/testing';
import { HERO_VERSION, untilServed } from './harness/catalog.fixture';
import { LoopApi, OTHER_PUBLISHABLE_KEY, shownAndClicked, untilHuman } from './harness/loop-api';
import { useLoop } from './harness/use-loop';

const PAGE = [{ id: 'hero' }, { id: 'side' }];
const ROUNDS = 40;
const PAGES = 60;

describe('one page', () => {
  const loop = useLoop(4);
  let other: LoopApi;

  beforeAll(async () => {
    const [gateway] = await Promise.all([loop.processes().start('gateway'), loop.processes().start('worker')]);
    other = new LoopApi(gateway.url);
    await untilServed(other);
  }, 60_000);

  it('never repeats a banner, in whatever order its placements are asked for', async () => {
    const asks = Array.from({ length: PAGES }, (_, i) =>
      loop.api().banners({ visitorId: `p${i}`, placements: i % 2 === 0 ? PAGE : PAGE.toReversed() }),
    );
    for (const { data } of await Promise.all(asks)) {
      const shown = (data?.banners.decisions ?? []).flatMap((decision) => decision?.slots.map(({ banner }) => banner.id) ?? []);
      expect(shown).toHaveLength(4);
      expect(new Set(shown).size).toBe(4);
    }
  });

  it('is decided once under one group id, by whichever gateway, at once or after a fold', async () => {
    const ask = (api: LoopApi, round: number) =>
      api.banners({ visitorId: `v${round}`, placements: PAGE, decisionGroupId: `group-${round}` });
    const rounds = Array.from({ length: ROUNDS }, (_, round) => round);
    const first: string[] = [];
    for (const round of rounds) {
      const answers = await Promise.all([ask(loop.api(), round), ask(other, round), ask(other, round), ask(loop.api(), round)]);
      expect(answers.flatMap(({ errors }) => errors)).toEqual([]);
      expect(answers.flatMap(({ data }) => data?.banners.decisions.map((decision) => decision?.degraded))).not.toContain(true);
      expect(new Set(answers.map(({ data }) => JSON.stringify(data))).size).toBe(1);
      first.push(JSON.stringify(answers[0].data));
    }
    await learnSomething();
    for (const round of rounds) {
      const { data } = await ask(round % 2 === 0 ? other : loop.api(), round);
      expect(JSON.stringify(data)).toBe(first[round]);
    }
  });

  it('belongs to its visitor and its key: others get their own under the same id', async () => {
    const ask = async (visitorId: string, key?: string) =>
      (await loop.api().banners({ visitorId, placements: PAGE, decisionGroupId: 'shared-group' }, key)).data?.banners.decisions.map(
        (d) => d?.decisionId,
      );
    const [ann, bob, elsewhere] = [await ask('ann'), await ask('bob'), await ask('ann', OTHER_PUBLISHABLE_KEY)];
    expect(new Set([...(ann ?? []), ...(bob ?? []), ...(elsewhere ?? [])]).size).toBe(6);
    expect(await ask('ann')).toEqual(ann);
  });

  it('refuses other input under the id of an answered page', async () => {
    const ask = (api: LoopApi, placements: readonly object[]) =>
      api.banners({ visitorId: 'cyd', placements, decisionGroupId: 'conflicting' });
    expect((await ask(loop.api(), PAGE)).errors).toEqual([]);
    const refused = await ask(other, [{ id: 'hero', slots: 1 }]);
    expect(refused.errors.map(({ extensions }) => extensions.code)).toEqual(['DECISION_GROUP_CONFLICT']);
    expect(refused.data).toBeNull();
  });

  async function learnSomething(): Promise<void> {
    const decision = await loop.api().decide('learner', 'hero');
    await untilHuman();
    await loop.api().record(shownAndClicked('learner', decision));
    const heads = loop.mongo.connection().collection<{ _id: string; entries: number }>('policy_heads');
    await eventually(() => heads.findOne({ _id: HERO_VERSION, entries: 2 }), { what: 'a fold' });
  }
});
