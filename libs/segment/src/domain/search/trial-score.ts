/** What one configuration reached on rows that it was not fitted to. */
export interface TrialScore {
  /** Segments that were found, at most those asked for. */
  readonly segments: number;
  /** Mean silhouette of tuning rows, in the space of the scaled features. */
  readonly silhouette: number;
  /** Mean adjusted Rand index between its labels of the tuning rows and those of models of resampled rows. */
  readonly stability: number;
  /** Smallest share of tuning rows in one segment. */
  readonly smallestShare: number;
  /** Bayesian information criterion per row of a mixture, lower is better; null for other algorithms. */
  readonly bic: number | null;
  /** Share of the deviance of the response, at a later time and of other people, that segments explain; null where no response is known. */
  readonly responseGain: number | null;
  readonly rows: number;
  /** Why it cannot win: a rule of the gate that it would break; null when it can. */
  readonly obstacle: string | null;
}

/** Widths of what counts as equal: differences below them are chance. */
const RESPONSE_STEP = 0.0005;
const STRUCTURE_STEP = 0.001;

/**
 * Which of two is better, as a comparator (negative: `a`). What can pass the gate comes first; then what tells most of the response at a
 * later time; between equals, and where no response is known, silhouette times stability; then fewer segments. Figures are compared in
 * steps, which keeps the order transitive.
 */
export function compareScores(a: TrialScore, b: TrialScore): number {
  if ((a.obstacle === null) !== (b.obstacle === null)) return a.obstacle === null ? -1 : 1;
  const inSteps = (value: number, step: number): number => Math.round(value / step);
  const gain = inSteps(b.responseGain ?? 0, RESPONSE_STEP) - inSteps(a.responseGain ?? 0, RESPONSE_STEP);
  if (gain !== 0) return gain;
  const structure = inSteps(b.silhouette * b.stability, STRUCTURE_STEP) - inSteps(a.silhouette * a.stability, STRUCTURE_STEP);
  return structure === 0 ? a.segments - b.segments : structure;
}

/**
 * Numbers of the configurations that go on, best first.
 *
 * @param scores by number of configuration, of one rung
 */
export function bestOf(scores: Readonly<Record<string, TrialScore>>, count: number): readonly number[] {
  return Object.entries(scores)
    .map(([number, score]) => ({ number: Number(number), score }))
    .toSorted((a, b) => compareScores(a.score, b.score) || a.number - b.number)
    .slice(0, count)
    .map(({ number }) => number);
}
