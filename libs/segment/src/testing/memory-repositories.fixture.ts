import { DomainError } from '@vitrine/kernel';
import type { SegmentModelRepository, TrainingRunRepository } from '../application/training-ports';
import { TRAINING_STEPS, type TrainingRun } from '../domain/training-run';
import type { SegmentModel } from '../domain/types';

/** Runs in memory, kept under the rules of the port. */
export class MemoryRuns implements TrainingRunRepository {
  readonly held = new Map<string, TrainingRun>();

  constructor(...runs: readonly TrainingRun[]) {
    for (const run of runs) this.held.set(run.id, run);
  }

  create(run: TrainingRun) {
    const taken = [...this.held.values()].some((other) => {
      return other.status === 'RUNNING' || (other.modelVersion === run.modelVersion && other.kind === 'TRAIN' && run.kind === 'TRAIN');
    });
    if (!taken) this.held.set(run.id, run);
    return Promise.resolve(taken ? ('busy' as const) : ('created' as const));
  }

  get(id: string): Promise<TrainingRun> {
    const run = this.held.get(id);
    return run === undefined ? Promise.reject(new DomainError('NOT_FOUND')) : Promise.resolve(run);
  }

  findActive() {
    return Promise.resolve([...this.held.values()].find(({ status }) => status === 'RUNNING') ?? null);
  }

  lastModelVersion() {
    return Promise.resolve(Math.max(0, ...[...this.held.values()].map(({ modelVersion }) => modelVersion)));
  }

  list(limit: number, before: string | null) {
    const newest = [...this.held.values()].toSorted((a, b) => b.startedAt - a.startedAt);
    const from = before === null ? 0 : newest.findIndex(({ id }) => id === before) + 1;
    return Promise.resolve(newest.slice(from, from + limit));
  }

  count() {
    return Promise.resolve(this.held.size);
  }

  prune(keep: number) {
    const old = [...this.held.values()].toSorted((a, b) => b.startedAt - a.startedAt).slice(keep);
    const gone = old.filter(({ status }) => status !== 'RUNNING');
    for (const { id } of gone) this.held.delete(id);
    return Promise.resolve(gone.length);
  }

  commitExtraction(...[id, partition, part]: Parameters<TrainingRunRepository['commitExtraction']>) {
    return this.change(id, ({ extracted }) => ({ extracted: { [partition]: part, ...extracted } }));
  }

  saveAssignment(...[id, partition, part]: Parameters<TrainingRunRepository['saveAssignment']>) {
    return this.change(id, ({ assigned }) => (assigned[partition]?.done === true ? {} : { assigned: { ...assigned, [partition]: part } }));
  }

  savePlan(...[id, plan]: Parameters<TrainingRunRepository['savePlan']>) {
    return this.change(id, ({ fingerprint }) => (fingerprint === null ? plan : {}));
  }

  saveTrial(...[id, { rung, number, score }]: Parameters<TrainingRunRepository['saveTrial']>) {
    return this.change(id, ({ trials }) => ({ trials: { ...trials, [rung]: { [number]: score, ...trials[rung] } } }));
  }

  saveChoice(id: string, chosen: number) {
    return this.change(id, () => ({ chosen }));
  }

  saveLog(...[id, step, metrics]: Parameters<TrainingRunRepository['saveLog']>) {
    return this.change(id, ({ log }) => ({ log: { ...log, [step]: metrics } }));
  }

  moveTo(...[id, step, updatedAt]: Parameters<TrainingRunRepository['moveTo']>) {
    const forward = (from: TrainingRun['step']): boolean => TRAINING_STEPS.indexOf(step) >= TRAINING_STEPS.indexOf(from);
    return this.change(id, (run) => (forward(run.step) ? { step, updatedAt } : {}));
  }

  touch(id: string, updatedAt: number) {
    return this.change(id, () => ({ updatedAt }));
  }

  finish(...[id, end, now]: Parameters<TrainingRunRepository['finish']>) {
    return this.change(id, () => ({ ...end, updatedAt: now, finishedAt: now }));
  }

  async abandon(id: string, quietSince: number, now: number): Promise<boolean> {
    const run = this.held.get(id);
    if (run?.status !== 'RUNNING' || run.updatedAt > quietSince) return false;
    await this.change(id, () => ({ status: 'FAILED', finishedAt: now }));
    return true;
  }

  private change(id: string, next: (run: TrainingRun) => Partial<TrainingRun>): Promise<void> {
    const run = this.held.get(id);
    if (run?.status === 'RUNNING') this.held.set(id, { ...run, ...next(run) });
    return Promise.resolve();
  }
}

/** Versions in memory, kept under the rules of the port. */
export class MemoryModels implements SegmentModelRepository {
  readonly held = new Map<number, SegmentModel>();

  constructor(...models: readonly SegmentModel[]) {
    for (const model of models) this.held.set(model.version, model);
  }

  find(version: number) {
    return Promise.resolve(this.held.get(version) ?? null);
  }

  findPublished() {
    return Promise.resolve(this.live());
  }

  findPublishedVersion() {
    return Promise.resolve(this.live()?.version ?? null);
  }

  list(limit: number, before: number | null) {
    const newest = [...this.held.values()].toSorted((a, b) => b.version - a.version);
    return Promise.resolve(newest.filter(({ version }) => before === null || version < before).slice(0, limit));
  }

  count() {
    return Promise.resolve(this.held.size);
  }

  nextSegment() {
    return Promise.resolve(Math.max(0, ...[...this.held.values()].map(({ nextSegment }) => nextSegment)));
  }

  insert(model: SegmentModel) {
    if (!this.held.has(model.version)) this.held.set(model.version, model);
    return Promise.resolve();
  }

  saveVerdict(...[version, { refusal, metrics }]: Parameters<SegmentModelRepository['saveVerdict']>) {
    const model = this.held.get(version);
    if (model?.status === 'CANDIDATE') this.set(version, { metrics, refusal, status: refusal === null ? 'CANDIDATE' : 'REFUSED' });
    return Promise.resolve();
  }

  publish(version: number) {
    if (this.held.get(version)?.status === 'CANDIDATE') this.replaceLive(version);
    return Promise.resolve(this.held.get(version)?.status === 'PUBLISHED');
  }

  restore(from: number, to: number) {
    const possible = this.live()?.version === from && this.held.get(to)?.status === 'RETIRED';
    if (possible) this.replaceLive(to);
    return Promise.resolve(possible);
  }

  saveSizes(version: number, sizes: Readonly<Record<string, number>>) {
    const segments = this.held.get(version)?.segments ?? [];
    this.set(version, { segments: segments.map((segment) => ({ ...segment, size: sizes[segment.id] ?? 0 })) });
    return Promise.resolve();
  }

  prune() {
    return Promise.resolve([]);
  }

  private live(): SegmentModel | null {
    return [...this.held.values()].find(({ status }) => status === 'PUBLISHED') ?? null;
  }

  private replaceLive(version: number): void {
    for (const { version: other, status } of this.held.values()) if (status === 'PUBLISHED') this.set(other, { status: 'RETIRED' });
    this.set(version, { status: 'PUBLISHED' });
  }

  private set(version: number, change: Partial<SegmentModel>): void {
    const model = this.held.get(version);
    if (model !== undefined) this.held.set(version, { ...model, ...change });
  }
}
