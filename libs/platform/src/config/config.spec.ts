import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONFIG_KEYS, loadConfig, redactConfig } from './config';

const key = Buffer.alloc(32, 7).toString('base64');
const GOOD = {
  MONGO_URL: 'mongodb://127.0.0.1/vitrine',
  REDIS_URL: 'redis://127.0.0.1',
  PUBLISHABLE_KEYS: 'pk_0123456789abcdef',
  TOKEN_MASTER_KEYS: `1:${key}`,
  PERSONAL_DATA_KEYS: `1:${key}`,
  DECISION_SEED_KEY: key,
  VISITOR_HASH_KEY: key,
};

describe('loadConfig', () => {
  it('takes the needed values and fills in defaults that are safe for production', () => {
    const config = loadConfig(GOOD);
    expect(config.NODE_ENV).toBe('production');
    expect(config.CONSENT_DEFAULT).toBe('DENIED');
    expect(config.GATEWAY_HOST).toBe('127.0.0.1');
    expect(config.TOKEN_MASTER_KEYS).toEqual([{ id: 1, key: Buffer.alloc(32, 7) }]);
  });

  it('reports all faults at once and echoes no value', () => {
    const load = () =>
      loadConfig({ ...GOOD, MONGO_URL: undefined, REDIS_URL: 'http://hunter2', TOKEN_MASTER_KEYS: '1:c2hvcnQ=', GATEWAY_PORT: 'many' });
    expect(load).toThrow(/4 fault\(s\)/);
    expect(load).toThrow(/MONGO_URL is missing[\s\S]*REDIS_URL[\s\S]*GATEWAY_PORT[\s\S]*TOKEN_MASTER_KEYS/);
    expect(load).not.toThrow(/hunter2/);
  });

  it('never falls back on a malformed value', () => {
    expect(() => loadConfig({ ...GOOD, PROFILE_DEADLINE_MS: '15ms' })).toThrow(/PROFILE_DEADLINE_MS/);
    expect(() => loadConfig({ ...GOOD, CONSENT_DEFAULT: 'granted' })).toThrow(/CONSENT_DEFAULT/);
  });

  it('reads the table of rates, and refuses one that is no table of positive rates', () => {
    expect(loadConfig({ ...GOOD, CURRENCY_RATES: 'USD:0.92, JPY:0.0061' }).CURRENCY_RATES).toEqual(
      new Map([
        ['USD', 0.92],
        ['JPY', 0.0061],
      ]),
    );
    for (const text of ['USD', 'usd:1', 'USD:0', 'USD:-1', 'USD:1e3']) {
      expect(() => loadConfig({ ...GOOD, CURRENCY_RATES: text })).toThrow(/CURRENCY_RATES/);
    }
  });

  it('reads networks of both families, and refuses what is none', () => {
    expect(loadConfig({ ...GOOD, INTERNAL_NETWORKS: '10.0.0.0/8, 2001:db8::/32' }).INTERNAL_NETWORKS).toEqual([
      '10.0.0.0/8',
      '2001:db8::/32',
    ]);
    expect(loadConfig(GOOD).INTERNAL_NETWORKS).toEqual([]);
    for (const text of ['10.0.0.0', '10.0.0.0/33', '2001:db8::/129', '10.0.0/8', 'office/8', '10.0.0.0/8/8', '10.0.0.0/-1']) {
      expect(() => loadConfig({ ...GOOD, INTERNAL_NETWORKS: text })).toThrow(/INTERNAL_NETWORKS/);
    }
  });

  it('refuses to run in production without a single key', () => {
    expect(() => loadConfig({ ...GOOD, PUBLISHABLE_KEYS: '' })).toThrow(/at least one publishable or secret key/);
    expect(loadConfig({ ...GOOD, PUBLISHABLE_KEYS: '', NODE_ENV: 'development' }).PUBLISHABLE_KEYS).toEqual([]);
  });

  it('prints secrets as redacted', () => {
    const text = JSON.stringify(redactConfig(loadConfig(GOOD)));
    expect(text).not.toContain('pk_0123');
    expect(text).not.toContain('mongodb://');
    expect(text).toContain('[redacted]');
  });
});

describe('.env.example', () => {
  it('names every setting, and only settings that exist', () => {
    const text = readFileSync(join(__dirname, '../../../../.env.example'), 'utf8');
    const names = text.split('\n').flatMap((line) => (/^[A-Z_]+=/.test(line) ? [line.slice(0, line.indexOf('='))] : []));
    expect(names.toSorted()).toEqual([...CONFIG_KEYS].toSorted());
  });

  it('shows the real defaults', () => {
    const text = readFileSync(join(__dirname, '../../../../.env.example'), 'utf8');
    const config: Readonly<Record<string, unknown>> = loadConfig(GOOD);
    for (const line of text.split('\n')) {
      const [name = '', shown = ''] = line.split('=');
      if (!/^[A-Z_]+$/.test(name) || shown === '') continue;
      expect([name, String(config[name])]).toEqual([name, shown]);
    }
  });
});
