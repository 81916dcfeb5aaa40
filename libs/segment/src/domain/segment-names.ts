/** Scaled units (standard deviations) below which a feature does not set a segment apart. */
const NOTABLE = 0.3;
const FEATURES_PER_NAME = 2;

/**
 * Readable names from what sets each centroid apart: its strongest features, `High visits, low recency days`. Unique: a name that is
 * taken grows by its next feature, and by a number when all are used.
 *
 * @param centroids mean of each feature per segment, in standard deviations from the mean of all, [k][features]
 */
export function nameSegments(centroids: readonly (readonly number[])[], featureNames: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return centroids.map((centroid) => {
    const parts = variedFirst(strongestFirst(centroid, featureNames));
    const name = firstFree(parts, taken);
    taken.add(name);
    return name;
  });
}

function strongestFirst(centroid: readonly number[], featureNames: readonly string[]): readonly string[] {
  return centroid
    .map((z, at) => ({ z, name: featureNames[at] ?? `feature ${at}` }))
    .filter(({ z }) => Math.abs(z) >= NOTABLE)
    .sort((a, b) => Math.abs(b.z) - Math.abs(a.z) || (a.name < b.name ? -1 : 1))
    .map(({ z, name }) => `${z > 0 ? 'high' : 'low'} ${readable(name)}`);
}

/** Features that begin with another word come first: pages and seconds of one kind say the same twice. */
function variedFirst(parts: readonly string[]): readonly string[] {
  const heads = new Set<string>();
  const [varied, others]: [string[], string[]] = [[], []];
  for (const part of parts) {
    const [, head = ''] = part.split(' ');
    (heads.has(head) ? others : varied).push(part);
    heads.add(head);
  }
  return [...varied, ...others];
}

const FEATURES_PER_DESCRIPTION = 4;
/** Standard deviations from which a difference is called strong. */
const STRONG = 1;

/**
 * A sentence on what sets a segment apart from everybody, strongest first, with how far in standard deviations.
 *
 * @param middle mean of each feature over the segment, in standard deviations from the mean of all
 */
export function describeSegment(middle: readonly number[], featureNames: readonly string[]): string {
  const parts = middle
    .map((z, at) => ({ z, name: featureNames[at] ?? `feature ${at}` }))
    .filter(({ z }) => Math.abs(z) >= NOTABLE)
    .toSorted((a, b) => Math.abs(b.z) - Math.abs(a.z) || (a.name < b.name ? -1 : 1))
    .slice(0, FEATURES_PER_DESCRIPTION)
    .map(
      ({ z, name }) => `${Math.abs(z) >= STRONG ? 'far ' : ''}${z > 0 ? 'above' : 'below'} average in ${readable(name)} (${signed(z)} sd)`,
    );
  return parts.length === 0 ? 'Near the average in everything.' : `${capitalised(parts.join(', '))}.`;
}

const signed = (z: number): string => `${z > 0 ? '+' : '-'}${Math.abs(z).toFixed(1)}`;

function firstFree(parts: readonly string[], taken: ReadonlySet<string>): string {
  for (let length = Math.min(FEATURES_PER_NAME, parts.length); length <= parts.length; length++) {
    const name = capitalised(length === 0 ? 'average' : parts.slice(0, length).join(', '));
    if (!taken.has(name)) return name;
  }
  const full = capitalised(parts.length === 0 ? 'average' : parts.join(', '));
  for (let number = 2; ; number++) if (!taken.has(`${full} (${number})`)) return `${full} (${number})`;
}

/** What a column that is named after its formula says of people. */
const IN_WORDS: ReadonlyMap<string, string> = new Map([
  ['recency days', 'days since the last visit'],
  ['purchase recency days', 'days since the last purchase'],
  ['frequency', 'number of purchases'],
  ['monetary', 'money spent'],
  ['interests', 'number of interests'],
  ['exposures', 'banners seen'],
  ['hour of day sin', 'visits between midnight and noon (UTC)'],
  ['hour of day cos', 'visits between evening and morning (UTC)'],
]);

/** A logarithm changes how much, not whether more or less: it is left out. */
function readable(name: string): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_:.-]+/g, ' ')
    .toLowerCase()
    .trim()
    .replace(/^log (?=.)/, '');
  return IN_WORDS.get(words) ?? words;
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
