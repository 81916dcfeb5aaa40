import { bannerId, decisionId, invariant, placementId, policyVersionId, visitorHash } from '@vitrine/kernel';
import { readContext, writeContext, CONTEXT_BYTES } from './token-context';
import { LAYERS, type SealedDecision } from './types';

/**
 * The bytes of a token. Header, in the clear but authenticated: version 1, key id 1, day 2 (days since the epoch, big-endian),
 * nonce 12. Then the sealed body below and a tag of 16. The length is a multiple of 3, so that base64url has no spare bits.
 */
export const TOKEN_VERSION = 1;
export const NONCE_OFFSET = 4;
export const NONCE_BYTES = 12;
export const HEADER_BYTES = NONCE_OFFSET + NONCE_BYTES;
export const TAG_BYTES = 16;
export const DAY_MS = 86_400_000;

const ID_BYTES = 40;
/** Offset of each field in the body. */
const AT = {
  decision: 0,
  visitor: 16,
  propensity: 32,
  policy: 40,
  state: 44,
  catalog: 50,
  decidedAt: 56,
  slot: 62,
  layer: 63,
  placement: 64,
  banner: 64 + 1 + ID_BYTES,
  context: 64 + 2 * (1 + ID_BYTES),
  reserved: 64 + 2 * (1 + ID_BYTES) + CONTEXT_BYTES,
} as const;
export const BODY_BYTES = AT.reserved + 2;
export const TOKEN_BYTES = HEADER_BYTES + BODY_BYTES + TAG_BYTES;
export const TOKEN_CHARS = (TOKEN_BYTES / 3) * 4;

/** Writes all `BODY_BYTES` of `body`. @param view over the same bytes; both are handed in so that sealing allocates neither */
export function writeBody(decision: SealedDecision, body: Uint8Array, view: DataView): void {
  const at = decision.policyVersionId.lastIndexOf('@');
  writeHex(decision.decisionId, body, AT.decision);
  writeHex(decision.visitorHash, body, AT.visitor);
  view.setFloat64(AT.propensity, decision.propensity);
  view.setUint32(AT.policy, Number(decision.policyVersionId.slice(at + 1)));
  writeUint48(decision.stateRevision, view, AT.state);
  writeUint48(decision.catalogRevision, view, AT.catalog);
  writeUint48(decision.decidedAt, view, AT.decidedAt);
  invariant(decision.slot >= 0 && decision.slot <= 255, 'a slot fits one byte');
  body[AT.slot] = decision.slot;
  body[AT.layer] = LAYERS.indexOf(decision.layer);
  writeId(decision.placementId, body, AT.placement);
  writeId(decision.bannerId, body, AT.banner);
  writeContext(decision.context.steps, body, view, AT.context);
  body[AT.reserved] = 0;
  body[AT.reserved + 1] = 0;
}

/** @throws DomainError or InvariantViolation when the bytes are not a body; cannot happen to bytes that we sealed */
export function readBody(body: Uint8Array, view: DataView): SealedDecision {
  const placement = placementId(readId(body, AT.placement));
  const layer = LAYERS[body[AT.layer] ?? LAYERS.length];
  invariant(layer !== undefined, 'a token names one of the layers');
  return {
    decisionId: decisionId(readUuid(body, AT.decision)),
    placementId: placement,
    slot: body[AT.slot] ?? 0,
    bannerId: bannerId(readId(body, AT.banner)),
    layer,
    propensity: view.getFloat64(AT.propensity),
    policyVersionId: policyVersionId(placement, view.getUint32(AT.policy)),
    stateRevision: readUint48(view, AT.state),
    catalogRevision: readUint48(view, AT.catalog),
    visitorHash: visitorHash(readHex(body, AT.visitor, 16)),
    decidedAt: readUint48(view, AT.decidedAt),
    context: { steps: readContext(body, view, AT.context) },
  };
}

function writeUint48(value: number, view: DataView, offset: number): void {
  invariant(Number.isSafeInteger(value) && value >= 0 && value < 2 ** 48, 'revisions and times fit 48 bits');
  view.setUint16(offset, Math.floor(value / 2 ** 32));
  view.setUint32(offset + 2, value >>> 0);
}

function readUint48(view: DataView, offset: number): number {
  return view.getUint16(offset) * 2 ** 32 + view.getUint32(offset + 2);
}

function writeId(id: string, body: Uint8Array, offset: number): void {
  invariant(id.length <= ID_BYTES, 'an id has at most 40 bytes');
  body[offset] = id.length;
  for (let i = 0; i < ID_BYTES; i++) body[offset + 1 + i] = i < id.length ? id.charCodeAt(i) : 0;
}

function readId(body: Uint8Array, offset: number): string {
  return String.fromCharCode(...body.subarray(offset + 1, offset + 1 + (body[offset] ?? 0)));
}

const nibble = (code: number): number => (code <= 57 ? code - 48 : code - 87);

/** Hex digits, dashes skipped. */
function writeHex(text: string, body: Uint8Array, offset: number): void {
  let at = offset;
  for (let i = 0; i < text.length;) {
    const code = text.charCodeAt(i);
    if (code === 45) {
      i++;
      continue;
    }
    body[at++] = (nibble(code) << 4) | nibble(text.charCodeAt(i + 1));
    i += 2;
  }
}

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function readHex(body: Uint8Array, offset: number, length: number): string {
  let text = '';
  for (let i = offset; i < offset + length; i++) text += HEX[body[i] ?? 0] ?? '';
  return text;
}

function readUuid(body: Uint8Array, offset: number): string {
  const text = readHex(body, offset, 16);
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`;
}
