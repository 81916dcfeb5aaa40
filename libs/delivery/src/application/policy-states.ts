import { DomainError, type PlacementId, type PolicyVersionId } from '@vitrine/kernel';
import type { PolicyVersion } from '@vitrine/catalog';
import type { ChangeNotice, PolicyHead, PolicyStateReader, PriorReader } from '@vitrine/feedback';
import { layoutOf, LearnedState, withoutGroups, type IdentifyBanner, type PlacementPrior, type Policy } from '@vitrine/bandit';
import { compilePolicy, type CompiledPolicy, type ServablePolicy } from '../domain/servable-policy';
import type { FaultReporter, ServingPolicies } from './ports';

interface Held extends ServablePolicy {
  readonly state: LearnedState | null;
}

interface Refreshing {
  readonly done: Promise<void>;
  /** Asked again meanwhile: what the running one read may be older than the news. */
  again: boolean;
}

/**
 * The live policy of every placement, in memory. A gateway decides from here and never waits: while the database is away the last state
 * keeps serving, and a new version replaces the old one only when its state has been read. Every swap is one assignment, so that a
 * decision that holds a policy sees one revision.
 */
export class PolicyStates implements ServingPolicies {
  private wanted: ReadonlyMap<PlacementId, PolicyVersion> = new Map();
  private readonly serving = new Map<PlacementId, Held>();
  private readonly compiled = new Map<PolicyVersionId, CompiledPolicy>();
  private identify: IdentifyBanner = withoutGroups;
  /** Of the versions that are served, by version: read once, since a prior never changes. */
  private readonly priors = new Map<PolicyVersionId, { readonly id: string; readonly prior: PlacementPrior }>();
  private readonly refreshing = new Map<PlacementId, Refreshing>();

  constructor(
    private readonly reader: PolicyStateReader & PriorReader,
    private readonly faults: FaultReporter,
  ) {}

  get(placementId: PlacementId): ServablePolicy | null {
    return this.serving.get(placementId) ?? null;
  }

  /** Takes over the live versions of a catalogue and reads the states that are new. Never rejects. */
  async follow(livePolicies: ReadonlyMap<PlacementId, PolicyVersion>, identify: IdentifyBanner = withoutGroups): Promise<void> {
    const before = this.wanted;
    this.identifyBy(identify);
    this.wanted = livePolicies;
    for (const placementId of this.serving.keys()) if (!livePolicies.has(placementId)) this.serving.delete(placementId);
    const versions = new Set(Array.from(livePolicies.values(), ({ id }) => id));
    for (const held of [this.compiled, this.priors]) for (const id of held.keys()) if (!versions.has(id)) held.delete(id);
    const changed = Array.from(livePolicies).filter(([placementId, { id }]) => before.get(placementId)?.id !== id);
    await Promise.all(changed.map(([placementId]) => this.refresh(placementId)));
  }

  /** Banners may have moved to other groups: what they learn from each other is derived again. */
  private identifyBy(identify: IdentifyBanner): void {
    this.identify = identify;
    for (const [placementId, held] of this.serving) {
      if (held.state === null || held.policy.pool === undefined) continue;
      this.serving.set(placementId, { ...held, state: held.state.identifiedBy(identify) });
    }
  }

  /** What a poll and a reconnect do: everything may have changed. Never rejects. */
  async refreshAll(): Promise<void> {
    await Promise.all(Array.from(this.wanted.keys(), (placementId) => this.refresh(placementId)));
  }

  /** A notice names a policy version; one that is not newer than what is served is no news. */
  notice({ kind, id, revision }: ChangeNotice): void {
    if (kind !== 'state') return;
    for (const [placementId, version] of this.wanted) {
      if (version.id !== id) continue;
      const held = this.serving.get(placementId);
      if (held?.version.id === id && held.state?.revision === revision) return;
      void this.refresh(placementId);
    }
  }

  private refresh(placementId: PlacementId): Promise<void> {
    const running = this.refreshing.get(placementId);
    if (running !== undefined) {
      running.again = true;
      return running.done;
    }
    const done = this.run(placementId);
    this.refreshing.set(placementId, { done, again: false });
    return done;
  }

  private async run(placementId: PlacementId): Promise<void> {
    await Promise.resolve(); // so that `refresh` has noted this run before it can end
    for (;;) {
      await this.bringUpToDate(placementId);
      const running = this.refreshing.get(placementId);
      if (running?.again !== true) break;
      running.again = false;
    }
    this.refreshing.delete(placementId);
  }

  private async bringUpToDate(placementId: PlacementId): Promise<void> {
    const version = this.wanted.get(placementId);
    const policy = version === undefined ? null : this.compile(version);
    if (policy === null) return;
    const served = this.serving.get(placementId);
    const held = served?.version.id === policy.version.id ? served.state : null;
    // Better a new version without a state than none at all; an old version with one is better still.
    if (served === undefined) this.serving.set(placementId, { ...policy, state: null });
    try {
      const state = await this.load(policy, held);
      if (this.wanted.get(placementId)?.id === policy.version.id && state !== held) this.serving.set(placementId, { ...policy, state });
    } catch (error) {
      this.faults.report('policy-state', error, policy.version.id);
    }
  }

  /** The newest state; the very same object when nothing changed. */
  private async load({ policy, version }: CompiledPolicy, held: LearnedState | null): Promise<LearnedState> {
    if (held === null) return this.loadWhole({ policy, version });
    const delta = await this.reader.load(version.id, held.revision);
    if (delta === null || delta.head.revision === held.revision) return held;
    requireLayout(policy, delta.head);
    // A head that went back was rebuilt: what is held belongs to another history.
    if (delta.head.revision < held.revision) return this.loadWhole({ policy, version });
    const prior = await this.priorOf(policy, delta.head);
    const next = held.next(delta.head.revision, delta.arms);
    return prior === held.prior ? next : next.withPrior(prior);
  }

  /** A version that has no head yet starts from what its policy assumes. */
  private async loadWhole({ policy, version }: Pick<CompiledPolicy, 'policy' | 'version'>): Promise<LearnedState> {
    const { identify } = this;
    const whole = await this.reader.load(version.id, 0);
    if (whole === null) return LearnedState.of({ policy, revision: 0, statistics: new Map(), identify });
    requireLayout(policy, whole.head);
    const prior = await this.priorOf(policy, whole.head);
    const statistics = new Map(whole.arms.map((arm) => [arm.bannerId, arm.statistics]));
    return LearnedState.of({ policy, revision: whole.head.revision, statistics, identify, prior });
  }

  /** The prior that a state names; null where it names none, or the policy reads none. */
  private async priorOf({ pool }: Policy, { versionId, priorId: id }: PolicyHead): Promise<PlacementPrior | null> {
    if (id === null || pool?.readsPrior !== true) return null;
    const known = this.priors.get(versionId);
    if (known?.id === id) return known.prior;
    const prior = await this.reader.readPrior(id);
    this.priors.set(versionId, { id, prior });
    return prior;
  }

  private compile(version: PolicyVersion): CompiledPolicy | null {
    const known = this.compiled.get(version.id);
    if (known !== undefined) return known;
    try {
      const policy = compilePolicy(version);
      this.compiled.set(version.id, policy);
      return policy;
    } catch (error) {
      this.faults.report('policy-compile', error, version.id);
      return null;
    }
  }
}

/** @throws DomainError STATE_VERSION_MISMATCH while a worker of another release has not folded the ledger again */
function requireLayout({ family }: Policy, { layout, revision }: PolicyHead): void {
  const needed = layoutOf(family);
  if (revision === 0 || layout === needed) return;
  throw new DomainError(
    'STATE_VERSION_MISMATCH',
    `the state has the layout ${layout ?? 'of before layouts were noted'}, the policy reads ${needed}`,
  );
}
