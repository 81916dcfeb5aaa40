import { bannerId, campaignId, decisionId, isErrorCode, placementId, type ErrorCode } from '@vitrine/kernel';
import { DEVICE_CLASSES, MEDIA_TYPES } from '@vitrine/catalog';
import { LAYERS } from '@vitrine/feedback';
import { z } from 'zod';
import type { PageAnswer } from '../application/page-answer';
import { branded } from './branded-text';

const creative = z.object({
  id: z.string(),
  media: z.enum(MEDIA_TYPES),
  width: z.number(),
  height: z.number(),
  devices: z.array(z.enum(DEVICE_CLASSES)),
  locale: z.string().nullable(),
  altText: z.string(),
  url: z.string(),
});

const banner = z.object({
  id: branded(bannerId),
  campaignId: branded(campaignId),
  name: z.string(),
  landingUrl: z.string(),
  category: z.string().nullable(),
  tags: z.array(z.string()),
  priceBand: z.string().nullable(),
  enabled: z.boolean(),
  creatives: z.array(creative),
});

const placement = z.object({
  decisionId: branded(decisionId),
  placementId: branded(placementId),
  layer: z.enum(LAYERS),
  degraded: z.boolean(),
  stateRevision: z.number(),
  slots: z.array(z.object({ position: z.number(), banner, creative, clickUrl: z.string(), token: z.string() })),
});

const failure = z.object({ code: z.custom<ErrorCode>(isErrorCode), placementId: z.string(), feature: z.string().nullable() });

const stored = z.object({
  inputHash: z.string(),
  answer: z.object({
    decisionGroupId: z.string(),
    decisions: z.array(
      z.discriminatedUnion('ok', [z.object({ ok: z.literal(true), value: placement }), z.object({ ok: z.literal(false), error: failure })]),
    ),
  }),
});

/** An answer as it lies in Redis. The banners are in it whole: the same answer is owed even when the catalogue moved on meanwhile. */
export interface StoredAnswer {
  readonly inputHash: string;
  readonly answer: PageAnswer;
}

export function encodeStoredAnswer(value: StoredAnswer): string {
  return JSON.stringify(value);
}

/** Null when the text is none of ours, for instance of an earlier release. */
export function parseStoredAnswer(text: string): StoredAnswer | null {
  try {
    const parsed = stored.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
