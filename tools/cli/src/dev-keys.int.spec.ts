import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '@vitrine/platform';
import { devKeysFile, envFromKeys, loadOrCreateDevKeys } from './dev-keys';
import { checkConfiguration } from './doctor/check-configuration';

describe('the local keys', () => {
  let dataDir = '';
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'vitrine-keys-'));
  });
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

  it('are made once and stay the same', () => {
    expect(loadOrCreateDevKeys(dataDir)).toEqual(loadOrCreateDevKeys(dataDir));
  });

  it('differ between installations', () => {
    const other = loadOrCreateDevKeys(join(dataDir, 'other'));
    expect(loadOrCreateDevKeys(dataDir).tokenMasterKey).not.toBe(other.tokenMasterKey);
  });

  it('can be read by their owner alone', () => {
    loadOrCreateDevKeys(dataDir);
    expect(statSync(devKeysFile(dataDir)).mode & 0o777).toBe(0o600);
  });

  it('are a configuration that production would take', () => {
    const env = envFromKeys(loadOrCreateDevKeys(dataDir));
    const config = loadConfig({ NODE_ENV: 'production', MONGO_URL: 'mongodb://x', REDIS_URL: 'redis://x', ...env });
    expect(config.TOKEN_MASTER_KEYS).toEqual([{ id: 1, key: expect.objectContaining({ length: 32 }) }]);
    expect(JSON.stringify(env)).not.toContain('PRIVATE KEY');
  });

  it('are not replaced when the file is damaged', () => {
    writeFileSync(devKeysFile(dataDir), '{}');
    expect(() => loadOrCreateDevKeys(dataDir)).toThrow('keys.json is damaged');
    expect(statSync(devKeysFile(dataDir)).size).toBe(2);
  });

  describe('as the doctor sees them', () => {
    it('are missing at first, with the way to mend it', () => {
      expect(checkConfiguration({ env: {}, dataDir })).toEqual([
        expect.objectContaining({
          state: 'fault',
          found: expect.stringContaining('TOKEN_MASTER_KEYS is missing'),
          mend: expect.stringContaining('"up"'),
        }),
      ]);
    });

    it('are fine once made, and a fault when others can read them', () => {
      loadOrCreateDevKeys(dataDir);
      expect(checkConfiguration({ env: {}, dataDir }).map(({ state }) => state)).toEqual(['ok', 'ok']);
      chmodSync(devKeysFile(dataDir), 0o644);
      expect(checkConfiguration({ env: {}, dataDir })).toContainEqual(expect.objectContaining({ check: 'key file', state: 'fault' }));
    });
  });
});
