import { visitorHash, type VisitorHash } from '@vitrine/kernel';
import { fakeClock } from '@vitrine/testing';
import type { RememberedSegment } from '../application/ports';
import { RememberedSegments } from './remembered-segments';

const FIFTEEN_MINUTES_MS = 15 * 60_000;
const hash = (n: number): VisitorHash => visitorHash(n.toString(16).padStart(32, '0'));
const [ANN, ANNS_PHONE, BOB] = [hash(1), hash(2), hash(3)];
const IN_FIRST = { segmentId: 'seg-1', modelVersion: 4 };

function known(profileId: string, revision: number, segment = IN_FIRST): RememberedSegment {
  return { profileId, revision, segment };
}

function setUp(maxVisitors = 100) {
  const clock = fakeClock();
  return { clock, memory: new RememberedSegments(clock, maxVisitors) };
}

describe('RememberedSegments', () => {
  it('remembers the last segment of a visitor', () => {
    const { memory } = setUp();
    expect(memory.recall(ANN)).toBeNull();
    memory.remember(ANN, known('p1', 1));
    memory.remember(ANN, known('p1', 2, { segmentId: 'seg-2', modelVersion: 5 }));
    expect(memory.recall(ANN)).toEqual({ segmentId: 'seg-2', modelVersion: 5 });
    expect(memory.recall(BOB)).toBeNull();
  });

  it('forgets a quarter of an hour after the profile was last read', () => {
    const { clock, memory } = setUp();
    memory.remember(ANN, known('p1', 1));
    clock.advance(FIFTEEN_MINUTES_MS - 1);
    expect(memory.recall(ANN)).toEqual(IN_FIRST);
    memory.remember(ANN, known('p1', 1));
    clock.advance(FIFTEEN_MINUTES_MS);
    expect(memory.recall(ANN)).toEqual(IN_FIRST);
    clock.advance(1); // recalling is no reading
    expect(memory.recall(ANN)).toBeNull();
  });

  it('forgets every visitor of a profile that changed, and nobody else', () => {
    const { memory } = setUp();
    for (const visitor of [ANN, ANNS_PHONE]) memory.remember(visitor, known('p1', 1));
    memory.remember(BOB, known('p2', 1));
    memory.changed('p1', 2);
    expect([ANN, ANNS_PHONE, BOB].map((visitor) => memory.recall(visitor))).toEqual([null, null, IN_FIRST]);
    expect(memory.size).toBe(1);
  });

  it('keeps what was read after the change, and takes nothing that was read before it', () => {
    const { memory } = setUp();
    memory.remember(ANN, known('p1', 2));
    memory.changed('p1', 2);
    expect(memory.recall(ANN)).toEqual(IN_FIRST);
    memory.changed('p1', 3);
    memory.remember(ANN, known('p1', 2)); // a load that was under way
    expect(memory.recall(ANN)).toBeNull();
    memory.changed('p1', 1); // notices may overtake each other
    memory.remember(ANN, known('p1', 2));
    expect(memory.recall(ANN)).toBeNull();
    memory.remember(ANN, known('p1', 3));
    expect(memory.recall(ANN)).toEqual(IN_FIRST);
  });

  it('goes by the profile that a visitor belongs to now', () => {
    const { memory } = setUp();
    memory.remember(ANN, known('p1', 1));
    memory.remember(ANN, known('p2', 1));
    memory.changed('p1', 9);
    expect(memory.recall(ANN)).toEqual(IN_FIRST);
    memory.changed('p2', 2);
    expect(memory.recall(ANN)).toBeNull();
  });

  it('still knows whose profile changed after one of its visitors ran out and came back', () => {
    const { clock, memory } = setUp();
    const again = known('p1', 1);
    memory.remember(ANN, again);
    clock.advance(FIFTEEN_MINUTES_MS + 1);
    memory.remember(ANN, again);
    memory.changed('p1', 2);
    expect(memory.recall(ANN)).toBeNull();
  });

  it('forgets one visitor, or all of them', () => {
    const { memory } = setUp();
    for (const visitor of [ANN, ANNS_PHONE, BOB]) memory.remember(visitor, known('p1', 1));
    memory.forget(ANN);
    expect([ANN, BOB].map((visitor) => memory.recall(visitor))).toEqual([null, IN_FIRST]);
    memory.lostTrack();
    expect([ANNS_PHONE, BOB].map((visitor) => memory.recall(visitor))).toEqual([null, null]);
    memory.remember(BOB, known('p1', 1));
    memory.changed('p1', 2);
    expect(memory.recall(BOB)).toBeNull();
  });

  it('holds no more than it may, and forgets those first who were read least recently', () => {
    const { memory } = setUp(3);
    for (let i = 0; i < 10; i++) memory.remember(hash(i), known(`p${i}`, 1));
    expect(memory.size).toBe(3);
    expect(memory.recall(hash(6))).toBeNull();
    for (let i = 7; i < 10; i++) expect(memory.recall(hash(i))).toEqual(IN_FIRST);
    memory.changed('p9', 2);
    expect(memory.size).toBe(2);
  });
});
