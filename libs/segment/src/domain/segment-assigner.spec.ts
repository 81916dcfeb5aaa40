import { aSegment, aSegmentModel } from '../testing/segment.fixture';
import { createAssigner } from './segment-assigner';
import { benchAssigner } from './segment-assigner.bench';

describe('createAssigner', () => {
  const model = aSegmentModel();
  const assigner = createAssigner(model);

  it('gives the segment whose middle is nearest, the first of equals, and fills what is not a number', () => {
    expect([-3, -0.1, 0, 0.1, 9].map((x) => assigner.assign(Float64Array.of(x)))).toEqual(['seg-0', 'seg-0', 'seg-0', 'seg-1', 'seg-1']);
    expect(assigner.assign(Float64Array.of(Number.NaN))).toBe('seg-0');
    expect(assigner.assign(Float64Array.of(Number.POSITIVE_INFINITY))).toBe('seg-0'); // a missing value, filled with 0
  });

  it('says where somebody stands, in an array of their own', () => {
    const [one, other] = [assigner.place(Float64Array.of(2)), assigner.place(Float64Array.of(-5))];
    expect(one).toEqual({ segmentId: 'seg-1', embedding: Float64Array.of(2) });
    expect(other).toEqual({ segmentId: 'seg-0', embedding: Float64Array.of(-5) });
    expect([assigner.width, assigner.modelVersion]).toEqual([1, 1]);
  });

  it('knows the middle of each of its segments, and of no other', () => {
    const middle = assigner.middleOf('seg-1');
    expect(middle).toEqual(Float64Array.of(1));
    middle?.fill(7);
    expect(assigner.middleOf('seg-1')).toEqual(Float64Array.of(1));
    expect(assigner.middleOf('seg-9')).toBeNull();
  });

  it('assigns by density where the groups are a mixture', () => {
    const middles = [[-1], [1]];
    const mixture = createAssigner({
      ...model,
      clusterer: { kind: 'GAUSSIAN_MIXTURE', middles, weights: [0.5, 0.5], variances: [[16], [0.01]] },
    });
    expect([0.9, 1.2, 5, -1].map((x) => mixture.assign(Float64Array.of(x)))).toEqual(['seg-1', 'seg-1', 'seg-0', 'seg-0']);
    const rare = createAssigner({
      ...model,
      clusterer: { kind: 'GAUSSIAN_MIXTURE', middles, weights: [0.001, 0.999], variances: [[1], [1]] },
    });
    expect(rare.assign(Float64Array.of(-0.9))).toBe('seg-1');
  });

  it('takes less than 20 microseconds', () => {
    expect(benchAssigner(50_000).assignMicros).toBeLessThan(20);
  });

  it('refuses features of another shape, groups without a name and pipelines of another version', () => {
    expect(() => assigner.assign(new Float64Array(2))).toThrow('features match the model');
    expect(() => createAssigner({ ...model, segments: [aSegment()] })).toThrow('a model names each of its groups');
    const pipeline = JSON.parse(JSON.stringify({ ...model.pipeline, version: 2 }));
    expect(() => createAssigner({ ...model, pipeline })).toThrow(expect.objectContaining({ code: 'PIPELINE_VERSION_MISMATCH' }));
  });
});
