import { SHARED_STATE, type DecisionId } from '@vitrine/kernel';
import { LearnedState, withoutGroups, type IdentifyBanner, type StatisticsByBanner } from '@vitrine/bandit';
import { maxError, readsState, rederive, refillsEqually, statelessDistribution, type Derived } from '../domain/replay-record';
import { compilePolicy, type CompiledPolicy } from '../domain/servable-policy';
import type { DecisionRecord } from '../domain/types';
import type { DecisionRepository, PastIdentities, PastStates, PolicyVersions } from './ports';

/** Whether a decision can be shown to have been what its record says. */
export interface DecisionReplay {
  /** Filling the slots again from the recorded distribution and seed gives the recorded slots and propensities. */
  readonly sameSlots: boolean;
  /** Largest difference between the recorded distribution and the one derived again; null when it cannot be derived. */
  readonly distributionMaxError: number | null;
  /** The same of what a shadow policy would have done; null too where none was recorded. */
  readonly shadowMaxError: number | null;
  readonly status: 'REPLAYED' | 'NOT_REPLAYABLE' | 'NOT_REPLAYABLE_ERASED';
}

export interface ReplayDecisionDeps {
  readonly decisions: DecisionRepository;
  readonly pastStates: PastStates;
  readonly policyVersions: PolicyVersions;
  readonly identities: PastIdentities;
}

/** Finds a decision and plays it again. */
export class ReplayDecision {
  constructor(private readonly deps: ReplayDecisionDeps) {}

  async find(id: DecisionId): Promise<DecisionRecord | null> {
    return this.deps.decisions.find(id);
  }

  async replay(record: DecisionRecord): Promise<DecisionReplay> {
    const sameSlots = refillsEqually(record);
    const again = await this.deriveAgain(record);
    if (typeof again === 'string') return { sameSlots, distributionMaxError: null, shadowMaxError: null, status: again };
    const { distribution, shadow } = again;
    return {
      sameSlots,
      distributionMaxError: maxError(record.distribution, distribution),
      shadowMaxError: record.shadowDistribution === null || shadow === null ? null : maxError(record.shadowDistribution, shadow),
      status: 'REPLAYED',
    };
  }

  private async deriveAgain(record: DecisionRecord): Promise<Derived | 'NOT_REPLAYABLE' | 'NOT_REPLAYABLE_ERASED'> {
    if (!readsState(record)) return statelessDistribution(record);
    const version = record.policyVersionId === null ? null : await this.deps.policyVersions.find(record.policyVersionId);
    if (version === null) return 'NOT_REPLAYABLE';
    const past = await this.deps.pastStates.at(version.id, record.stateRevision);
    if (past.status !== 'FOUND') return past.status === 'ERASED' ? 'NOT_REPLAYABLE_ERASED' : 'NOT_REPLAYABLE';
    const policy = compilePolicy(version);
    const statistics = new Map(past.arms.map((arm) => [arm.bannerId, arm.statistics]));
    const identify = await this.identitiesOfThen(record, policy, statistics);
    if (identify === null) return 'NOT_REPLAYABLE';
    const source = { policy: policy.policy, revision: record.stateRevision, statistics, identify, prior: past.prior };
    return rederive(record, policy, LearnedState.of(source));
  }

  /** Only policies in which banners inform each other ask who they are: whoever has statistics then, and whoever could be shown. */
  private async identitiesOfThen(
    record: DecisionRecord,
    { policy }: CompiledPolicy,
    statistics: StatisticsByBanner,
  ): Promise<IdentifyBanner | null> {
    if (policy.pool === undefined) return withoutGroups;
    const banners = new Set([...statistics.keys(), ...record.eligible.map(({ bannerId }) => bannerId)]);
    banners.delete(SHARED_STATE);
    return this.deps.identities.at([...banners], record.catalogRevision);
  }
}
