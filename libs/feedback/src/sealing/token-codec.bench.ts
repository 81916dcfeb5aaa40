import { performance } from 'node:perf_hooks';
import { bannerId, decisionId, placementId, policyVersionId, visitorHash } from '@vitrine/kernel';
import { quantise } from '../domain/quantisation';
import type { SealedDecision } from '../domain/types';
import { createTokenCodec } from './aes-gcm-token.codec';

export interface TokenBenchResult {
  readonly rounds: number;
  readonly sealMicros: number;
  readonly openMicros: number;
}

/** Mean time of sealing and of opening one token with a context of 32 dimensions. */
export function benchTokenCodec(rounds: number): TokenBenchResult {
  const decidedAt = Date.UTC(2026, 0, 5, 12);
  const codec = createTokenCodec({ keys: [{ id: 1, key: new Uint8Array(32).fill(7) }], maxAgeMs: 86_400_000 });
  const placement = placementId('home-hero');
  const decision: SealedDecision = {
    decisionId: decisionId('01890a5d-ac96-774b-bcce-b302099a8057'),
    placementId: placement,
    slot: 0,
    bannerId: bannerId('spring-sale-17'),
    layer: 'EXPLOIT',
    propensity: 0.25,
    policyVersionId: policyVersionId(placement, 3),
    stateRevision: 12_345,
    catalogRevision: 678,
    visitorHash: visitorHash('00112233445566778899aabbccddeeff'),
    decidedAt,
    context: quantise(Float64Array.from({ length: 32 }, (_, i) => i / 16 - 1)),
  };
  const seal = (): string => codec.seal(decision);
  const token = seal();
  const open = (): unknown => codec.open(token, decidedAt);
  return { rounds, sealMicros: meanMicros(seal, rounds), openMicros: meanMicros(open, rounds) };
}

function meanMicros(run: () => unknown, rounds: number): number {
  for (let i = 0; i < rounds / 10; i++) run();
  const start = performance.now();
  for (let i = 0; i < rounds; i++) run();
  return ((performance.now() - start) * 1_000) / rounds;
}
