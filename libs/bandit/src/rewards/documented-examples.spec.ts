import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseRewardFunction } from './parse-reward-function';
import type { RewardContribution } from './reward-function';
import { rewardOf } from './reward-of';

interface Example {
  readonly reward: unknown;
  readonly attributionWindowMs: number;
  readonly contributions: readonly RewardContribution[];
  readonly earns: number;
}

const page = readFileSync(join(__dirname, '../../../../docs/rewards.md'), 'utf8');
const examples = [...page.matchAll(/```json\n([^]*?)```/g)].map(([, text]): Example => JSON.parse(text ?? ''));

describe('docs/rewards.md', () => {
  it('holds three worked examples', () => {
    expect(examples).toHaveLength(3);
  });

  it.each(examples.map((example, i) => [i + 1, example] as const))('computes example %i as rewards are computed', (_, example) => {
    const rule = parseRewardFunction(example.reward);
    expect(rule).toMatchObject({ ok: true });
    if (rule.ok) expect(rewardOf(example.contributions, rule.value, example.attributionWindowMs)).toBeCloseTo(example.earns, 8);
  });
});
