import { bannerId, DomainError, invariant, SHARED_STATE, type BannerId } from '@vitrine/kernel';
import type { Policy } from '../policy';
import { layoutOf } from '../statistics/statistics-family';
import { ByteReader, ByteWriter, fnv1a } from './byte-stream';
import type { StatisticsByBanner } from './learned-state';

/** `VPST`: a policy's state, and nothing else, begins with it. */
const MAGIC = 0x56505354;
/** Of the bytes, not of the numbers in them: those have their family's layout. */
const FORMAT_VERSION = 1;
const CHECKSUM_BYTES = 4;

type StatePolicy = Pick<Policy, 'family' | 'dimension'>;

/**
 * What a policy has learned, as bytes that restore to the bit: `[magic, format version, layout of the family, dimension, banners, (id, numbers)
 * ..., checksum]`, little-endian. Banners are in the order of their ids, so equal states are equal bytes whatever came first.
 *
 * @param statistics shape [family.length] for each banner, and [family.shared.length] under `SHARED_STATE` where the family has that
 */
export function encodePolicyState(policy: StatePolicy, statistics: StatisticsByBanner): Uint8Array {
  const writer = new ByteWriter();
  writer.uint32(MAGIC);
  writer.uint32(FORMAT_VERSION);
  writer.text(layoutOf(policy.family));
  writer.uint32(policy.dimension);
  writer.uint32(statistics.size);
  for (const [id, numbers] of [...statistics].sort(([a], [b]) => (a < b ? -1 : 1))) {
    invariant(numbers.length === lengthFor(policy, id), 'statistics have the layout of the policy');
    writer.text(id);
    writer.doubles(numbers);
  }
  writer.uint32(fnv1a(writer.bytes()));
  return writer.bytes();
}

/**
 * Statistics that `encodePolicyState` wrote for a policy of the same layout and dimension.
 *
 * @throws DomainError STATE_VERSION_MISMATCH naming both, when the bytes are of another format, layout or dimension
 * @throws DomainError STATE_MALFORMED when they are cut off, changed, or no policy state at all
 */
export function decodePolicyState(policy: StatePolicy, bytes: Uint8Array): Map<BannerId, Float64Array> {
  const reader = new ByteReader(bytes, bytes.length - CHECKSUM_BYTES, malformed);
  if (reader.uint32() !== MAGIC) throw malformed('bytes that are no policy state');
  refuseOther('format version', reader.uint32(), FORMAT_VERSION);
  if (new ByteReader(bytes.subarray(-CHECKSUM_BYTES), CHECKSUM_BYTES, malformed).uint32() !== fnv1a(bytes.subarray(0, -CHECKSUM_BYTES))) {
    throw malformed('a policy state whose checksum is wrong');
  }
  refuseOther('layout', reader.text(), layoutOf(policy.family));
  refuseOther('dimension', reader.uint32(), policy.dimension);
  const statistics = new Map<BannerId, Float64Array>();
  for (let left = reader.uint32(); left > 0; left--) {
    const id = stateKey(reader.text());
    statistics.set(id, reader.doubles(lengthFor(policy, id)));
  }
  if (!reader.atEnd) throw malformed('a policy state with bytes left over');
  return statistics;
}

function lengthFor({ family }: StatePolicy, id: BannerId): number {
  return id === SHARED_STATE ? (family.shared?.length ?? 0) : family.length;
}

function stateKey(text: string): BannerId {
  if (text === SHARED_STATE) return SHARED_STATE;
  try {
    return bannerId(text);
  } catch {
    throw malformed('an id that no banner can have');
  }
}

function refuseOther(what: string, held: string | number, needed: string | number): void {
  if (held === needed) return;
  throw new DomainError('STATE_VERSION_MISMATCH', `the state has ${what} ${held}, the policy needs ${needed}`, {
    details: { what, held, needed },
  });
}

function malformed(found: string): DomainError {
  return new DomainError('STATE_MALFORMED', `found ${found}`);
}
