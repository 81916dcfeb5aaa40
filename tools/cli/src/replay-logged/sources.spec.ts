import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { invariant } from '@vitrine/kernel';
import type { LoggedSource, SourceDecision } from './logged-source';
import { openBanditSource } from './open-bandit.source';
import { roundsSource } from './rounds.source';

const ROOT = resolve(__dirname, '../../../..');

function first({ decisions }: LoggedSource): SourceDecision {
  const [decision] = decisions;
  invariant(decision !== undefined, 'the log has a decision');
  return decision;
}

describe('the Open Bandit log', () => {
  let men: LoggedSource;
  beforeAll(async () => {
    men = await openBanditSource(ROOT, 'men');
  });

  it('has every item eligible with the propensity of uniform choice', () => {
    for (const { eligible, propensity, reward } of men.decisions) {
      expect([eligible.length, propensity]).toEqual([34, expect.closeTo(1 / 34, 12)]);
      expect([0, 1]).toContain(reward);
    }
  });

  it('shows in its first row what the file says: item 14 in position 3, at its time', () => {
    const { eligible, shown, at, context } = first(men);
    expect([eligible[shown], at]).toEqual(['item-14', Date.parse('2019-11-24T00:03:13.442Z')]);
    // A constant, four features of the visitor and the position, one place for each value: 1 + 3 + 5 + 9 + 8 + 3.
    expect([context.length, context.reduce((sum, value) => sum + value, 0), context[0]]).toEqual([29, 6, 1]);
    expect([...context.subarray(26)]).toEqual([0, 0, 1]);
  });

  it('tells rows of one display apart from others', () => {
    expect(new Set(men.decisions.map(({ cluster }) => cluster)).size).toBe(9_989);
  });

  it('puts items in groups, the feature with the fewest values first', () => {
    const item = first(men).eligible[0];
    invariant(item !== undefined, 'there is an item');
    expect(men.identify(item).groups).toEqual([
      'item_feature_3:795091554fd8f6b4a0ca7df81bf50a64',
      'item_feature_1:ceca20033d7d36b74dc683ddfb804aa7',
      'item_feature_2:eb6f942c01859574cb88d2e62bf84354',
    ]);
  });
});

describe('a directory of rounds', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vitrine-rounds-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is one decision per line: features behind a constant, who was eligible, propensity, cluster and time', async () => {
    writeFileSync(
      join(folder, 'rounds.csv'),
      'cluster,action,note,f1,reward,pscore,eligible,at\nann,b,free text,-3,2.5,0.25,c | b,60000\n',
    );
    const source = await roundsSource(folder);
    expect([source.dimension, source.clusteredBy]).toEqual([2, 'cluster']);
    expect(first(source)).toEqual({
      eligible: ['c', 'b'],
      shown: 1,
      reward: 2.5,
      context: Float64Array.of(1, -3),
      at: 60_000,
      propensity: 0.25,
      cluster: 'ann',
    });
  });

  it('has every action eligible, each row on its own, and a second between rows, where nothing else is said', async () => {
    writeFileSync(join(folder, 'rounds.csv'), 'action,reward,pscore\nb,1,0.5\na,0,0.5\n');
    const { decisions, dimension, caveats } = await roundsSource(folder);
    expect(dimension).toBe(1);
    expect(decisions.map(({ eligible, shown, at, cluster }) => [eligible.join(), shown, at, cluster])).toEqual([
      ['a,b', 1, 0, '0'],
      ['a,b', 0, 1_000, '1'],
    ]);
    expect(caveats.join()).toContain('no column eligible');
  });
});
