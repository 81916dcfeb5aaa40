import { DomainError } from '@vitrine/kernel';
import { isTooFewPeople } from '../gate/judge-candidate';
import { silhouetteScore } from '../metrics/silhouette-score';
import { compilePipeline } from '../pipeline/compile-pipeline';
import { fitPipeline } from '../pipeline/fit-pipeline';
import type { RawTable } from '../pipeline/raw-table';
import { takeRows, type RowMatrix } from '../row-matrix';
import { countLabels, groupRows, assignGroups, partRng, type Grouping } from '../training/group-rows';
import { rfmColumnsOf } from '../training/group-by-rules';
import { takeTableRows, type LabelledTable, type ResponsePair } from '../training/labelled-table';
import { responseGain } from '../training/response-gain';
import { sampleOrder } from '../training/sample-order';
import { neutralPipelineSpec, segmentPipelineSpec } from '../training/segment-pipeline';
import { resampledAgreement } from '../training/stability';
import type { TrainingSettings } from '../training-run';
import type { SegmentConfiguration } from './configuration';
import { rungRows } from './search-settings';
import type { TrialScore } from './trial-score';

export interface TrialRequest {
  readonly train: RawTable;
  /** Rows of other people; configurations are chosen on them. */
  readonly tune: RawTable;
  /** Each judges by other people at a later time; several are averaged. None where responses say too little. */
  readonly responses: readonly ResponsePair[];
  readonly configuration: SegmentConfiguration;
  readonly rung: number;
  readonly settings: TrainingSettings;
  readonly seed: number;
}

/** Random parts of one trial, so that no part's draws depend on another's. */
const PART = { train: 1, tune: 2, fit: 3, resample: 4 } as const;
/** A search needs fewer refinements than the model that stays. */
const SEARCH_RESTARTS = 2;
const SEARCH_ITERATIONS = 40;

/**
 * Fits one configuration on as many training rows as its rung allows and scores it on rows of other people. Every configuration of a
 * rung sees the same rows. The same request gives the same score, bit for bit. A configuration that cannot be fitted to these rows scores
 * last and says why; where none can, the fit of the last one tells.
 */
export function evaluateTrial(request: TrialRequest): TrialScore {
  try {
    return scoreOf(request);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const nothing = { segments: 0, silhouette: -1, stability: 0, smallestShare: 0, bic: null, responseGain: null, rows: 0 };
    return { ...nothing, obstacle: `${error.code}: ${error.message}` };
  }
}

function scoreOf({ train, tune, responses, configuration, rung, settings, seed }: TrialRequest): TrialScore {
  const sample = takeTableRows(train, sampleOrder(train.rows, rungRows(settings.search, rung), partRng(seed, PART.train)));
  const judge = takeTableRows(tune, sampleOrder(tune.rows, settings.silhouetteRows, partRng(seed, PART.tune)));
  const { pipeline, rows } = fitPipeline(segmentPipelineSpec(sample, configuration), sample, { seed });
  const compiled = compilePipeline(pipeline);
  const options = {
    ...{ algorithm: configuration.algorithm, segments: configuration.segments },
    ...{ restarts: SEARCH_RESTARTS, maxIterations: SEARCH_ITERATIONS, rfmColumns: rfmColumnsOf(sample, configuration) },
  };
  const grouping = groupRows(rows, options, partRng(seed, PART.fit));
  const points = compiled.transformTable(judge);
  const labels = assignGroups(points, grouping.clusterer);
  const space = compilePipeline(fitPipeline(neutralPipelineSpec(sample), sample, { seed }).pipeline).transformTable(judge);
  const agreement = resampledAgreement(
    { train: atMost(rows, settings.search.firstRows), judge: points, labels, options, resamples: settings.search.resamples },
    partRng(seed, PART.resample),
  );
  const figures = {
    segments: grouping.sizes.length,
    silhouette: silhouetteScore(space, labels, grouping.sizes.length),
    stability: agreement.reduce((sum, index) => sum + index, 0) / Math.max(1, agreement.length),
    smallestShare: Math.min(...countLabels(labels, grouping.sizes.length)) / Math.max(1, judge.rows),
    bic: grouping.bic,
    responseGain: gainOf(responses, grouping, compiled),
    rows: sample.rows,
  };
  return { ...figures, obstacle: obstacleOf(figures, settings, train.rows) };
}

function gainOf(
  pairs: readonly ResponsePair[],
  { clusterer, sizes }: Grouping,
  compiled: { readonly transformTable: (table: RawTable) => RowMatrix },
): number | null {
  const grouped = ({ table, target }: LabelledTable) => ({ labels: assignGroups(compiled.transformTable(table), clusterer), target });
  const gains = pairs.map(({ train, judge }) => {
    return { gain: responseGain(grouped(train), grouped(judge), sizes.length), people: judge.table.rows };
  });
  const people = gains.reduce((sum, pair) => sum + pair.people, 0);
  return people === 0 ? null : gains.reduce((sum, pair) => sum + (pair.gain * pair.people) / people, 0);
}

function atMost(rows: RowMatrix, limit: number): RowMatrix {
  return rows.rows <= limit
    ? rows
    : takeRows(
        rows,
        Int32Array.from({ length: limit }, (_, at) => at),
      ); // they lie in random order
}

/** Rules of the gate that a model like this would break for sure. */
function obstacleOf(figures: Omit<TrialScore, 'obstacle'>, { gate }: TrainingSettings, trainRows: number): string | null {
  if (figures.segments < 2) return 'NO_STRUCTURE';
  if (figures.smallestShare < gate.minShare || isTooFewPeople(figures.smallestShare, trainRows)) return 'SEGMENT_TOO_SMALL';
  if (figures.stability < gate.minStability) return 'UNSTABLE';
  if (figures.silhouette < gate.minSilhouette) return 'NO_STRUCTURE';
  return null;
}
