import { err, isErrorCode, ok, type ErrorCode, type Result } from '@vitrine/kernel';
import { z } from 'zod';
import type { FeedbackChunk } from '../domain/feedback-chunk';
import { EVENT_TYPES, type IncomingEvent } from '../domain/types';
import { parseIncomingEvent } from './incoming-event.schema';

const errorCode = z.custom<ErrorCode>(isErrorCode);
const event = z.unknown().transform((raw, context): IncomingEvent => {
  const parsed = parseIncomingEvent(raw);
  if (parsed.ok) return parsed.value;
  context.addIssue({ code: 'custom', message: parsed.error });
  return z.NEVER;
});
const feedbackChunk = z.object({
  partition: z.number().int().nonnegative(),
  receivedAt: z.number().int(),
  userAgent: z.string().nullable(),
  signedIn: z.boolean(),
  internal: z.literal(true).exactOptional(),
  events: z.array(event),
  refused: z.array(
    z.object({ eventId: z.string(), rule: z.string(), code: errorCode, type: z.enum(EVENT_TYPES).nullable(), at: z.number().int() }),
  ),
  repeated: z.array(z.string()).exactOptional(),
  redriven: z.array(z.object({ eventId: z.string(), quarantineId: z.string(), rule: z.string() })).exactOptional(),
});
const foldRequest = z.object({ placementId: z.string().min(1) });

/** The payload of a feedback job, as the gateway put it there; the error names the first fault and no value. */
export function parseFeedbackChunk(raw: unknown): Result<FeedbackChunk, string> {
  return named(feedbackChunk.safeParse(raw));
}

/** The payload of a fold job. */
export function parseFoldRequest(raw: unknown): Result<{ readonly placementId: string }, string> {
  return named(foldRequest.safeParse(raw));
}

function named<T>(parsed: z.ZodSafeParseResult<T>): Result<T, string> {
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  return err(`${issue?.path.join('.') ?? ''}: ${issue?.code ?? 'invalid'}`);
}
