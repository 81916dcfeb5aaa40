import { DomainError } from './domain-error';

declare const brand: unique symbol;
/** A primitive that has been checked once, at the edge; past it, the type carries the proof. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** Any id a client knows a person by: an anonymous id or a signed-in user's id. 1 to 128 printable characters. */
export type VisitorId = Brand<string, 'VisitorId'>;
/** Keyed hash (HMAC-SHA-256, first 16 bytes, hex) of a visitor id: what stored rows and tokens carry in its place. */
export type VisitorHash = Brand<string, 'VisitorHash'>;
export type PlacementId = Brand<string, 'PlacementId'>;
export type CampaignId = Brand<string, 'CampaignId'>;
export type BannerId = Brand<string, 'BannerId'>;
/** `<placement>@<number>`, number from 1. */
export type PolicyVersionId = Brand<string, 'PolicyVersionId'>;
/** UUID text. */
export type DecisionId = Brand<string, 'DecisionId'>;
/** A real number in [0, 1]. */
export type Probability = Brand<number, 'Probability'>;

const CATALOG_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;
const VISITOR_ID = /^[\x21-\x7e]{1,128}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function checked<T extends string>(value: string, pattern: RegExp, what: string): T {
  if (!pattern.test(value)) throw new DomainError('BAD_USER_INPUT', `${what} is malformed`, { details: { field: what } });
  return value as T;
}

/** At most 40 letters, digits, dots, dashes or underscores, as a sealed token has room for. @throws DomainError BAD_USER_INPUT */
export const placementId = (value: string): PlacementId => checked(value, CATALOG_ID, 'placementId');
/** @throws DomainError BAD_USER_INPUT */
export const campaignId = (value: string): CampaignId => checked(value, CATALOG_ID, 'campaignId');
/** @throws DomainError BAD_USER_INPUT */
export const bannerId = (value: string): BannerId => checked(value, CATALOG_ID, 'bannerId');
/** @throws DomainError BAD_USER_INPUT */
export const visitorId = (value: string): VisitorId => checked(value, VISITOR_ID, 'visitorId');
/** @throws DomainError BAD_USER_INPUT */
export const decisionId = (value: string): DecisionId => checked(value, UUID, 'decisionId');
export const visitorHash = (hex: string): VisitorHash => checked(hex, /^[0-9a-f]{32}$/, 'visitorHash');

export function policyVersionId(placement: PlacementId, number: number): PolicyVersionId {
  return `${placement}@${number}` as PolicyVersionId;
}

/** Splits `<placement>@<number>`. @throws DomainError BAD_USER_INPUT */
export function parsePolicyVersionId(value: string): { readonly placementId: PlacementId; readonly number: number } {
  const at = value.lastIndexOf('@');
  const number = Number(value.slice(at + 1));
  if (at < 1 || !Number.isSafeInteger(number) || number < 1) {
    throw new DomainError('BAD_USER_INPUT', 'policyVersionId is malformed', { details: { field: 'policyVersionId' } });
  }
  return { placementId: placementId(value.slice(0, at)), number };
}

/** @throws DomainError BAD_USER_INPUT when outside [0, 1] or not a number */
export function probability(value: number): Probability {
  if (!(value >= 0 && value <= 1)) throw new DomainError('BAD_USER_INPUT', 'probability must lie in [0, 1]');
  return value as Probability;
}

/** Key under which a policy version keeps what it learned about no banner in particular; no banner can have it. */
export const SHARED_STATE = '~shared' as BannerId;
