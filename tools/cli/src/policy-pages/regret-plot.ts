import {
  ARRIVALS_INSTANCE,
  BERNOULLI_INSTANCE,
  createPolicy,
  KINDS_INSTANCE,
  LINEAR_INSTANCE,
  POLICIES,
  simulateRegret,
  SWITCHING_INSTANCE,
  type BanditInstance,
} from '@vitrine/bandit';
import { invariant } from '@vitrine/kernel';
import { defaultText } from './parameter-text';
import { svgPlot, type PlotSeries } from './svg-plot';

export const PLOT_RUNS = 20;
export const PLOT_POINTS = 50;
/** Half the width of a 95 % interval of a mean, in standard errors. */
const BAND = 1.96;

interface Scene {
  readonly instance: BanditInstance;
  /** The policy to compare with there: the one that does well, or the one whose assumption is missing. */
  readonly reference: string;
  /** Policies whose plot is set here although their kind would put them elsewhere. */
  readonly policies: readonly string[];
}

const SWITCHING: Scene = {
  instance: SWITCHING_INSTANCE,
  reference: 'change-point-thompson',
  policies: [
    'discounted-ucb',
    'sliding-window-ucb',
    'discounted-thompson',
    'sliding-window-thompson',
    'change-point-thompson',
    'exp3',
    'exp3-ix',
  ],
};
const ARRIVALS: Scene = { instance: ARRIVALS_INSTANCE, reference: 'beta-thompson', policies: ['hierarchical-thompson'] };
const KINDS: Scene = {
  instance: KINDS_INSTANCE,
  reference: 'linear-thompson',
  policies: ['shared-lin-ucb', 'shared-linear-thompson', 'hybrid-lin-ucb', 'hybrid-linear-thompson', 'hierarchical-linear-thompson'],
};
const LINEAR: Scene = { instance: LINEAR_INSTANCE, reference: 'auto', policies: [] };
const BERNOULLI: Scene = { instance: BERNOULLI_INSTANCE, reference: 'beta-thompson', policies: [] };

/** Where a policy is shown: the world that its assumptions are about. */
export function sceneOf(policy: string): Scene {
  const placed = [SWITCHING, ARRIVALS, KINDS].find(({ policies }) => policies.includes(policy));
  if (placed !== undefined) return placed;
  return POLICIES.find(({ name }) => name === policy)?.contextual === true ? LINEAR : BERNOULLI;
}

/** What the plot shows, in words. */
export function plotCaption(policy: string): string {
  const { instance, reference } = sceneOf(policy);
  const others = policy === reference || policy === 'uniform' ? 'uniform choice' : `uniform choice and \`${reference}\``;
  const against = policy === 'uniform' ? `\`${reference}\`` : others;
  return `Pseudo-regret against ${against}, all with their defaults: ${instance.description}. Mean of ${PLOT_RUNS} runs with its 95 % interval; the lower the better.`;
}

/** The caption and the parameters that were simulated: kept in the plot, so that one drawn with other defaults is found out. */
export function plotDescription(policy: string): string {
  const parameters = POLICIES.find(({ name }) => name === policy)?.parameters ?? {};
  const texts = Object.entries(parameters).map(([name, parameter]) => `${name} ${defaultText(parameter)}`);
  return `${plotCaption(policy).replaceAll('`', '')} ${policy}: ${texts.join('; ') || 'no parameters'}.`;
}

/** Mean and standard error of a curve over runs. */
export interface RegretCurve {
  readonly policy: string;
  readonly mean: Float64Array;
  readonly standardError: Float64Array;
}

/** Computes a curve run by run, so that the caller can breathe in between; the last step gives the curve. */
export function* regretCurve(policy: string, instance: BanditInstance, runs: number): Generator<void, RegretCurve> {
  const curves: Float64Array[] = [];
  for (let run = 0; run < runs; run++) {
    const built = createPolicy({ name: policy, params: {} }, instance.dimension);
    invariant(built.ok, 'a policy builds from its defaults');
    curves.push(simulateRegret({ policy: built.value, instance, seed: run + 1, floor: 0, points: PLOT_POINTS }));
    yield;
  }
  const mean = new Float64Array(PLOT_POINTS).map((_, i) => curves.reduce((sum, curve) => sum + (curve[i] ?? 0), 0) / runs);
  const standardError = mean.map((centre, i) => {
    const squares = curves.reduce((sum, curve) => sum + ((curve[i] ?? 0) - centre) ** 2, 0);
    return runs < 2 ? 0 : Math.sqrt(squares / (runs - 1) / runs);
  });
  return { policy, mean, standardError };
}

const COLORS = { own: '#d9480f', reference: '#1864ab', uniform: '#868e96' } as const;

/** @param curves of the policy, of uniform choice and of the reference, each once */
export function regretSvg(policy: string, curves: readonly RegretCurve[]): string {
  const { instance } = sceneOf(policy);
  const series = curves.map(({ policy: name, mean, standardError }): PlotSeries => {
    const x = Array.from(mean, (_, i) => ((i + 1) * instance.horizon) / PLOT_POINTS);
    const points = x.map((at, i) => ({ x: at, y: mean[i] ?? 0, reach: BAND * (standardError[i] ?? 0) }));
    return {
      label: `${name}: ${Math.round(mean.at(-1) ?? 0)}`,
      color: name === policy ? COLORS.own : name === 'uniform' ? COLORS.uniform : COLORS.reference,
      points: [{ x: 0, y: 0, reach: 0 }, ...points],
    };
  });
  return svgPlot({
    title: `Pseudo-regret of ${policy} (${instance.name})`,
    description: plotDescription(policy),
    xLabel: 'rounds',
    yLabel: 'pseudo-regret',
    series,
  });
}

/** The policies whose curves a plot needs, the one in question last so that it lies on top. */
export function curvesOf(policy: string): readonly string[] {
  return [...new Set(['uniform', sceneOf(policy).reference, policy])].toSorted((a, b) => Number(a === policy) - Number(b === policy));
}
