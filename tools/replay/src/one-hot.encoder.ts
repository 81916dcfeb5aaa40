import { murmur3 } from '@vitrine/kernel';

type Row = Readonly<Record<string, string>>;

/**
 * Texts as numbers: one place per value of each field, after a constant 1. When there are more values than `mostPlaces`, values share places by
 * hash, so that the dimension stays bounded whatever the file holds.
 *
 * @see Weinberger, Dasgupta, Langford, Smola & Attenberg, Feature Hashing for Large Scale Multitask Learning, ICML 2009 (here without the signs,
 *   which keep inner products unbiased but would let a collision cancel two features)
 */
export class OneHotEncoder {
  readonly dimension: number;
  readonly isHashed: boolean;
  private readonly places = new Map<string, number>();

  /** @param vocabulary the values of each field; an empty text is no value, and has no place */
  constructor(
    private readonly vocabulary: ReadonlyMap<string, readonly string[]>,
    private readonly mostPlaces: number,
  ) {
    for (const [field, values] of vocabulary) {
      for (const value of values) if (value !== '') this.places.set(keyOf(field, value), this.places.size);
    }
    this.isHashed = this.places.size > mostPlaces;
    this.dimension = 1 + Math.min(this.places.size, mostPlaces);
  }

  /** The values that the fields have in these rows, sorted. */
  static of(rows: readonly Row[], fields: readonly string[], mostPlaces: number): OneHotEncoder {
    const values = (field: string): readonly string[] => [...new Set(rows.map((row) => row[field] ?? ''))].toSorted();
    return new OneHotEncoder(new Map(fields.map((field) => [field, values(field)])), mostPlaces);
  }

  /** @returns shape [dimension]: 1 first; a value that is not in the vocabulary leaves no trace */
  encode(row: Row): Float64Array {
    const context = new Float64Array(this.dimension);
    context[0] = 1;
    for (const field of this.vocabulary.keys()) {
      const place = this.placeOf(keyOf(field, row[field] ?? ''));
      if (place !== undefined) context[1 + place] = 1;
    }
    return context;
  }

  private placeOf(key: string): number | undefined {
    if (!this.isHashed || !this.places.has(key)) return this.places.get(key);
    return murmur3(key, 0) % this.mostPlaces;
  }
}

const keyOf = (field: string, value: string): string => `${field}=${value}`;
