import type { CountedArm } from '../policies/hierarchical/counted-arm';
import { levelOfGroup } from './prior-revision';

/** One banner in one placement. */
export interface PlacementCell {
  readonly placementId: string;
  readonly surface: string;
  readonly arm: CountedArm;
}

/** What a prior distinguishes; `local` is what a group adds in one placement beside what it adds everywhere. */
export interface PlacementEffect {
  readonly kind: 'surface' | 'placement' | 'group' | 'local';
  readonly name: string;
  /** Of a `local` effect. */
  readonly placementId: string | null;
  /** Variance component: effects of one share their variance. */
  readonly component: string;
  trials: number;
}

/** Bounds the cubic cost of a fit. Of more, the least tried are left to their banners; local ones go first, then groups, then placements. */
export const MOST_PRIOR_EFFECTS = 256;

const RANK = { surface: 0, placement: 1, group: 2, local: 3 } as const;

/** The effects that cells share, and which each cell shares. */
export class PlacementEffects {
  readonly components: readonly string[];

  private constructor(
    readonly list: readonly PlacementEffect[],
    private readonly places: ReadonlyMap<string, number>,
  ) {
    this.components = Array.from(new Set(list.map(({ component }) => component))).sort();
  }

  static of(cells: readonly PlacementCell[]): PlacementEffects {
    const found = new Map<string, PlacementEffect>();
    for (const cell of cells) {
      for (const effect of effectsOf(cell)) {
        const known = found.get(keyOf(effect));
        if (known === undefined) found.set(keyOf(effect), effect);
        else known.trials += effect.trials;
      }
    }
    const kept = Array.from(found.entries()).sort(mostTellingFirst).slice(0, MOST_PRIOR_EFFECTS);
    return new PlacementEffects(
      kept.map(([, effect]) => effect),
      new Map(kept.map(([key], place) => [key, place])),
    );
  }

  placesOf(cell: PlacementCell): Int32Array {
    return this.placesAmong(effectsOf(cell));
  }

  /** Of the effects that make the base of a surface, or of a placement on it. */
  basePlaces(surface: string, placementId: string | null): Int32Array {
    const wanted = [{ kind: 'surface', name: surface, placementId: null } as const];
    return this.placesAmong(
      placementId === null ? wanted : [...wanted, { kind: 'placement', name: placementId, placementId: null } as const],
    );
  }

  private placesAmong(effects: readonly EffectName[]): Int32Array {
    return Int32Array.from(effects.flatMap((effect) => this.places.get(keyOf(effect)) ?? [])).sort();
  }
}

type EffectName = Pick<PlacementEffect, 'kind' | 'name' | 'placementId'>;

function effectsOf({ surface, placementId, arm }: PlacementCell): readonly PlacementEffect[] {
  const { trials } = arm;
  const groups = Array.from(new Set(arm.identity.groups));
  return [
    { kind: 'surface', name: surface, placementId: null, component: 'surface', trials },
    { kind: 'placement', name: placementId, placementId: null, component: 'placement', trials },
    ...groups.map((name) => ({ kind: 'group', name, placementId: null, component: groupComponent(name), trials }) as const),
    ...groups.map((name) => ({ kind: 'local', name, placementId, component: localComponent(name), trials }) as const),
  ];
}

export function groupComponent(group: string): string {
  return `group/${levelOfGroup(group)}`;
}

export function localComponent(group: string): string {
  return `local/${levelOfGroup(group)}`;
}

function keyOf({ kind, name, placementId }: EffectName): string {
  return JSON.stringify([kind, name, placementId]);
}

function mostTellingFirst([keyA, a]: readonly [string, PlacementEffect], [keyB, b]: readonly [string, PlacementEffect]): number {
  return RANK[a.kind] - RANK[b.kind] || b.trials - a.trials || (keyA < keyB ? -1 : 1);
}
