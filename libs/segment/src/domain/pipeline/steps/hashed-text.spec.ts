import fc from 'fast-check';
import { murmur3 } from '@vitrine/kernel';
import { TextHasher } from './hashed-text';

it('hashes a text behind its prefix as the kernel hashes both together, whatever it holds', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.array(fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), fc.string({ minLength: 60 }))),
      (prefix, list) => {
        const hasher = new TextHasher(prefix);
        for (const text of list) expect(hasher.hash(text)).toBe(murmur3(prefix + text));
      },
    ),
  );
});

it('reads half of a surrogate pair as an encoder of UTF-8 does', () => {
  for (const text of ['\ud83c', 'a\udf88b', '\udf88\ud83c']) expect(new TextHasher('x=').hash(text)).toBe(murmur3(`x=${text}`));
});
