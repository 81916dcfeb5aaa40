import fc from 'fast-check';
import { inheritIds } from './segment-identity';

const groups = 4;
const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: groups - 1 }), fc.integer({ min: 0, max: 5 })), { maxLength: 60 });
const split = (pairs: readonly (readonly [number, number])[]) => ({
  labels: Int32Array.from(pairs, ([label]) => label),
  live: { segmentIds: pairs.map(([, id]) => `seg-${id}`) },
});

describe('inheritIds', () => {
  it('numbers groups in their order where nothing is live', () => {
    expect(inheritIds(Int32Array.of(0, 1, 2), 3, null, 0)).toEqual({ ids: ['seg-0', 'seg-1', 'seg-2'], nextSegment: 3 });
    expect(inheritIds(Int32Array.of(0, 1), 2, null, 7)).toEqual({ ids: ['seg-7', 'seg-8'], nextSegment: 9 });
  });

  it('never gives one id to two groups, takes only ids that are live, and never a number below the next for people who are new', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 6, max: 20 }), (pairs, nextSegment) => {
        const { labels, live } = split(pairs);
        const { ids, nextSegment: after } = inheritIds(labels, groups, live, nextSegment);
        expect(ids).toHaveLength(groups);
        expect(new Set(ids).size).toBe(groups);
        const fresh = ids.filter((id) => !live.segmentIds.includes(id)).map((id) => Number(id.slice('seg-'.length)));
        expect(fresh).toEqual(Array.from({ length: after - nextSegment }, (_, at) => nextSegment + at));
      }),
    );
  });

  it('does not depend on the order of the rows', () => {
    fc.assert(
      fc.property(rows, (pairs) => {
        const [forward, backward] = [split(pairs), split(pairs.toReversed())];
        expect(inheritIds(backward.labels, groups, backward.live, 9)).toEqual(inheritIds(forward.labels, groups, forward.live, 9));
      }),
    );
  });

  it('keeps the id of a group that is mostly the same people, and of the larger part where one was split', () => {
    const labels = Int32Array.of(1, 1, 1, 1, 0, 0, 2, 2, 2, 0);
    const segmentIds = ['b', 'b', 'b', 'b', 'b', 'b', 'a', 'a', 'a', 'a'].map((id) => `seg-${id}`);
    expect(inheritIds(labels, 3, { segmentIds }, 5)).toEqual({ ids: ['seg-5', 'seg-b', 'seg-a'], nextSegment: 6 });
  });

  it('gives a new number to a group that shares a quarter of its people with nobody', () => {
    const overlapping = (both: number) => {
      const labels = Int32Array.from({ length: 9 }, (_, row) => (row < 5 ? 0 : 1));
      const segmentIds = Array.from(labels, (_, row) => (row >= 5 - both && row < 5 + (4 - both) ? 'seg-a' : `seg-${row}x`));
      return inheritIds(labels, 1, { segmentIds: segmentIds.map((id) => (id.endsWith('x') ? 'seg-rest' : id)) }, 4).ids[0];
    };
    expect(overlapping(2)).toBe('seg-rest'); // 2 of 7 shared with seg-a, 3 of 7 with the rest
    const far = Int32Array.of(0, 0, 0, 0, 0, 0);
    expect(inheritIds(far, 1, { segmentIds: ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => `seg-${id}`) }, 4).ids).toEqual(['seg-4']);
    expect(inheritIds(far.subarray(0, 4), 1, { segmentIds: ['a', 'b', 'c', 'd'].map((id) => `seg-${id}`) }, 4).ids).toEqual(['seg-a']);
  });
});
