import { quickSettings } from '../../testing/segment.fixture';
import { fitSegmentModel } from '../training/fit-segment-model';
import { aFitRequest, PLAIN, plantedResponses, plantedTable } from '../training/planted.fixture';
import { judgeCandidate } from './judge-candidate';
import { measureCandidate, type JudgedModel } from './measure-candidate';

const settings = quickSettings();
const fit = (segments: number, version: number): JudgedModel => ({
  ...fitSegmentModel(aFitRequest({ configuration: { ...PLAIN, segments } })).model,
  version,
});

describe('measureCandidate', () => {
  const [good, poor] = [fit(3, 1), fit(2, 2)];
  const heldOut = plantedTable(300, 3);
  const request = { heldOut, responses: null, candidate: good, live: good, settings };

  it('scores both models on the same rows in the same space, so that a model against itself ties exactly', () => {
    const evidence = measureCandidate(request);
    expect(evidence.liveSilhouette).toBe(evidence.silhouette);
    expect(evidence).toMatchObject({ heldOutRows: 300, responseGain: null, liveResponseGain: null, stability: good.metrics['stability'] });
    expect(evidence.smallestHeldOutShare).toBeCloseTo(1 / 3, 2);
    expect(evidence.spreadPerRow / evidence.trainSpreadPerRow).toBeCloseTo(1, 0);
    expect(judgeCandidate(evidence, settings.gate)).toBeNull();
  });

  it('refuses a candidate that groups worse than the live model, and accepts the reverse', () => {
    expect(judgeCandidate(measureCandidate({ ...request, candidate: poor }), settings.gate)).toMatch(/^WORSE_THAN_LIVE/);
    expect(judgeCandidate(measureCandidate({ ...request, live: poor }), settings.gate)).toBeNull();
  });

  it('measures what both tell of the response of the same people', () => {
    const oneIn = [12, 2, 4];
    const responses = { train: plantedResponses(900, { seed: 1, oneIn }), judge: plantedResponses(600, { seed: 4, oneIn }) };
    const evidence = measureCandidate({ ...request, candidate: poor, responses });
    expect(evidence.liveResponseGain).toBeGreaterThan((evidence.responseGain ?? 1) + settings.gate.responseMargin);
    expect(judgeCandidate(evidence, settings.gate)).toMatch(/^TELLS_LESS_THAN_LIVE/);
    expect(measureCandidate({ ...request, responses }).responseGain).toBe(evidence.liveResponseGain);
  });

  it('sees that groups do not hold for people who are others', () => {
    const far = plantedTable(300, 3);
    const stretched = far.columns.map((column) => ({
      ...column,
      kind: 'NUMERIC' as const,
      values: 'values' in column ? column.values.map((value) => 3 * value - 4) : new Float64Array(far.rows),
    }));
    const evidence = measureCandidate({ ...request, heldOut: { ...far, columns: stretched }, live: null });
    expect(judgeCandidate(evidence, settings.gate)).toMatch(/^DOES_NOT_HOLD/);
  });

  it('does not compare with a model over other features, nor without one', () => {
    const live = { ...good, featureNames: ['x', 'z'] };
    expect(measureCandidate({ ...request, candidate: poor, live })).toMatchObject({ liveSilhouette: null, liveResponseGain: null });
    expect(measureCandidate({ ...request, candidate: poor, live: null }).liveSilhouette).toBeNull();
  });
});
