import { eventually, silentLogger } from '@vitrine/testing';
import type { ChangeHandler } from '@vitrine/platform';
import type { SegmentModel } from '../domain/types';
import { SegmentModelWatcher } from './segment-model-watcher';

const model = (version: number, featureNames: readonly string[] = ['x']): SegmentModel => ({
  ...{
    version,
    status: 'PUBLISHED',
    featureNames,
    center: [0],
    scale: [1],
    clip: 6,
    centroids: [[0]],
    metrics: {},
    trainedRows: 1,
    seed: 1,
  },
  ...{ segments: [{ id: 'seg-0', name: 'Average', share: 1, size: 0 }], createdAt: 0, refusal: null },
});

class FakeModels {
  published: SegmentModel | null = null;
  away = false;
  reads = 0;
  findPublishedVersion(): Promise<number | null> {
    return this.away ? Promise.reject(new TypeError('no connection')) : Promise.resolve(this.published?.version ?? null);
  }
  find(): Promise<SegmentModel | null> {
    this.reads++;
    return Promise.resolve(this.published);
  }
}

describe('SegmentModelWatcher', () => {
  const models = new FakeModels();
  const handlers: ChangeHandler[] = [];
  const changes = { on: (handler: ChangeHandler) => void handlers.push(handler), onGap: () => undefined };
  let watcher: SegmentModelWatcher;
  beforeEach(() => {
    Object.assign(models, { published: null, away: false, reads: 0 });
    handlers.length = 0;
  });
  afterEach(() => watcher.stop());
  const build = (pollMs: number) => new SegmentModelWatcher({ models, changes, featureNames: ['x'], logger: silentLogger, pollMs });
  const NEVER = 1_000_000;

  it('has nothing while nothing is published, and takes what a notice announces', async () => {
    watcher = build(NEVER);
    await watcher.start();
    expect(watcher.current()).toBeNull();
    models.published = model(1);
    for (const handler of handlers) handler({ kind: 'segment-model', id: 'segments', revision: 1 });
    await eventually(() => watcher.current()?.assigner.modelVersion === 1, { what: 'the model' });
    expect(watcher.current()?.assigner.assign(Float64Array.of(3))).toBe('seg-0');
  });

  it('finds a change by polling when its notice was lost, and reads the model once', async () => {
    watcher = build(5);
    await watcher.start();
    models.published = model(2);
    await eventually(() => watcher.current()?.model.version === 2, { what: 'the model' });
    await watcher.refresh();
    await watcher.refresh();
    expect(models.reads).toBe(1);
  });

  it('keeps the last model while the database is away and follows again afterwards', async () => {
    models.published = model(1);
    watcher = build(NEVER);
    await watcher.start();
    models.away = true;
    models.published = model(2);
    await watcher.refresh();
    expect(watcher.current()?.model.version).toBe(1);
    models.away = false;
    await watcher.refresh();
    expect(watcher.current()?.model.version).toBe(2);
  });

  it('starts without a database', async () => {
    models.away = true;
    watcher = build(NEVER);
    await expect(watcher.start()).resolves.toBeUndefined();
    expect(watcher.current()).toBeNull();
  });

  it('does not use a model over features that this process does not encode', async () => {
    models.published = model(1, ['y']);
    watcher = build(NEVER);
    await watcher.start();
    expect(watcher.current()).toBeNull();
  });
});
