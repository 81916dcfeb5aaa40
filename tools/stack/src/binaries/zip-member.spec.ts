import { deflateRawSync } from 'node:zlib';
import { zipMember } from './zip-member';
import { aZip } from '../testing/a-zip';

describe('zipMember', () => {
  const text = Buffer.from('real bytes '.repeat(50));

  it('reads a deflated and a stored member among others', () => {
    const zip = aZip([
      { name: 'a', data: Buffer.from('x') },
      { name: 'dir/b', data: text },
      { name: 'c', data: text, stored: true },
    ]);
    expect(zipMember(zip, 'dir/b')).toEqual({ ok: true, value: text });
    expect(zipMember(zip, 'c')).toEqual({ ok: true, value: text });
  });

  it('refuses what is missing, cut short or no archive', () => {
    const zip = aZip([{ name: 'a', data: text }]);
    expect(zipMember(zip, 'b')).toEqual({ ok: false, error: 'the archive has no b' });
    expect(zipMember(zip.subarray(0, zip.length - 30), 'a')).toEqual({ ok: false, error: 'not a ZIP archive' });
    expect(zipMember(Buffer.from('hello'), 'a')).toEqual({ ok: false, error: 'not a ZIP archive' });
  });

  it('refuses a member whose size is not the one announced', () => {
    const zip = aZip([{ name: 'a', data: text, packed: deflateRawSync(text.subarray(0, 20)) }]);
    expect(zipMember(zip, 'a')).toEqual({ ok: false, error: 'a member of the archive is cut short' });
  });
});
