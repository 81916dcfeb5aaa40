import { resolve } from 'node:path';
import { runCli } from '../cli.fixture';
import type { EffectOutcome } from '../segments/effect';
import { registerSegments } from './segments';

const ROOT = resolve(__dirname, '../../../..');
const segments = (args: readonly string[], signal?: AbortSignal) =>
  runCli([registerSegments], ['segments', ...args], { root: ROOT, ...(signal === undefined ? {} : { signal }) });

describe('vitrine segments effect', () => {
  it('prints both contexts with their curves, differences and intervals, and what was run', async () => {
    const { code, out } = await segments(['effect', '--seeds', '1', '--json']);
    expect(code).toBe(0);
    const outcome = JSON.parse(out) as EffectOutcome;
    expect(outcome).toMatchObject({ data: 'coupons', policy: 'linear-thompson', params: {}, floor: 0.01, seeds: 1, coordinates: 4 });
    expect([outcome.visitors, outcome.visits]).toEqual([587, 10_451]);
    expect(outcome.models.map(({ people }) => people)).toEqual([40, 80, 160, 320]);
    expect(outcome.contexts.map(({ name }) => name)).toEqual(['situation-and-traits', 'situation']);
    for (const { curve, matches, seeds, ...measured } of outcome.contexts) {
      expect([curve[0]?.from, curve.at(-1)?.to, curve.length]).toEqual([1, 587, 8]);
      expect(seeds.map(({ seed }) => seed)).toEqual([1]);
      expect(Math.min(matches.with, matches.without)).toBeGreaterThan(3_000);
      for (const { with: withSegments, without, difference, low, high } of [
        measured.firstVisit,
        measured.firstThreeVisits,
        measured.allVisits,
      ]) {
        expect(difference).toBeCloseTo(withSegments - without, 12);
        expect([low < high, withSegments > 0.6, without > 0.6]).toEqual([true, true, true]); // evenly chosen coupons earn 0.579
      }
    }
  }, 120_000);

  it('tells people the curve, the difference and what it shows', async () => {
    const { code, out } = await segments(['effect', '--seeds', '1', '--coordinates', '0']);
    expect(code).toBe(0);
    expect(out).toMatch(
      /587 visitors[^]*every trait[^]*1 to 74[^]*all visitors, first visit[^]*without [▁▂▃▄▅▆▇█]{8} {2}with [▁▂▃▄▅▆▇█]{8}/,
    );
    expect(out).toMatch(
      /first visit: (segments help, shown|segments hurt, shown|no difference shown); better with segments in [01] of 1 order\n {2}other people in the same order: [+-]0\.\d+ to/,
    );
    expect(out).toContain('docs/guides/segment-effect.md');
  }, 120_000);

  it.each([[['--seeds', '0']], [['--seeds', 'many']], [['--coordinates', '5']], [['--nonsense']]])(
    'is a wrong call with %j',
    async (args) => {
      expect(await segments(['effect', ...args])).toMatchObject({ code: 2, out: '', talk: expect.stringContaining('--help') });
    },
  );

  it.each([
    ['a policy that reads no context', ['--policy', 'beta-thompson'], 'BAD_USER_INPUT'],
    ['a policy that does not exist', ['--policy', 'oracle'], 'UNKNOWN_POLICY'],
    ['parameters that are no JSON', ['--params', '{'], 'BAD_USER_INPUT'],
  ])('refuses %s by its code', async (_what, args, expected) => {
    const { code, out } = await segments(['effect', ...args, '--json']);
    expect([code, JSON.parse(out)]).toMatchObject([1, { error: { code: expected } }]);
  });

  it('stops when it is told to, and says how far it came', async () => {
    const { code, talk } = await segments(['effect'], AbortSignal.abort());
    expect([code, talk]).toEqual([1, expect.stringMatching(/SHUTTING_DOWN: stopped after 0 of 836080 rounds/)]);
  });
});
