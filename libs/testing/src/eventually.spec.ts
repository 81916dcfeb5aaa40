import { eventually } from './eventually';
import { fakeClock } from './fake-clock';
import { capturedLog } from './silent-logger';
import { testServiceUrl, withDatabase } from './test-service-url';

describe('eventually', () => {
  it('returns the first value that is there', async () => {
    let calls = 0;
    expect(await eventually(() => (++calls < 3 ? null : calls), { what: 'a third call' })).toBe(3);
  });

  it('names what it waited for, and why the last attempt failed', async () => {
    const broken = () => {
      throw new RangeError('not yet');
    };
    await expect(eventually(broken, { deadlineMs: 10, what: 'the impossible' })).rejects.toThrow('for the impossible: not yet');
  });

  it('explains itself where the caller can', async () => {
    const waiting = eventually(() => false, { deadlineMs: 1, what: 'the worker', explain: () => ': its log says why' });
    await expect(waiting).rejects.toThrow('in vain for the worker: its log says why');
  });

  it('takes zero and the empty text for values', async () => {
    expect(await eventually(() => 0, { deadlineMs: 1, what: 'zero' })).toBe(0);
  });
});

describe('fakeClock', () => {
  it('moves only when told', () => {
    const clock = fakeClock(1_000);
    clock.advance(250);
    expect(clock.now()).toBe(1_250);
    clock.set(5);
    expect(clock.now()).toBe(5);
  });
});

describe('testServiceUrl', () => {
  it('fails with the way to mend it when the variable is missing or empty', () => {
    expect(() => testServiceUrl('VITRINE_TEST_MONGO_URL', {})).toThrow(/VITRINE_TEST_MONGO_URL is not set.*npm test/);
    expect(() => testServiceUrl('VITRINE_TEST_REDIS_URL', { VITRINE_TEST_REDIS_URL: '' })).toThrow('VITRINE_TEST_REDIS_URL is not set');
  });
});

describe('withDatabase', () => {
  it.each([
    ['mongodb://127.0.0.1:1/?replicaSet=rs0', 'mongodb://127.0.0.1:1/x?replicaSet=rs0'],
    ['mongodb://a:1,b:2/old?w=1', 'mongodb://a:1,b:2/x?w=1'],
    ['mongodb://u:p@a', 'mongodb://u:p@a/x'],
  ])('puts the name into %s', (url, expected) => {
    expect(withDatabase(url, 'x')).toBe(expected);
  });
});

describe('capturedLog', () => {
  it('gives the lines back parsed', () => {
    const log = capturedLog();
    log.logger.info({ jobId: 'j1' }, 'done');
    expect(log.lines()).toEqual([expect.objectContaining({ jobId: 'j1', msg: 'done' })]);
  });
});
