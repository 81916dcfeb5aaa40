import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, randomFillSync, type KeyObject } from 'node:crypto';
import { invariant } from '@vitrine/kernel';
import {
  BODY_BYTES,
  DAY_MS,
  HEADER_BYTES,
  NONCE_BYTES,
  NONCE_OFFSET,
  readBody,
  TAG_BYTES,
  TOKEN_BYTES,
  TOKEN_CHARS,
  TOKEN_VERSION,
  writeBody,
} from '../domain/token-layout';
import type { SealedDecision, TokenCodec } from '../domain/types';

/** A master key; `id` travels in the clear, so that a token finds its key after a rotation. */
export interface TokenKey {
  /** 0 to 255, unique in the ring. */
  readonly id: number;
  /** 32 random bytes. */
  readonly key: Uint8Array;
}

export interface TokenCodecOptions {
  /** The first seals; all of them open. Keep a retired key until its last token has expired. */
  readonly keys: readonly TokenKey[];
  readonly maxAgeMs: number;
}

type Opened = ReturnType<TokenCodec['open']>;

const CIPHER = 'aes-256-gcm';
const NONCE_POOL_BYTES = NONCE_BYTES * 512;
/** Days whose keys are held: a fortnight of traffic per key of a usual ring. */
const HELD_KEYS = 64;
const INVALID: Opened = { ok: false, error: 'TOKEN_INVALID' };
const EXPIRED: Opened = { ok: false, error: 'TOKEN_EXPIRED' };

/**
 * Seals decisions with AES-256-GCM under a key derived per UTC day (HKDF-SHA-256), the header as additional data. A fresh key each day
 * keeps random 96-bit nonces far below their birthday bound (NIST SP 800-38D, section 8.3: 2^32 per key).
 */
export function createTokenCodec(options: TokenCodecOptions): TokenCodec {
  return new AesGcmTokenCodec(options);
}

class AesGcmTokenCodec implements TokenCodec {
  private readonly masters: ReadonlyMap<number, Uint8Array>;
  private readonly current: number;
  private readonly maxAgeMs: number;
  private readonly dayKeys = new Map<number, KeyObject>();
  private readonly body = Buffer.alloc(BODY_BYTES);
  private readonly bodyView = new DataView(this.body.buffer, this.body.byteOffset, BODY_BYTES);
  private readonly nonces = Buffer.alloc(NONCE_POOL_BYTES);
  private nonceAt = NONCE_POOL_BYTES;

  constructor({ keys, maxAgeMs }: TokenCodecOptions) {
    const first = keys[0];
    invariant(first !== undefined && new Set(keys.map(({ id }) => id)).size === keys.length, 'the ring holds keys with distinct ids');
    invariant(
      keys.every(({ id, key }) => Number.isInteger(id) && id >= 0 && id <= 255 && key.length === 32),
      'token keys have an id of one byte and 32 bytes',
    );
    this.masters = new Map(keys.map(({ id, key }) => [id, key]));
    this.current = first.id;
    this.maxAgeMs = maxAgeMs;
  }

  seal(decision: SealedDecision): string {
    const day = Math.floor(decision.decidedAt / DAY_MS);
    const key = this.dayKey(this.current, day);
    invariant(key !== null, 'the current key is in the ring');
    const token = Buffer.allocUnsafe(TOKEN_BYTES);
    token[0] = TOKEN_VERSION;
    token[1] = this.current;
    token.writeUInt16BE(day, 2);
    this.takeNonce(token);
    writeBody(decision, this.body, this.bodyView);
    const cipher = createCipheriv(CIPHER, key, token.subarray(NONCE_OFFSET, HEADER_BYTES));
    cipher.setAAD(token.subarray(0, HEADER_BYTES));
    token.set(cipher.update(this.body), HEADER_BYTES);
    cipher.final(); // a stream mode: nothing is left over
    token.set(cipher.getAuthTag(), HEADER_BYTES + BODY_BYTES);
    this.hold(this.current, day, key);
    return token.toString('base64url');
  }

  open(token: string, nowMs: number): Opened {
    if (token.length !== TOKEN_CHARS) return INVALID;
    const bytes = Buffer.from(token, 'base64url');
    // Node's decoder is lenient (other alphabets, stray characters): only the one canonical text of the bytes is a token.
    if (bytes.length !== TOKEN_BYTES || bytes[0] !== TOKEN_VERSION || bytes.toString('base64url') !== token) return INVALID;
    const keyId = bytes[1] ?? 0;
    const day = bytes.readUInt16BE(2);
    const key = this.dayKey(keyId, day);
    const body = key === null ? null : decrypt(bytes, key);
    if (key === null || body === null) return INVALID;
    this.hold(keyId, day, key); // only now: a forged day may not push honest keys out
    const decision = readQuietly(body);
    if (decision === null || Math.floor(decision.decidedAt / DAY_MS) !== day) return INVALID;
    return nowMs - decision.decidedAt > this.maxAgeMs ? EXPIRED : { ok: true, value: decision };
  }

  private dayKey(keyId: number, day: number): KeyObject | null {
    const held = this.dayKeys.get(keyId * 65_536 + day);
    if (held !== undefined) return held;
    const master = this.masters.get(keyId);
    if (master === undefined) return null;
    return createSecretKey(Buffer.from(hkdfSync('sha256', master, new Uint8Array(0), `vitrine/token/v${TOKEN_VERSION}/day/${day}`, 32)));
  }

  private hold(keyId: number, day: number, key: KeyObject): void {
    const slot = keyId * 65_536 + day;
    if (this.dayKeys.has(slot)) return;
    const oldest = this.dayKeys.keys().next();
    if (this.dayKeys.size >= HELD_KEYS && oldest.done !== true) this.dayKeys.delete(oldest.value);
    this.dayKeys.set(slot, key);
  }

  private takeNonce(token: Buffer): void {
    if (this.nonceAt === NONCE_POOL_BYTES) {
      randomFillSync(this.nonces);
      this.nonceAt = 0;
    }
    this.nonces.copy(token, NONCE_OFFSET, this.nonceAt, (this.nonceAt += NONCE_BYTES));
  }
}

function decrypt(bytes: Buffer, key: KeyObject): Buffer | null {
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(NONCE_OFFSET, HEADER_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(bytes.subarray(0, HEADER_BYTES));
  decipher.setAuthTag(bytes.subarray(HEADER_BYTES + BODY_BYTES));
  const body = decipher.update(bytes.subarray(HEADER_BYTES, HEADER_BYTES + BODY_BYTES));
  try {
    decipher.final();
    return body;
  } catch {
    return null; // the tag does not match: somebody else's bytes
  }
}

function readQuietly(body: Buffer): SealedDecision | null {
  try {
    return readBody(body, new DataView(body.buffer, body.byteOffset, body.length));
  } catch {
    return null; // sealed by us, yet not by this layout
  }
}
