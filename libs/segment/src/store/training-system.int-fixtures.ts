import { rngFromNumber, type Clock } from '@vitrine/kernel';
import { silentLogger } from '@vitrine/testing';
import type { Connection } from 'mongoose';
import { AssignPartition } from '../application/assign-partition';
import { ExtractRows } from '../application/extract-rows';
import { FinishTraining } from '../application/finish-training';
import { FitModel } from '../application/fit-model';
import { PlanSearch } from '../application/plan-search';
import { PublishModel } from '../application/publish-model';
import { RankTrials } from '../application/rank-trials';
import { RunTrial } from '../application/run-trial';
import { inlineCompute, type TrainingCompute } from '../application/training-compute';
import type { TrainingQueue } from '../application/training-ports';
import { TrainingStarter } from '../application/training-starter';
import { ValidateModel } from '../application/validate-model';
import { rungSizes } from '../domain/search/search-settings';
import { bestOf } from '../domain/search/trial-score';
import type { TrainingSettings } from '../domain/training-run';
import { countingIds, FakeMemberships, RecordedQueue, type FakeProfile, type FakeProfiles } from '../testing/in-memory-training.fixture';
import { quickSettings } from '../testing/segment.fixture';
import { syntheticRow } from '../testing/synthetic-rows.fixture';
import { MongoSegmentModelRepository } from './mongo-segment-model.repository';
import { MongoTrainingRowRepository } from './mongo-training-row.repository';
import { MongoTrainingRunRepository } from './mongo-training-run.repository';

export const PARTITIONS = 3;
const NAMES = ['visits', 'purchases', 'recency'];
const KINDS = [
  [0, 0, 0],
  [10, 0, 0],
  [0, 10, 5],
];
const newId = countingIds('id');

/** Three kinds of people; every tenth did not agree to training. */
export function someProfiles(count: number, kinds = KINDS): readonly FakeProfile[] {
  const rng = rngFromNumber(8);
  return Array.from({ length: count }, (_, at) => ({
    profileId: `profile-${String(at).padStart(5, '0')}`,
    profileVersion: 1,
    features: syntheticRow(at, kinds, 1, rng),
    consent: at % 10 === 9 ? ['PERSONALIZATION' as const] : ['TRAINING' as const, 'PERSONALIZATION' as const],
  }));
}

export interface SystemParts {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly profiles: FakeProfiles;
  readonly settings?: Partial<TrainingSettings>;
  readonly queue?: TrainingQueue;
  readonly compute?: TrainingCompute;
}

/** Every step of a training over the real repositories, to be called one by one. */
export function trainingSystem(parts: SystemParts) {
  const { connection, clock, profiles, settings = {}, queue = new RecordedQueue(), compute = inlineCompute } = parts;
  const runs = new MongoTrainingRunRepository(connection);
  const rows = new MongoTrainingRowRepository(connection, clock);
  const models = new MongoSegmentModelRepository(connection);
  const memberships = new FakeMemberships();
  const announced: number[] = [];
  const announce = (version: number) => void announced.push(version);
  const deps = { runs, rows, models, profiles, memberships, clock, newId, queue, announce, compute, keepModels: 5, logger: silentLogger };
  return {
    ...{ runs, rows, models, memberships, announced },
    starter: new TrainingStarter({
      ...{ runs, models, queue, clock, newId, featureNames: NAMES, partitions: PARTITIONS, codeVersion: 'test' },
      ...{ settings: quickSettings(settings), abandonAfterMs: 60_000 },
    }),
    extract: new ExtractRows(deps),
    plan: new PlanSearch(deps),
    trial: new RunTrial(deps),
    rank: new RankTrials(deps),
    fit: new FitModel(deps),
    validate: new ValidateModel(deps),
    publish: new PublishModel(deps),
    assign: new AssignPartition(deps),
    finish: new FinishTraining(deps),
  };
}
export type TrainingSystem = ReturnType<typeof trainingSystem>;

export async function extractAll(system: TrainingSystem, runId: string): Promise<void> {
  for (let partition = 0; partition < PARTITIONS; partition++) await system.extract.execute(runId, partition);
}

/** Every rung, as its jobs would: the trials that ranking asked for, then their ranking. */
export async function search(system: TrainingSystem, runId: string): Promise<void> {
  await system.plan.execute(runId);
  const { configurations, settings } = await system.runs.get(runId);
  let going: readonly number[] = configurations.map((_, number) => number);
  for (const [rung] of rungSizes({ ...settings.search, configurations: configurations.length }).entries()) {
    for (const number of going) await system.trial.execute(runId, rung, number);
    await system.rank.execute(runId, rung);
    const { trials } = await system.runs.get(runId);
    going = bestOf(trials[rung] ?? {}, Math.ceil(going.length / settings.search.keepOneIn));
  }
}

/** To the verdict of the gate. */
export async function trainUpTo(system: TrainingSystem, seed?: number): Promise<string> {
  const run = await system.starter.start({ trigger: 'MANUAL', seed: seed ?? null });
  await extractAll(system, run.id);
  await search(system, run.id);
  await system.fit.execute(run.id);
  await system.validate.execute(run.id);
  return run.id;
}

/** From the verdict to the end. */
export async function complete(system: TrainingSystem, runId: string): Promise<void> {
  await system.publish.execute(runId);
  for (let partition = 0; partition < PARTITIONS; partition++) await system.assign.execute(runId, partition);
  await system.finish.succeed(runId);
}
