import { bannerId, parsePolicyVersionId, policyVersionId, SHARED_STATE, type BannerId, type PolicyVersionId } from '@vitrine/kernel';
import type { StateBase } from '../application/ledger.ports';
import type { PolicyHead } from '../domain/types';
import type { PolicyArmDoc, PolicyBaseDoc, PolicyHeadDoc } from './feedback.documents';
import { fromBinary } from './statistics.mapper';

export const armKey = (versionId: PolicyVersionId, banner: BannerId): string => `${versionId}|${banner}`;

export const storedBannerId = (id: string): BannerId => (id === SHARED_STATE ? SHARED_STATE : bannerId(id));

export function emptyHead(versionId: PolicyVersionId): PolicyHead {
  return { versionId, revision: 0, cursor: 0, entries: 0, layout: null, priorId: null, updatedAt: 0 };
}

export function toHead({ _id, revision, cursor, entries, layout, priorId, updatedAt }: PolicyHeadDoc): PolicyHead {
  const { placementId, number } = parsePolicyVersionId(_id);
  return {
    versionId: policyVersionId(placementId, number),
    revision,
    cursor,
    entries,
    layout: layout ?? null,
    priorId: priorId ?? null,
    updatedAt: updatedAt.getTime(),
  };
}

export function toBase({ base }: PolicyHeadDoc, docs: readonly PolicyBaseDoc[]): StateBase | null {
  return base === undefined ? null : { ...base, arms: statisticsOf(docs) };
}

export function statisticsOf(docs: readonly Pick<PolicyArmDoc, 'bannerId' | 'statistics'>[]): Map<BannerId, Float64Array> {
  return new Map(docs.map((doc) => [storedBannerId(doc.bannerId), fromBinary(doc.statistics)]));
}
