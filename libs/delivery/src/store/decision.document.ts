import { bannerId, decisionId, placementId, parsePolicyVersionId, policyVersionId, visitorHash } from '@vitrine/kernel';
import { REJECTION_REASONS } from '@vitrine/catalog';
import { LAYERS } from '@vitrine/feedback';
import { z } from 'zod';
import { CONSENT_TIERS, LADDER_STEPS, SELECTIONS, type DecisionRecord } from '../domain/types';
import { branded } from './branded-text';

const base64 = z.string().transform((text) => Buffer.from(text, 'base64'));
const doubles = base64.transform((bytes) => Float64Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readDoubleLE(8 * i)));
const steps = base64.transform((bytes) => Int8Array.from(bytes));
const seed = z
  .array(z.number().int().min(0).max(0xffffffff))
  .length(4)
  .transform((words) => Uint32Array.from(words));
const version = branded((text) => {
  const { placementId: placement, number } = parsePolicyVersionId(text);
  return policyVersionId(placement, number);
});
const banner = branded(bannerId);

/** A decision record as text: in the queue and in the database. Vectors are base64 of their little-endian bytes, so every bit survives. */
const row = z.object({
  id: branded(decisionId),
  groupId: z.string(),
  placementId: branded(placementId),
  decidedAt: z.number(),
  visitorHash: branded(visitorHash).nullable(),
  consentTier: z.enum(CONSENT_TIERS),
  ladderStep: z.enum(LADDER_STEPS),
  degraded: z.boolean(),
  layer: z.enum(LAYERS),
  policyVersionId: version.nullable(),
  stateRevision: z.number(),
  catalogRevision: z.number(),
  segmentId: z.string().nullable(),
  segmentModelVersion: z.number().nullable(),
  device: z.string(),
  eligible: z.array(z.object({ bannerId: banner, pacing: z.number() })),
  rejected: z.array(z.object({ bannerId: banner, reason: z.enum(REJECTION_REASONS) })),
  distribution: doubles,
  // Absent from rows that were written before there were shadows and sticky draws.
  shadowDistribution: doubles.nullable().default(null),
  selection: z.enum(SELECTIONS).default('DRAW'),
  steps,
  seed,
  slots: z.array(z.object({ bannerId: banner, creativeId: z.string(), propensity: z.number() })),
});

export type DecisionRow = z.input<typeof row>;

/** What a job of the queue `decision-log` carries. */
export const decisionChunkSchema = z.object({ rows: z.array(row) });
export interface DecisionChunk {
  readonly rows: readonly DecisionRow[];
}

export function toDecisionRow(record: DecisionRecord): DecisionRow {
  const { distribution, shadowDistribution, steps: context } = record;
  return {
    ...record,
    eligible: record.eligible.map(({ bannerId: id, pacing }) => ({ bannerId: id, pacing })),
    rejected: record.rejected.map(({ bannerId: id, reason }) => ({ bannerId: id, reason })),
    slots: record.slots.map((slot) => ({ ...slot })),
    distribution: base64Of(distribution),
    shadowDistribution: shadowDistribution === null ? null : base64Of(shadowDistribution),
    steps: Buffer.from(context.buffer, context.byteOffset, context.byteLength).toString('base64'),
    seed: Array.from(record.seed),
  };
}

function base64Of(values: Float64Array): string {
  const bytes = Buffer.alloc(8 * values.length);
  values.forEach((value, index) => bytes.writeDoubleLE(value, 8 * index));
  return bytes.toString('base64');
}

/** @throws ZodError when the row is none of ours */
export function parseDecisionRow(value: unknown): DecisionRecord {
  return row.parse(value);
}

/** A document of `decisions`. */
export interface DecisionDocument extends Omit<DecisionRow, 'id' | 'decidedAt' | 'visitorHash'> {
  readonly _id: string;
  readonly decidedAt: Date;
  readonly expiresAt: Date;
  /** Absent without consent (D7). */
  readonly visitorHash?: string;
}
