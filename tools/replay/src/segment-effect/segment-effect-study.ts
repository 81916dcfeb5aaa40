import { createPolicy, type Policy } from '@vitrine/bandit';
import { DomainError, invariant } from '@vitrine/kernel';
import { drawArrivals, streamOf, type Arrivals } from './arrivals';
import { drawResamples } from './effect-estimate';
import type { EffectReport, EffectRequest } from './effect-report';
import { ARMS, sumPlay, type Arm, type PlaySums } from './effect-sums';
import { segmentTimeline, type SegmentTimeline } from './segment-timeline';
import { summariseContext, summariseModels } from './summarise-effect';
import { BASE_CONTEXTS, VisitorContexts, type BaseContext } from './visitor-contexts';
import { VisitorPlay } from './visitor-play';
import type { Visit, VisitorWorld } from './visitor-world';

interface Leg {
  readonly seed: number;
  readonly base: BaseContext;
  readonly arm: Arm;
}

/** What belongs to one seed and is the same for every context and arm. */
interface Scene {
  readonly seed: number;
  readonly arrivals: Arrivals;
  readonly visits: readonly Visit[];
  readonly timeline: SegmentTimeline;
}

interface BaseTally {
  readonly contexts: VisitorContexts;
  readonly plays: Record<Arm, PlaySums[]>;
  readonly matches: Record<Arm, number>;
}

/**
 * What do segments add for visitors of whom nothing was learned yet? One policy plays the same arrivals twice, without segments and with them:
 * same order, same draws (a round's draw is one number that both distributions invert). Each arm learns where its own draw equals the log, and is
 * judged by the probability that it gave to what was shown, over the log's.
 */
export class SegmentEffectStudy {
  readonly rounds: number;
  private readonly legs: readonly Leg[];
  private readonly tallies: ReadonlyMap<BaseContext, BaseTally>;
  private readonly models: Pick<SegmentTimeline['models'][number], 'people' | 'segments'>[] = [];
  private scene: Scene | null = null;
  private play: VisitorPlay | null = null;
  private leg = 0;
  private done = 0;

  /** @throws DomainError UNKNOWN_POLICY, POLICY_PARAMETER_INVALID; BAD_USER_INPUT for a policy that reads no context */
  constructor(private readonly request: EffectRequest) {
    const { world, seeds, spec } = request;
    invariant(world.visitors.length > 0 && seeds.length > 0, 'somebody comes, in some order');
    if (!policyOf(spec, 1).contextual) throw new DomainError('BAD_USER_INPUT', `${spec.name} reads no context, and so no segments`);
    this.legs = seeds.flatMap((seed) => BASE_CONTEXTS.flatMap((base) => ARMS.map((arm) => ({ seed, base, arm }))));
    this.rounds = this.legs.length * visitsOf(world);
    this.tallies = new Map(
      BASE_CONTEXTS.map((base) => [
        base,
        { contexts: new VisitorContexts(world, base), plays: { without: [], with: [] }, matches: { without: 0, with: 0 } },
      ]),
    );
  }

  get played(): number {
    return this.done;
  }

  /** Plays at most so many further rounds. */
  advance(rounds: number): void {
    const end = Math.min(this.done + rounds, this.rounds);
    while (this.done < end) {
      const leg = this.legs[this.leg];
      invariant(leg !== undefined, 'a leg per round that is left');
      const scene = this.sceneOf(leg.seed);
      const play = (this.play ??= this.begin(leg, scene));
      const before = play.played;
      play.advance(end - this.done);
      this.done += play.played - before;
      if (play.played === play.rounds) this.finish(leg, scene, play);
    }
  }

  /** @throws DomainError TOO_FEW_ROWS when an arm could have shown nothing of what was shown */
  report(): EffectReport {
    invariant(this.done === this.rounds, 'a study is read at its end');
    const { world, settings, seeds } = this.request;
    const counts = { visitors: world.visitors.length, plays: seeds.length, resamples: settings.resamples };
    const resamples = drawResamples(counts, streamOf(seeds[0] ?? 0, 'resamples'));
    return {
      visitors: world.visitors.length,
      visits: visitsOf(world),
      models: summariseModels(this.models),
      contexts: Array.from(this.tallies, ([name, tally]) => summariseContext(name, { ...tally, ...this.request }, resamples)),
    };
  }

  private sceneOf(seed: number): Scene {
    if (this.scene?.seed === seed) return this.scene;
    const { world, settings } = this.request;
    const arrivals = drawArrivals(world, seed);
    const timeline = segmentTimeline(world, arrivals.order, { settings, seed });
    this.models.push(...timeline.models);
    this.scene = { seed, arrivals, timeline, visits: playedVisits(world, arrivals) };
    return this.scene;
  }

  private begin({ seed, base, arm }: Leg, { arrivals, visits, timeline }: Scene): VisitorPlay {
    const { spec } = this.request;
    const { contexts } = this.tally(base);
    const segments = arm === 'with' ? timeline : null;
    return new VisitorPlay({
      policy: policyOf(spec, contexts.dimension(segments)),
      arrivals,
      visits,
      contexts: contexts.of(visits, arrivals, segments),
      floor: spec.floor,
      rng: streamOf(seed, 'draws'),
    });
  }

  private finish({ base, arm }: Leg, { arrivals, visits }: Scene, play: VisitorPlay): void {
    const { plays, matches } = this.tally(base);
    plays[arm].push(sumPlay({ arrivals, visits, played: play }, this.request.settings.blocks));
    matches[arm] += play.matches;
    this.play = null;
    this.leg++;
  }

  private tally(base: BaseContext): BaseTally {
    const tally = this.tallies.get(base);
    invariant(tally !== undefined, 'every context has a tally');
    return tally;
  }
}

function policyOf({ name, params }: EffectRequest['spec'], dimension: number): Policy {
  const built = createPolicy({ name, params }, dimension);
  if (built.ok) return built.value;
  const { code, parameter, message } = built.error;
  throw new DomainError(code, `${name}: ${message}`, { details: parameter === null ? {} : { parameter } });
}

const visitsOf = ({ visitors }: VisitorWorld): number => visitors.reduce((sum, { visits }) => sum + visits.length, 0);

function playedVisits({ visitors }: VisitorWorld, { visitor, visit }: Arrivals): readonly Visit[] {
  return Array.from(visitor, (who, round) => {
    const played = visitors[who]?.visits[visit[round] ?? 0];
    invariant(played !== undefined, 'arrivals name visits of the world');
    return played;
  });
}
