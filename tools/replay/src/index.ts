export { readCsv } from './csv';
export { importEvents, IMPORT_FORMATS, type ImportEventsOptions, type ImportFormat } from './import/import-events';
export type { ImportOutcome } from './import/import-file';
export { writeEvents } from './import/generate/write-events';
export type { ImportTally, RefusedLine } from './import/tally';
export { GraphqlClient, mapConcurrent, type Caller } from './graphql-client';
export { COUPON_PLACEMENT, couponBannerId } from './coupons/coupon-catalog';
export { couponOrder, readCoupons, type CouponData, type CouponRow } from './coupons/coupon-data';
export { evaluateCoupons, orderByAcceptance, type CouponReport, type DecidedRow } from './coupons/coupon-estimates';
export type { CouponObserver } from './coupons/coupon-observer';
export { CouponShopper } from './coupons/coupon-shopper';
export { MongoCouponObserver } from './coupons/mongo-coupon.observer';
export { playCoupons, type PlayOutcome, type PlayProgress } from './coupons/play-coupons';
export { COUPON_POLICY, seedCouponCatalog } from './coupons/seed-coupon-catalog';
export { OneHotEncoder } from './one-hot.encoder';
export { couponWorld } from './segment-effect/coupon-world';
export type { EffectEstimate } from './segment-effect/effect-estimate';
export {
  EFFECT_SETTINGS,
  type ContextEffect,
  type EffectReport,
  type EffectRequest,
  type EffectSettings,
  type MeasuredEffect,
} from './segment-effect/effect-report';
export { MEASURES, type Arm, type Measure } from './segment-effect/effect-sums';
export { SegmentEffectStudy } from './segment-effect/segment-effect-study';
export type { BaseContext } from './segment-effect/visitor-contexts';
export type { Visit, Visitor, VisitorWorld } from './segment-effect/visitor-world';
