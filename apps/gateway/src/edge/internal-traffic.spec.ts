import { createInternalNetworks, isInternalRequest } from './internal-traffic';

describe('internal networks', () => {
  const isInternal = createInternalNetworks(['10.20.0.0/16', '192.0.2.7/32', '2001:db8:1::/48']);

  it.each([
    ['10.20.255.1', true],
    ['10.21.0.1', false],
    ['192.0.2.7', true],
    ['192.0.2.8', false],
    ['::ffff:10.20.3.4', true],
    ['::ffff:10.21.3.4', false],
    ['2001:db8:1:ffff::1', true],
    ['2001:db8:2::1', false],
    ['', false],
  ])('say of %p that it is inside: %p', (address, inside) => {
    expect(isInternal(address)).toBe(inside);
  });

  it('are none unless they are named', () => {
    expect(['127.0.0.1', '::1', '10.0.0.1'].filter(createInternalNetworks([]))).toEqual([]);
  });
});

describe('isInternalRequest', () => {
  const keyId = 'k';
  it('takes apps inside and staff anywhere for our own, and shoppers of a server inside for shoppers', () => {
    expect(isInternalRequest({ kind: 'publishable', keyId }, true)).toBe(true);
    expect(isInternalRequest({ kind: 'publishable', keyId }, false)).toBe(false);
    expect(isInternalRequest({ kind: 'visitor', keyId, userId: 'u' }, true)).toBe(true);
    expect(isInternalRequest({ kind: 'staff', keyId, subject: 's', role: 'viewer' }, false)).toBe(true);
    expect(isInternalRequest({ kind: 'secret', keyId }, true)).toBe(false);
  });
});
