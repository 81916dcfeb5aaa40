import { capturedLog, eventually } from '@vitrine/testing';
import type { ChangeHandler } from '@vitrine/platform';
import type { SegmentModel } from '../domain/types';
import { aSegmentModel } from '../testing/segment.fixture';
import { SegmentModelWatcher } from './segment-model-watcher';

const model = (version: number, featureNames: readonly string[] = ['x']): SegmentModel => aSegmentModel({ version, featureNames });

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
  let log = capturedLog();
  beforeEach(() => {
    Object.assign(models, { published: null, away: false, reads: 0 });
    handlers.length = 0;
    log = capturedLog();
  });
  afterEach(() => watcher.stop());
  const build = (pollMs: number) => new SegmentModelWatcher({ models, changes, featureNames: ['x'], logger: log.logger, pollMs });
  const NEVER = 1_000_000;

  it('has nothing while nothing is published, and takes what a notice announces', async () => {
    watcher = build(NEVER);
    await watcher.start();
    expect(watcher.current()).toBeNull();
    models.published = model(1);
    for (const handler of handlers) handler({ kind: 'segment-model', id: 'segments', revision: 1 });
    await eventually(() => watcher.current()?.assigner.modelVersion === 1, { what: 'the model' });
    expect(watcher.current()?.assigner.assign(Float64Array.of(3))).toBe('seg-1');
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

  const { pipeline } = aSegmentModel();
  it.each([
    ['reads other features', { featureNames: ['x', 'y'] }],
    ['has a pipeline of another version', { pipeline: JSON.parse(JSON.stringify({ ...pipeline, version: 2 })) }],
  ])('keeps the champion when the next version %s, says so once with its code, and takes the one after', async (_what, over) => {
    models.published = model(1);
    watcher = build(NEVER);
    await watcher.start();
    models.published = aSegmentModel({ version: 2, ...over });
    await watcher.refresh();
    await watcher.refresh();
    expect(watcher.current()?.model.version).toBe(1);
    expect(watcher.current()?.assigner.assign(Float64Array.of(3))).toBe('seg-1');
    const warnings = log.lines().filter(({ level }) => level === 40);
    expect(warnings).toEqual([expect.objectContaining({ modelVersion: 2, stays: 1 })]);
    expect(JSON.stringify(warnings)).toContain('PIPELINE_VERSION_MISMATCH');
    models.published = model(3);
    await watcher.refresh();
    expect(watcher.current()?.model.version).toBe(3);
  });

  it('has nothing any more when nothing is published any more', async () => {
    models.published = model(1);
    watcher = build(NEVER);
    await watcher.start();
    models.published = null;
    await watcher.refresh();
    expect(watcher.current()).toBeNull();
  });
});
