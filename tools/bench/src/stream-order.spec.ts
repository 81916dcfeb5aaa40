import { streamOrderSha256 } from './stream-order';

describe('streamOrderSha256', () => {
  // Computed by a separate implementation in Python; 1797 and 8124 rows are those of the labelled sets in data/.
  it.each([
    [1797, 0, 3, 'ff0a3930b215e944db3abb69cc463e57979fa5a1f21b4947ae67fede48db26a6'],
    [1797, 4, 3, '19ebfc9e598e4f36de4fc50c429a64023cb1b2b2655fb597bd51c6fbcc8be9f9'],
    [8124, 1, 1, '7db9dacf8192996a55e8c2b6767a1c30322f73a87855a0adb2cc05a097b0a02d'],
  ])('digests %i rows under seed %i and %i epochs as other implementations do', (rows, seed, epochs, digest) => {
    expect(streamOrderSha256(rows, seed, epochs)).toBe(digest);
  });
});
