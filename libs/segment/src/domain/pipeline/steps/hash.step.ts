import { demand } from '../pipeline-errors';
import type { StepKit } from '../step-kit';
import { TextHasher } from './hashed-text';

/**
 * The hashing trick as scikit-learn's FeatureHasher does it for `{ column: text }`: bucket and sign from the MurmurHash3 of `column=text`.
 *
 * @see Weinberger, Dasgupta, Langford, Smola & Attenberg, Feature Hashing for Large Scale Multitask Learning, ICML 2009
 */
export const hashKit: StepKit<'hash'> = {
  fit: ({ columns, name, buckets }, { frame }) => {
    demand(Number.isInteger(buckets) && buckets >= 1, 'hash', 'needs at least one bucket');
    return { step: { kind: 'hash', columns: frame.layout.categoricalChoice(columns), name, buckets } };
  },

  compile: ({ columns, name, buckets }, layout) => {
    const registers = Int32Array.from(columns, (column) => layout.categorical(column));
    const hashers = columns.map((column) => new TextHasher(`${column}=`));
    // A text that was filled in stands in the dictionary only: the row has none.
    const filled = [...registers].map((register) => [...layout.dictionary(register).keys()]);
    const outputs = Int32Array.from({ length: buckets }, (_, bucket) => layout.addNumeric(`${name}:${bucket}`));
    return {
      reads: [],
      writes: [...outputs],
      categorical: true,
      run: ({ numbers, codes, texts }) => {
        for (let bucket = 0; bucket < buckets; bucket++) numbers[outputs[bucket] ?? 0] = 0;
        for (let i = 0; i < registers.length; i++) {
          const register = registers[i] ?? 0;
          const text = texts[register] ?? filled[i]?.[codes[register] ?? -1];
          const hash = text === undefined ? undefined : hashers[i]?.hash(text);
          if (hash !== undefined) countIn(numbers, outputs, hash | 0);
        }
      },
    };
  },

  parse: (fields) => ({ kind: 'hash', columns: fields.texts('columns'), name: fields.text('name'), buckets: fields.number('buckets') }),
};

function countIn(numbers: Float64Array, outputs: Int32Array, signed: number): void {
  const register = outputs[Math.abs(signed) % outputs.length] ?? 0;
  numbers[register] = (numbers[register] ?? 0) + (signed < 0 ? -1 : 1);
}
