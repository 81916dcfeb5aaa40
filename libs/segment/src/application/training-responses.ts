import type { RowSplit } from '../domain/row-split';
import { isTelling, type ResponsePair } from '../domain/training/labelled-table';
import { responseRows, type TrainingRun } from '../domain/training-run';
import type { TrainingRowRepository } from './training-ports';

/** Fewest people who responded, and who did not, on either side, for responses to be learned from. */
const FEWEST_OF_EACH = 20;

/** The responses of the people that train, and of those of a judging split; null where they say too little. */
export async function responsesOf(
  rows: Pick<TrainingRowRepository, 'loadResponses'>,
  run: TrainingRun,
  judging: Exclude<RowSplit, 'TRAIN'>,
): Promise<ResponsePair | null> {
  if (responseRows(run.extracted, 'TRAIN') < FEWEST_OF_EACH || responseRows(run.extracted, judging) < FEWEST_OF_EACH) return null;
  const [train, judge] = [await rows.loadResponses(run, 'TRAIN'), await rows.loadResponses(run, judging)];
  return isTelling({ train, judge }, FEWEST_OF_EACH) ? { train, judge } : null;
}
