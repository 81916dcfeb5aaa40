import { placementId, visitorId } from '@vitrine/kernel';
import { aProfile, aVersion, eligibleBanners, weightedPolicy } from '../fixtures';
import { aRequest, bannersOf, pageBench, type PageBench } from '../page-fixtures';

const HOUR_MS = 3_600_000;
const ANNA = visitorId('anna');
const hero = { id: placementId('home-hero'), slots: 1, excludeBannerIds: [] };

/** Twenty equal banners: two independent draws agree one time in twenty. */
function stickyBench(consents = true): PageBench {
  const bench = pageBench({ eligible: eligibleBanners(20) });
  const policy = { name: 'uniform', params: {}, floor: 0, sticky: { periodMinutes: 60 } };
  bench.policy = { ...weightedPolicy(() => 1), version: aVersion({ policy }) };
  bench.profile = { status: 'found', profile: aProfile(consents ? {} : { consent: {} }) };
  return bench;
}
async function shown(bench: PageBench, who = ANNA, placements = [hero]): Promise<readonly string[]> {
  return bannersOf(await bench.page.execute(aRequest({ visitorId: who, placements }))).flat();
}
const times = async (n: number, once: () => Promise<readonly string[]>): Promise<ReadonlySet<string>> => {
  const all = new Set<string>();
  for (let i = 0; i < n; i++) all.add((await once()).join());
  return all;
};

describe('a sticky policy on a page', () => {
  it('shows a visitor the same banner for a period, and draws anew in the next', async () => {
    const bench = stickyBench();
    expect((await times(10, () => shown(bench))).size).toBe(1);
    expect(bench.logged.every(({ selection }) => selection === 'STICKY')).toBe(true);
    expect(new Set(bench.logged.map(({ id }) => id)).size).toBe(10);
    const periods = await times(10, () => {
      bench.clock.advance(HOUR_MS);
      return shown(bench);
    });
    expect(periods.size).toBeGreaterThan(1);
  });

  it('shows different visitors different banners', async () => {
    const bench = stickyBench();
    let serial = 0;
    expect((await times(10, () => shown(bench, visitorId(`v${serial++}`)))).size).toBeGreaterThan(3);
  });

  it('draws for each placement, and for each asking for one placement', async () => {
    const bench = stickyBench();
    await shown(bench, ANNA, [hero, hero, { ...hero, id: placementId('side') }]);
    const seeds = bench.logged.map(({ seed }) => seed.join());
    expect(new Set(seeds).size).toBe(3);
  });

  it('draws anew for a visitor who did not consent, whose profile cannot be read, or whom nobody names', async () => {
    const refused = stickyBench(false);
    expect((await times(10, () => shown(refused))).size).toBeGreaterThan(3);
    const away = stickyBench();
    away.profile = { status: 'unavailable' };
    expect((await times(10, () => shown(away))).size).toBeGreaterThan(3);
    const nobody = stickyBench();
    const anonymous = async () => bannersOf(await nobody.page.execute(aRequest({ placements: [hero] }))).flat();
    expect((await times(10, anonymous)).size).toBeGreaterThan(3);
    for (const { logged } of [refused, away, nobody]) expect(logged.every(({ selection }) => selection === 'DRAW')).toBe(true);
  });
});
