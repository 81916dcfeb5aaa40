import Table from 'cli-table3';
import { SMALLEST_SEGMENT } from '@vitrine/profile';
import type { SegmentModel, SegmentRate, SegmentSummary, TrainingRun } from '@vitrine/segment';
import type { ShopperTraining } from './train-on-shoppers';
import { bar } from '../terminal-plot';

const PLAIN = { head: [], border: [], compact: true };
const SENTENCE_WIDTH = 64;
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const rateText = ({ value, low, high }: Pick<SegmentRate, 'value' | 'low' | 'high'>): string =>
  `${percent(value)} (${percent(low)} to ${percent(high)})`;

/** Breaks the sentences of one column over lines. */
const wrapped = (column: number) => ({ wordWrap: true, colWidths: [...Array.from({ length: column }, () => null), SENTENCE_WIDTH] });

/** The outcome of training on the shop sessions, for people. */
export function shopperLines({ data, response, segments, rateRatio, stability, leastStability, configuration, gate }: ShopperTraining) {
  const table = new Table({ head: ['segment', 'share', 'bought (95 %)', '', 'what sets it apart'], style: PLAIN, ...wrapped(4) });
  const most = Math.max(...segments.map(({ rate }) => rate));
  for (const { id, share, rate, rateLow, rateHigh, description } of segments) {
    table.push([id, percent(share), rateText({ value: rate, low: rateLow, high: rateHigh }), bar(rate, most), description]);
  }
  const reference = response.referenceAuc === null ? 'could not be fitted here' : response.referenceAuc.toFixed(4);
  const { algorithm, segments: number, scaling, dimensions } = configuration;
  return [
    `${data.trainSessions} sessions of February to October train, ${data.testSessions} of ${data.testMonths.join(' and ')} judge`,
    '',
    `purchase, ROC AUC: ${response.auc.toFixed(4)} (${response.aucLow.toFixed(4)} to ${response.aucHigh.toFixed(4)}), ${response.model}`,
    `  scikit-learn's histogram gradient boosting, same columns: ${reference}`,
    `  with the leaking column: ${response.aucWithLeak.toFixed(4)}; ${response.leak}`,
    '',
    `${number} segments by ${algorithm} (${scaling} scaling, ${dimensions} dimensions), of the test sessions:`,
    table.toString(),
    `highest rate ${rateRatio.toFixed(1)} times the lowest; adjusted Rand index under resampling ${stability.toFixed(3)} (least ${leastStability.toFixed(3)})`,
    gate.refusal === null ? 'the gate would publish it' : `the gate would refuse it: ${gate.refusal}`,
  ];
}

/** Segments as they may be shown: groups too small to speak of have neither size nor rate. */
export function shownSegments(segments: readonly SegmentSummary[]): readonly SegmentSummary[] {
  return segments.map((segment) => ({
    ...segment,
    size: shownCount(segment.size),
    rate: segment.rate === null || segment.rate.people < SMALLEST_SEGMENT ? null : segment.rate,
  }));
}

/** A run as it may be shown: how many were assigned to a group is its size; whom it came to is nobody's business. */
export function shownRun<R extends Pick<TrainingRun, 'assigned'>>(run: R): Omit<R, 'assigned'> & Pick<TrainingRun, 'assigned'> {
  const assigned = Object.entries(run.assigned).map(([partition, { done, counts }]) => {
    const shown = Object.entries(counts).map(([id, count]) => [id, shownCount(count)] as const);
    return [partition, { after: null, done, counts: Object.fromEntries(shown) }] as const;
  });
  return { ...run, assigned: Object.fromEntries(assigned) };
}

const shownCount = (people: number): number => (people < SMALLEST_SEGMENT ? 0 : people);

/** A version's segments, for people. Groups too small to speak of have neither size nor rate. */
export function modelLines({ segments, response }: Pick<SegmentModel, 'segments' | 'response'>): readonly string[] {
  const table = new Table({ head: ['segment', 'name', 'share', 'responds (95 %)', 'what sets it apart'], style: PLAIN, ...wrapped(4) });
  for (const { id, name, share, rate, description } of shownSegments(segments)) {
    table.push([id, name, percent(share), rate === null ? 'not known' : rateText(rate), description]);
  }
  const judged = response === null ? [] : [`response model: ROC AUC ${response.auc.toFixed(3)} on ${response.people} held-out people`];
  return [table.toString(), ...judged];
}
