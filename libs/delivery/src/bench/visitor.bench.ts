import { invariant, visitorHash, visitorId } from '@vitrine/kernel';
import type { Profile } from '@vitrine/profile';
import type { SegmentMemory, SegmentPlacer } from '../application/ports';
import { readVisitor } from '../application/visitor-snapshot';

export interface VisitorTiming {
  /** Profile in memory, consent, segment, coordinates, and the note for worse times. */
  readonly microsPerVisitor: number;
}

export interface VisitorBench {
  readonly profile: Profile;
  /** Null times the same without a live model. */
  readonly placer: SegmentPlacer | null;
  readonly memory: SegmentMemory;
  readonly nowMs: number;
}

/**
 * Times what a page pays to know its visitor, but for hashing the id and looking the profile up. A shell: reads the time itself.
 *
 * @param visitors how many are timed, after a tenth as many to warm up
 */
export async function benchVisitor({ profile, placer, memory, nowMs }: VisitorBench, visitors = 20_000): Promise<VisitorTiming> {
  const person = visitorId('bench');
  const hashes = Array.from({ length: 1_000 }, (_, i) => visitorHash(i.toString(16).padStart(32, '0')));
  let next = 0;
  const deps = {
    profiles: { read: async () => ({ status: 'found', profile }) as const },
    hasher: { hash: () => hashes[next++ % hashes.length] ?? visitorHash('0'.repeat(32)) },
    segments: { current: () => placer },
    memory,
    consentDefault: 'DENIED',
  } as const;
  const run = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      const { personal } = await readVisitor(deps, person, person, nowMs);
      invariant(personal !== null, 'the visitor is known');
    }
  };
  await run(visitors / 10);
  const started = performance.now();
  await run(visitors);
  return { microsPerVisitor: ((performance.now() - started) * 1_000) / visitors };
}
