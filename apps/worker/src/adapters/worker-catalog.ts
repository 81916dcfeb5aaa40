import type { CatalogReader, Placement, PolicyVersion } from '@vitrine/catalog';
import type { FeedbackCatalog, FoldVersion, PolicyCatalog } from '@vitrine/feedback';
import { parsePolicyVersionId, type Clock, type PlacementId, type PolicyVersionId } from '@vitrine/kernel';

export interface WorkerCatalogDeps {
  readonly reader: Pick<CatalogReader, 'findPlacement' | 'listPolicies'>;
  readonly clock: Clock;
  /** How old a placement's rules may be. */
  readonly maxAgeMs: number;
}

interface Held<T> {
  readonly at: number;
  readonly value: T;
}

/**
 * The configuration that gives events and ledger entries their meaning. Policy versions never change, so a known one is never asked for
 * again; rules of placements are at most `maxAgeMs` old. Throws while the database is away: a job waits rather than misread.
 */
export class WorkerCatalog implements FeedbackCatalog, PolicyCatalog {
  private readonly placements = new Map<PlacementId, Held<Placement | null>>();
  private readonly versions = new Map<PolicyVersionId, PolicyVersion>();

  constructor(private readonly deps: WorkerCatalogDeps) {}

  async placement(id: PlacementId): Promise<Placement | null> {
    const now = this.deps.clock.now();
    const held = this.placements.get(id);
    if (held !== undefined && now - held.at < this.deps.maxAgeMs) return held.value;
    const value = (await this.deps.reader.findPlacement(id))?.value ?? null;
    this.placements.set(id, { at: now, value });
    return value;
  }

  async featureSchema(id: PolicyVersionId): Promise<number | null> {
    return (await this.findVersion(id))?.featureSchema ?? null;
  }

  /** Every version: a rolled-back one must be up to date the moment it is live again. */
  async versionsToFold(id: PlacementId): Promise<readonly FoldVersion[]> {
    const { versions } = await this.deps.reader.listPolicies(id);
    for (const version of versions) this.versions.set(version.id, version);
    return versions;
  }

  async findVersion(id: PolicyVersionId): Promise<PolicyVersion | null> {
    const known = this.versions.get(id);
    if (known !== undefined) return known;
    await this.versionsToFold(parsePolicyVersionId(id).placementId);
    return this.versions.get(id) ?? null;
  }
}
