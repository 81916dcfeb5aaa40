import type { DemoOutcome } from './play-demo';
import { summaryLines, summaryOf } from './summary';

const estimate = (value: number, half: number) => ({
  value,
  se: half / 2,
  lower: value - half,
  upper: value + half,
  clusters: 10,
});

function outcome(secondHalfMinusBestFixedOrder: { readonly value: number; readonly half: number }): DemoOutcome {
  const same = estimate(0.7, 0.01);
  return {
    seed: 1,
    play: {
      report: {
        interactions: 100,
        supported: 90,
        matched: 50,
        estimates: { policy: same, policySecondHalf: same, uniform: same, bestFixedOrder: same, log: same },
        policyMinusUniform: estimate(0.1, 0.02),
        policyMinusBestFixedOrder: estimate(-0.01, 0.005),
        secondHalfMinusBestFixedOrder: estimate(secondHalfMinusBestFixedOrder.value, secondHalfMinusBestFixedOrder.half),
        bestOrder: ['coffee'],
        rawAcceptance: 0.7,
      },
      events: { accepted: 1, duplicate: 0, quarantined: 0, lost: 0 },
      clickToDecisionMs: { p50: 1, p99: 2, probes: 3 },
      stateRevision: 4,
      degraded: 0,
    },
    segments: { modelVersion: 1, segments: [], refusal: null },
    cleaning: { bot: 0, currency: 12 },
  };
}

/** Cells of the row that begins with this text. */
function row(lines: readonly string[], label: string): readonly string[] {
  const line = lines
    .join('\n')
    .split('\n')
    .find((text) => text.includes(` ${label} `));
  return (line ?? '')
    .split('│')
    .map((cell) => cell.trim())
    .filter((cell) => cell !== '');
}

describe('the summary of npm start', () => {
  it('calls a difference shown only where its interval lies above 0', () => {
    const shown = summaryLines(summaryOf(outcome({ value: 0.02, half: 0.019 })));
    expect(row(shown, 'second half - best fixed order')).toEqual(['second half - best fixed order', '+0.020', '+0.001 to +0.039', 'shown']);
    expect(row(shown, 'policy - uniform').at(-1)).toBe('shown');
    expect(row(shown, 'policy - best fixed order').at(-1)).toBe('not shown');
    const open = summaryLines(summaryOf(outcome({ value: 0.02, half: 0.021 })));
    expect(row(open, 'second half - best fixed order').at(-1)).toBe('not shown');
    expect(row(open, 'the policy, second half')).toHaveLength(3);
  });

  it('reports what each cleaning rule did, nothing included', () => {
    const summary = summaryOf(outcome({ value: 0, half: 1 }));
    expect(summary.cleaning).toEqual({ bot: 0, currency: 12 });
    expect(row(summaryLines(summary), 'bot')).toEqual(['bot', '0']);
    expect(row(summaryLines(summary), 'currency')).toEqual(['currency', '12']);
  });

  it('reports the differences with their intervals', () => {
    const summary = summaryOf(outcome({ value: 0.02, half: 0.019 }));
    expect(summary.secondHalfMinusBestFixedOrder).toEqual({ value: 0.02, lower: 0.02 - 0.019, upper: 0.02 + 0.019 });
    expect(Object.keys(summary)).toEqual(
      expect.arrayContaining(['policyMinusUniform', 'policyMinusBestFixedOrder', 'secondHalfMinusBestFixedOrder']),
    );
  });
});
