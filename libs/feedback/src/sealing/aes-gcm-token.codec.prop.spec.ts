import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { bannerId, decisionId, invariant, placementId, policyVersionId, uuidFromBytes, visitorHash } from '@vitrine/kernel';
import { quantise } from '../domain/quantisation';
import { DAY_MS, TOKEN_CHARS } from '../domain/token-layout';
import { LAYERS, type SealedDecision } from '../domain/types';
import { createTokenCodec } from './aes-gcm-token.codec';

const NOW = Date.UTC(2026, 10, 24, 2);
const HOUR_MS = 3_600_000;
const ring = (...ids: number[]) => ids.map((id) => ({ id, key: new Uint8Array(32).fill(id + 1) }));
const codec = createTokenCodec({ keys: ring(3), maxAgeMs: HOUR_MS });

const hex = (min: number) => fc.uint8Array({ minLength: min, maxLength: min });
const catalogId = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/);
const uint48 = fc.integer({ min: 0, max: 2 ** 48 - 1 });
const values = fc.double({ min: -5, max: 5, noNaN: true });
const decisions = fc
  .record({
    id: hex(16),
    hash: hex(16),
    placement: catalogId,
    banner: catalogId,
    slot: fc.integer({ min: 0, max: 255 }),
    layer: fc.constantFrom(...LAYERS),
    propensity: fc.double({ min: 1e-9, max: 1, noNaN: true }),
    policy: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    state: uint48,
    catalog: uint48,
    age: fc.integer({ min: 0, max: HOUR_MS }),
    context: fc.float64Array({ minLength: 0, maxLength: 256, noNaN: true, min: -5, max: 5 }),
  })
  .map((raw): SealedDecision => {
    const placement = placementId(raw.placement);
    return {
      decisionId: decisionId(uuidFromBytes(raw.id)),
      placementId: placement,
      slot: raw.slot,
      bannerId: bannerId(raw.banner),
      layer: raw.layer,
      propensity: raw.propensity,
      policyVersionId: policyVersionId(placement, raw.policy),
      stateRevision: raw.state,
      catalogRevision: raw.catalog,
      visitorHash: visitorHash(Buffer.from(raw.hash).toString('hex')),
      decidedAt: NOW - raw.age,
      context: quantise(raw.context),
    };
  });
function oneOf(): SealedDecision {
  const [decision] = fc.sample(decisions, { numRuns: 1, seed: 42 });
  invariant(decision !== undefined, 'a sample has a member');
  return decision;
}

describe('the token codec', () => {
  it('opens what it sealed, to the last bit, in a text of one length', () => {
    fc.assert(
      fc.property(decisions, (decision) => {
        const token = codec.seal(decision);
        expect(token).toHaveLength(TOKEN_CHARS);
        expect(codec.open(token, NOW)).toEqual({ ok: true, value: decision });
      }),
    );
  });

  it('refuses a token in which any byte was edited in any way', () => {
    const bytes = Buffer.from(codec.seal(oneOf()), 'base64url');
    for (let at = 0; at < bytes.length; at++) {
      for (const flip of [0x01, 0x80, 0xff]) {
        const edited = Buffer.from(bytes);
        edited[at] = (edited[at] ?? 0) ^ flip;
        expect(codec.open(edited.toString('base64url'), NOW)).toEqual({ ok: false, error: 'TOKEN_INVALID' });
      }
    }
  });

  it('refuses every other spelling of the same bytes', () => {
    const token = codec.seal(oneOf());
    const spellings = [
      `${token}=`,
      ` ${token}`,
      `${token}\n`,
      token.replaceAll('-', '+').replaceAll('_', '/'),
      `${token.slice(0, -1)}*`,
      token.slice(0, -4),
      `${token}AAAA`,
      '',
    ].filter((spelling) => spelling !== token);
    for (const spelling of spellings) expect(codec.open(spelling, NOW)).toEqual({ ok: false, error: 'TOKEN_INVALID' });
  });

  it('refuses noise of the right length', () => {
    const noise = randomBytes((TOKEN_CHARS / 4) * 3).toString('base64url');
    expect(codec.open(noise, NOW)).toEqual({ ok: false, error: 'TOKEN_INVALID' });
  });

  it('lets a token expire after its age, never before, and calls an old forgery forged', () => {
    const decision = { ...oneOf(), decidedAt: NOW };
    const token = codec.seal(decision);
    expect(codec.open(token, NOW + HOUR_MS).ok).toBe(true);
    expect(codec.open(token, NOW + HOUR_MS + 1)).toEqual({ ok: false, error: 'TOKEN_EXPIRED' });
    const forged = Buffer.from(codec.seal({ ...decision, decidedAt: NOW - 40 * DAY_MS }), 'base64url');
    forged[200] = (forged[200] ?? 0) ^ 1;
    expect(codec.open(forged.toString('base64url'), NOW)).toEqual({ ok: false, error: 'TOKEN_INVALID' });
  });

  it('opens tokens of retired keys while they are in the ring, and none of a key that left it', () => {
    const decision = oneOf();
    const old = createTokenCodec({ keys: ring(1), maxAgeMs: HOUR_MS });
    const rotated = createTokenCodec({ keys: ring(2, 1), maxAgeMs: HOUR_MS });
    expect(rotated.open(old.seal(decision), NOW)).toEqual({ ok: true, value: decision });
    expect(old.open(rotated.seal(decision), NOW)).toEqual({ ok: false, error: 'TOKEN_INVALID' });
  });

  it('never seals the same decision to the same text', () => {
    const decision = oneOf();
    const tokens = new Set(Array.from({ length: 2_000 }, () => codec.seal(decision)));
    expect(tokens.size).toBe(2_000);
  });
});

describe('quantisation', () => {
  it('is exact on what it made: quantising again changes nothing', () => {
    fc.assert(
      fc.property(fc.array(values, { maxLength: 256 }), (list) => {
        const { steps } = quantise(Float64Array.from(list));
        const again = quantise(Float64Array.from(steps, (step) => step / 32));
        expect(again.steps).toEqual(steps);
      }),
    );
  });

  it('keeps the 95 largest of a long context, the lower index first among equals', () => {
    const x = Float64Array.from({ length: 256 }, (_, i) => (i >= 200 ? 2 : 1));
    const { steps } = quantise(x);
    const kept = [...steps.keys()].filter((i) => steps[i] !== 0);
    expect(kept).toEqual([...Array.from({ length: 39 }, (_, i) => i), ...Array.from({ length: 56 }, (_, i) => 200 + i)]);
  });

  it('clamps what is too large and refuses what is not finite', () => {
    expect([...quantise(Float64Array.of(99, -99, 0.02, -0.01)).steps]).toEqual([127, -127, 1, 0]);
    expect(() => quantise(Float64Array.of(Number.NaN))).toThrow(expect.objectContaining({ code: 'FEATURE_VALUE_INVALID' }));
  });
});
