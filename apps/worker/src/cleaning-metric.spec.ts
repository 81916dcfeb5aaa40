import { Registry } from '@vitrine/platform';
import { createCleaningMetric } from './cleaning-metric';

describe('the metric of cleaning', () => {
  it('adds up what each rule did', async () => {
    const registry = new Registry();
    const count = createCleaningMetric(registry);
    count({ bot: 3 });
    count({ bot: 1, outlier: 2 });
    const text = await registry.metrics();
    expect(text).toContain('vitrine_cleaning_events_total{rule="bot"} 4');
    expect(text).toContain('vitrine_cleaning_events_total{rule="outlier"} 2');
  });
});
