import { SHARED_STATE, type BannerId } from '@vitrine/kernel';
import type { ArmModel, Policy, PoolModel } from '../../policy';
import { withoutGroups } from '../../runtime/learned-state';
import type { Observation } from '../../statistics/statistics-family';

/** Models of a policy by banner, derived again only where the numbers are others than last time. */
class ModelsOf {
  private readonly known = new Map<BannerId, { readonly numbers: Float64Array; readonly model: ArmModel }>();

  constructor(private readonly policy: Policy) {}

  model(id: BannerId, numbers: Float64Array): ArmModel {
    const held = this.known.get(id);
    if (held !== undefined && equal(held.numbers, numbers)) return held.model;
    const copy = numbers.slice();
    const model = this.policy.derive(withoutGroups(id), copy);
    this.known.set(id, { numbers: copy, model });
    return model;
  }
}

function equal(a: Float64Array, b: Float64Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** What a policy knew before an entry. */
export interface KnownBefore {
  /** Statistics of the policy, of every banner that has any. */
  readonly arms: ReadonlyMap<BannerId, Float64Array>;
  readonly shared: Float64Array | null;
}

/** Says how far a policy would have shown the banner that somebody else showed. A function of what it is given: models are cached, not state. */
export class AgreementMeter {
  private readonly models: ModelsOf;

  constructor(private readonly policy: Policy) {
    this.models = new ModelsOf(policy);
  }

  /**
   * The policy's probability of the shown banner, among the banners that have statistics; null where that says nothing: the shown banner
   * has none yet, or there is no other.
   */
  measure({ arms, shared }: KnownBefore, { bannerId, context, at }: { readonly bannerId: BannerId } & Observation): number | null {
    const ids = Array.from(arms.keys()).filter((id) => id !== SHARED_STATE);
    const shown = ids.sort((a, b) => (a < b ? -1 : 1)).indexOf(bannerId);
    if (shown < 0 || ids.length < 2) return null;
    const models = ids.map((id) => this.models.model(id, arms.get(id) ?? new Float64Array(this.policy.family.length)));
    const pool: PoolModel = this.policy.pool?.derive(models, shared) ?? null;
    const out = new Float64Array(ids.length);
    this.policy.distribution(models, { context, at, pool }, out);
    return out[shown] ?? 0;
  }
}
