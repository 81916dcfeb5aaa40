import {
  countsIn,
  countsTrials,
  createPolicy,
  fitPriorRevision,
  layoutOf,
  type IdentifyBanner,
  type PlacementCounts,
  type StatisticsFamily,
} from '@vitrine/bandit';
import { SHARED_STATE, type BannerId, type Clock, type PlacementId, type PolicyVersionId } from '@vitrine/kernel';
import type { FoldVersion, PolicyStateStore } from './ledger.ports';
import type { PriorCatalog, PriorPlacement, PriorStore } from './prior.ports';
import type { Announcer } from './processing.ports';

export interface PublishPriorsDependencies {
  readonly catalog: PriorCatalog;
  readonly states: Pick<PolicyStateStore, 'head' | 'snapshot' | 'advance'>;
  readonly priors: PriorStore;
  readonly announce: Announcer;
  readonly clock: Clock;
}

export interface PublishedPrior {
  readonly versionId: PolicyVersionId;
  readonly priorId: string;
  /** The state revision from which it counts. */
  readonly revision: number;
}

interface Reader {
  readonly version: FoldVersion;
  readonly family: StatisticsFamily;
}

/**
 * Tells every policy version that reads a prior what the other placements have learned. A placement's own trials stay out of its prior:
 * they count once, as its statistics. A prior is pinned by a new revision of the head that folds nothing, so a decision names the prior it
 * was made under by its state revision, and a replay finds it there.
 */
export class PublishPriors {
  constructor(private readonly deps: PublishPriorsDependencies) {}

  /** Safe to run any number of times at once: a head that moved meanwhile is left to the next run. @returns what changed */
  async execute(): Promise<readonly PublishedPrior[]> {
    const placements = await this.deps.catalog.listPlacements();
    const asking = placements.map((placement) => ({ placement, readers: placement.versions.flatMap(readersOf) }));
    if (asking.every(({ readers }) => readers.length === 0)) return [];
    const counts = await this.countsOf(placements);
    const published: PublishedPrior[] = [];
    for (const { placement, readers } of asking) {
      if (readers.length > 0) published.push(...(await this.publish(placement, readers, othersOf(placement, placements, counts))));
    }
    return published;
  }

  private async publish(
    { placementId, surface }: PriorPlacement,
    readers: readonly Reader[],
    others: readonly PlacementCounts[],
  ): Promise<readonly PublishedPrior[]> {
    const { priors, clock } = this.deps;
    const revision = fitPriorRevision(others);
    if (revision === null) return [];
    const priorId = await priors.keep({ placementId, surface, revision }, clock.now());
    const pinned = await Promise.all(readers.map((reader) => this.pin(reader, priorId)));
    return pinned.filter((one) => one !== null);
  }

  private async pin({ version, family }: Reader, priorId: string): Promise<PublishedPrior | null> {
    const { states, announce, clock } = this.deps;
    const head = await states.head(version.id);
    const layout = layoutOf(family);
    // A state of another layout is folded again first; that is the fold's to do.
    if (head.priorId === priorId || (head.revision > 0 && head.layout !== layout)) return null;
    const still = { from: head, placementId: version.placementId, cursor: head.cursor, entries: head.entries, skipped: 0, arms: new Map() };
    if ((await states.advance({ ...still, layout, priorId, at: clock.now() })) === 'fenced') return null;
    const revision = head.revision + 1;
    announce({ kind: 'state', id: version.id, revision });
    return { versionId: version.id, priorId, revision };
  }

  private async countsOf(placements: readonly PriorPlacement[]): Promise<ReadonlyMap<PlacementId, PlacementCounts>> {
    const identify = await this.deps.catalog.identities();
    const counts = new Map<PlacementId, PlacementCounts>();
    for (const placement of placements) {
      const banners = await this.countsOfPlacement(placement, identify);
      if (banners.length > 0) counts.set(placement.placementId, { ...placement, banners });
    }
    return counts;
  }

  /** From the first version whose statistics count trials in this release's layout. */
  private async countsOfPlacement({ versions }: PriorPlacement, identify: IdentifyBanner): Promise<PlacementCounts['banners']> {
    for (const version of versions) {
      const family = familyOf(version);
      if (family === null || !countsTrials(family)) continue;
      const { head, arms } = await this.deps.states.snapshot(version.id);
      if (head.layout === layoutOf(family)) return bannersOf(arms, identify);
    }
    return [];
  }
}

function bannersOf(arms: ReadonlyMap<BannerId, Float64Array>, identify: IdentifyBanner): PlacementCounts['banners'] {
  return Array.from(arms)
    .filter(([id]) => id !== SHARED_STATE)
    .map(([id, statistics]) => ({ id, groups: identify(id).groups, counts: countsIn(statistics) }));
}

/** Those that reward alike, the placement itself left out. */
function othersOf(
  { placementId, rewardScale }: PriorPlacement,
  placements: readonly PriorPlacement[],
  counts: ReadonlyMap<PlacementId, PlacementCounts>,
): readonly PlacementCounts[] {
  return placements
    .filter((other) => other.placementId !== placementId && other.rewardScale === rewardScale)
    .flatMap((other) => counts.get(other.placementId) ?? []);
}

function readersOf(version: FoldVersion): readonly Reader[] {
  const created = createPolicy(version.policy, version.dimension);
  return created.ok && created.value.pool?.readsPrior === true ? [{ version, family: created.value.family }] : [];
}

/** Null for a version that this release cannot build: its folds say so. */
function familyOf({ policy, dimension }: FoldVersion): StatisticsFamily | null {
  const created = createPolicy(policy, dimension);
  return created.ok ? created.value.family : null;
}
