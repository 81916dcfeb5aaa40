import { DEFAULT_TRAINING_SETTINGS } from '../training-run';
import { judgeCandidate } from './judge-candidate';
import type { GateEvidence } from './measure-candidate';

const RULES = { minSilhouette: 0.1, minShare: 0.05, minStability: 0.6, maxInertiaGrowth: 0.25, margin: 0.02, responseMargin: 0.005 };
/** Stands exactly on every limit. */
const SOUND: GateEvidence = {
  ...{ heldOutRows: 1_000, silhouette: 0.4, liveSilhouette: 0.42, responseGain: 0.025, liveResponseGain: 0.03, stability: 0.6 },
  ...{
    spreadPerRow: 1.25,
    spreadStandardError: 0,
    responseAuc: null,
    trainSpreadPerRow: 1,
    trainedRows: 5_000,
    smallestTrainShare: 0.05,
    smallestHeldOutShare: 0.025,
  },
};
const judge = (over: Partial<GateEvidence> = {}) => judgeCandidate({ ...SOUND, ...over }, RULES);

describe('judgeCandidate', () => {
  it('accepts a candidate that stands exactly on every limit, and the first of all', () => {
    expect(judge()).toBeNull();
    expect(judge({ liveSilhouette: null, responseGain: null, liveResponseGain: null })).toBeNull();
  });

  it.each<[string, Partial<GateEvidence>, Partial<GateEvidence>]>([
    ['NO_STRUCTURE', { silhouette: 0.1, liveSilhouette: null }, { silhouette: 0.0999, liveSilhouette: null }],
    ['SEGMENT_TOO_SMALL', { smallestTrainShare: 0.05 }, { smallestTrainShare: 0.0499 }],
    ['SEGMENT_TOO_SMALL', { smallestHeldOutShare: 0.025 }, { smallestHeldOutShare: 0.0249 }],
    ['SEGMENT_TOO_SMALL', { trainedRows: 200 }, { trainedRows: 189 }],
    ['UNSTABLE', { stability: 0.6 }, { stability: 0.5999 }],
    ['DOES_NOT_HOLD', { spreadPerRow: 1.25 }, { spreadPerRow: 1.2501 }],
    ['TELLS_LESS_THAN_LIVE', { responseGain: 0.0251 }, { responseGain: 0.0249 }],
    ['WORSE_THAN_LIVE', { liveSilhouette: 0.42 }, { liveSilhouette: 0.4201 }],
  ])('holds %s to its limit', (rule, within, beyond) => {
    expect(judge(within)).toBeNull();
    expect(judge(beyond)).toMatch(new RegExp(`^${rule}: .*\\d`));
  });

  it('takes a spread above the limit for chance where its standard error allows it', () => {
    expect(judge({ spreadPerRow: 1.3, spreadStandardError: 0.04 })).toBeNull();
    expect(judge({ spreadPerRow: 1.3, spreadStandardError: 0.02 })).toMatch(/^DOES_NOT_HOLD/);
  });

  it('draws no conclusion about shares from a handful of held-out rows', () => {
    expect(judge({ heldOutRows: 199, smallestHeldOutShare: 0 })).toBeNull();
    expect(judge({ heldOutRows: 200, smallestHeldOutShare: 0 })).toMatch(/^SEGMENT_TOO_SMALL/);
  });

  it('lets the response outweigh looks: what clearly tells more may group worse, what looks better may not tell less', () => {
    expect(judge({ silhouette: 0.2, responseGain: 0.0351 })).toBeNull();
    expect(judge({ silhouette: 0.2, responseGain: 0.0349 })).toMatch(/^WORSE_THAN_LIVE/);
    expect(judge({ silhouette: 0.9, responseGain: 0.01 })).toMatch(/^TELLS_LESS_THAN_LIVE/);
  });

  it('does not compare responses where one side is not known', () => {
    expect(judge({ responseGain: null })).toBeNull();
    expect(judge({ responseGain: -1, liveResponseGain: null })).toBeNull();
    expect(judge({ silhouette: 0.2, responseGain: 0.9, liveResponseGain: null })).toMatch(/^WORSE_THAN_LIVE/);
  });

  it('names the first rule that is broken, the most telling one', () => {
    expect(judge({ silhouette: 0, stability: 0, smallestTrainShare: 0, responseGain: -1 })).toMatch(/^NO_STRUCTURE/);
  });

  it('has rules by default that a sound model passes', () => {
    const { gate } = DEFAULT_TRAINING_SETTINGS;
    expect(judgeCandidate({ ...SOUND, stability: 0.9 }, gate)).toBeNull();
  });
});
