import type { Clock, VisitorHash } from '@vitrine/kernel';
import type { ProfileWatcher, SegmentMembership } from '@vitrine/profile';
import { LRUCache } from 'lru-cache';
import type { RememberedSegment, SegmentMemory } from '../application/ports';

/** How long a reading of a profile is believed, should every word of its change be lost. */
const TTL_MS = 15 * 60_000;
/** Changed profiles whose revision is known: more than change while one is being loaded. */
const MAX_FLOORS = 20_000;

/**
 * Segments of visitors in memory, far smaller than their profiles, so that they outlive them: whoever left the cache of profiles is still
 * known by segment when the database cannot be asked. Let go of by profile as soon as that changes, since the change may be a revocation.
 */
export class RememberedSegments implements SegmentMemory, ProfileWatcher {
  private readonly visitors: LRUCache<VisitorHash, RememberedSegment>;
  /** Visitors that are held, by profile. */
  private readonly visitorsOf = new Map<string, readonly VisitorHash[]>();
  /** Lowest revision that may still be remembered, per profile that changed: a load under way may yet bring an older one. */
  private readonly floors = new LRUCache<string, number>({ max: MAX_FLOORS });

  /** @param maxVisitors held at most; beyond, the one is forgotten who was read least recently */
  constructor(clock: Clock, maxVisitors: number) {
    this.visitors = new LRUCache({
      max: maxVisitors,
      ttl: TTL_MS,
      ttlResolution: 0,
      perf: { now: () => clock.now() },
      dispose: ({ profileId }, visitor) => this.unlink(profileId, visitor),
    });
  }

  /** Visitors held. */
  get size(): number {
    return this.visitors.size;
  }

  remember(visitor: VisitorHash, known: RememberedSegment): void {
    if (known.revision < (this.floors.get(known.profileId) ?? 0)) return;
    const relinks = this.visitors.peek(visitor)?.profileId !== known.profileId;
    this.visitors.set(visitor, known, { noDisposeOnSet: !relinks }); // unlinks what was held, so that linking comes after
    if (!relinks) return;
    const linked = this.visitorsOf.get(known.profileId) ?? [];
    this.visitorsOf.set(known.profileId, [...linked.filter((other) => other !== visitor), visitor]);
  }

  recall(visitor: VisitorHash): SegmentMembership | null {
    return this.visitors.get(visitor)?.segment ?? null;
  }

  forget(visitor: VisitorHash): void {
    this.visitors.delete(visitor);
  }

  changed(profileId: string, revision: number): void {
    if (revision > (this.floors.get(profileId) ?? 0)) this.floors.set(profileId, revision);
    for (const visitor of this.visitorsOf.get(profileId) ?? []) {
      const held = this.visitors.peek(visitor);
      if (held === undefined || held.revision < revision) this.visitors.delete(visitor);
    }
  }

  lostTrack(): void {
    this.visitors.clear();
  }

  private unlink(profileId: string, visitor: VisitorHash): void {
    const left = this.visitorsOf.get(profileId)?.filter((other) => other !== visitor) ?? [];
    if (left.length > 0) this.visitorsOf.set(profileId, left);
    else this.visitorsOf.delete(profileId);
  }
}
