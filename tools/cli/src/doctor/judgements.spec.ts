import { checkNode } from './check-machine';
import { checkTopology } from './check-mongo';
import { judgeRedis, parseInfo } from './check-redis';

describe('checkNode', () => {
  it('takes 20.19 and newer, refuses older with the way to mend it', () => {
    expect(checkNode('20.19.0').state).toBe('ok');
    expect(checkNode('24.0.0').state).toBe('ok');
    expect(checkNode('20.18.3')).toMatchObject({ state: 'fault', mend: expect.stringContaining('20.19') });
  });
});

describe('checkTopology', () => {
  it('takes a replica set with a primary and a sharded cluster', () => {
    expect(checkTopology({ setName: 'rs0', primary: 'a:1' }).state).toBe('ok');
    expect(checkTopology({ msg: 'isdbgrid' }).state).toBe('ok');
  });

  it('refuses a single server and a set without a primary', () => {
    expect(checkTopology({ isWritablePrimary: true })).toMatchObject({ state: 'fault', mend: expect.stringContaining('--replSet') });
    expect(checkTopology({ setName: 'rs0' })).toMatchObject({ state: 'fault', found: expect.stringContaining('no primary') });
  });
});

describe('judgeRedis', () => {
  const info = (over: Readonly<Record<string, string>> = {}) =>
    new Map(Object.entries({ redis_version: '7.2.5', maxmemory_policy: 'noeviction', aof_enabled: '1', ...over }));
  const states = (...args: Parameters<typeof judgeRedis>) => judgeRedis(...args).map(({ state }) => state);

  it('takes a server that evicts nothing and syncs always', () => {
    expect(states(info(), 'always')).toEqual(['ok', 'ok', 'ok']);
  });

  it('names each fault by itself', () => {
    expect(states(info({ redis_version: '6.0.16' }), 'always')).toEqual(['fault', 'ok', 'ok']);
    expect(states(info({ maxmemory_policy: 'allkeys-lru' }), 'always')).toEqual(['ok', 'fault', 'ok']);
    expect(states(info({ aof_enabled: '0' }), 'always')).toEqual(['ok', 'ok', 'fault']);
    expect(states(info(), 'everysec')).toEqual(['ok', 'ok', 'fault']);
  });

  it('warns only, when the server does not tell its fsync policy', () => {
    expect(states(info(), null)).toEqual(['ok', 'ok', 'warning']);
  });

  it('reads what INFO prints', () => {
    expect(parseInfo('# Server\r\nredis_version:6.2.14\r\nredis_build_id:a:b\r\n').get('redis_build_id')).toBe('a:b');
  });
});
