import { CatalogResolver, PolicyResolver } from '@vitrine/catalog';
import { BannersResolver, DecisionResolver, PersonaResolver } from '@vitrine/delivery';
import { EventsResolver, QuarantineResolver, TimelineResolver } from '@vitrine/feedback';
import { PerformanceResolver } from '@vitrine/insight';
import { IdentityMutationsResolver, PrivacyResolver, ProfileResolver } from '@vitrine/profile';
import { SegmentOperationsResolver, SegmentResolver } from '@vitrine/segment';
import type { ResolverClass } from './executable-schema';

/** Every resolver of the schema, library by library. */
export const RESOLVERS: readonly [ResolverClass, ...ResolverClass[]] = [
  BannersResolver,
  DecisionResolver,
  PersonaResolver,
  EventsResolver,
  QuarantineResolver,
  TimelineResolver,
  CatalogResolver,
  PolicyResolver,
  ProfileResolver,
  IdentityMutationsResolver,
  PrivacyResolver,
  SegmentResolver,
  SegmentOperationsResolver,
  PerformanceResolver,
];
