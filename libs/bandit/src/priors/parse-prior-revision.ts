import { DomainError } from '@vitrine/kernel';
import { PRIOR_FORMAT, type BaseLevel, type GroupLevel, type LearnedEffect, type PriorRevision } from './prior-revision';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a prior revision that was written as JSON.
 *
 * @throws STATE_VERSION_MISMATCH for another format, both named; PRIOR_MALFORMED, naming the place, for anything else that is not one
 */
export function parsePriorRevision(value: unknown): PriorRevision {
  const prior = fieldsOf(value, 'prior');
  if (prior['format'] !== PRIOR_FORMAT) throw otherFormat(prior['format']);
  const banner = fieldsOf(prior['banner'], 'banner');
  return {
    format: PRIOR_FORMAT,
    noise: amountOf(prior['noise'], 'noise'),
    global: effectOf(prior['global'], 'global'),
    surface: baseLevelOf(prior['surface'], 'surface'),
    placement: baseLevelOf(prior['placement'], 'placement'),
    groups: tableOf(prior['groups'], 'groups', groupLevelOf),
    banner: { between: amountOf(banner['between'], 'banner.between'), degrees: amountOf(banner['degrees'], 'banner.degrees') },
  };
}

function otherFormat(found: unknown): DomainError {
  const held = typeof found === 'number' ? String(found) : 'none';
  return new DomainError('STATE_VERSION_MISMATCH', `a prior of format ${held} cannot be read, only of format ${PRIOR_FORMAT}`, {
    details: { found: held, expected: String(PRIOR_FORMAT) },
  });
}

function baseLevelOf(value: unknown, place: string): BaseLevel {
  const level = fieldsOf(value, place);
  return { between: amountOf(level['between'], `${place}.between`), bases: tableOf(level['bases'], `${place}.bases`, effectOf) };
}

function groupLevelOf(value: unknown, place: string): GroupLevel {
  const level = fieldsOf(value, place);
  return {
    between: amountOf(level['between'], `${place}.between`),
    local: amountOf(level['local'], `${place}.local`),
    degrees: amountOf(level['degrees'], `${place}.degrees`),
    effects: tableOf(level['effects'], `${place}.effects`, effectOf),
  };
}

function effectOf(value: unknown, place: string): LearnedEffect {
  const effect = fieldsOf(value, place);
  return {
    mean: numberOf(effect['mean'], `${place}.mean`),
    variance: amountOf(effect['variance'], `${place}.variance`),
    trials: amountOf(effect['trials'], `${place}.trials`),
  };
}

function tableOf<T>(value: unknown, place: string, read: (value: unknown, place: string) => T): Readonly<Record<string, T>> {
  const entries = Object.entries(fieldsOf(value, place));
  return Object.fromEntries(entries.map(([name, entry]) => [name, read(entry, `${place}.${name}`)]));
}

function fieldsOf(value: unknown, place: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(place, 'is no object');
  return value as Fields; // any object can be read by names that it may lack
}

function numberOf(value: unknown, place: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw malformed(place, 'is no finite number');
  return value;
}

function amountOf(value: unknown, place: string): number {
  const number = numberOf(value, place);
  if (number < 0) throw malformed(place, 'is negative');
  return number;
}

function malformed(place: string, fault: string): DomainError {
  return new DomainError('PRIOR_MALFORMED', `${place} of a prior ${fault}`, { details: { place } });
}
