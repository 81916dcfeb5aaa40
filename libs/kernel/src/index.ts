export { ok, err, type Result } from './result';
export { invariant, assertNever, InvariantViolation } from './invariant';
export { systemClock, type Clock } from './clock';
export {
  bannerId,
  campaignId,
  decisionId,
  parsePolicyVersionId,
  placementId,
  policyVersionId,
  probability,
  SHARED_STATE,
  visitorHash,
  visitorId,
  type BannerId,
  type Brand,
  type CampaignId,
  type DecisionId,
  type PlacementId,
  type PolicyVersionId,
  type Probability,
  type VisitorHash,
  type VisitorId,
} from './brands';
export { ERRORS, isErrorCode, type ErrorCode, type ErrorEntry } from './error-registry';
export { DomainError, type DomainErrorOptions } from './domain-error';
export { mulberry32, rngFromNumber, seededRng, shuffledOrder, xoshiro128, type Rng } from './random';
export { murmur3, murmur3Bytes } from './murmur3';
export { uuidFromBytes, uuidToBytes, uuidv7 } from './uuid';
