import { POLICIES, type PolicyMetadata } from '@vitrine/bandit';

/** A policy as `publishPolicy` takes it. */
export interface PublishedPolicy {
  readonly policy: string;
  readonly params: Readonly<Record<string, unknown>>;
}

const CONTEXTUAL = { name: 'auto', params: {} } as const;
const WATCHING = { name: 'linear-thompson', params: {} } as const;

/** So early that little traffic suffices for what comes after. */
const EARLY: Readonly<Record<string, PublishedPolicy['params']>> = {
  'warm-up': { trials: 1 },
  apprentice: { minTrials: 1, agreement: 0 },
};

function nestedIn({ parameters }: PolicyMetadata): readonly string[] {
  return Object.entries(parameters).flatMap(([name, { kind }]) => (kind === 'policy' ? [name] : []));
}

/** Wrappers are tried around policies that read the context: the first around `auto`, the second around another one. */
function published(metadata: PolicyMetadata): PublishedPolicy {
  const nested = nestedIn(metadata).map((name, i) => [name, i === 0 ? CONTEXTUAL : WATCHING]);
  return { policy: metadata.name, params: { ...Object.fromEntries(nested), ...EARLY[metadata.name] } };
}

/** Every policy that reads the context, every wrapper, and every policy in which banners inform each other. */
export function policiesToTry(): readonly PublishedPolicy[] {
  return POLICIES.filter(
    (metadata) => metadata.contextual || nestedIn(metadata).length > 0 || metadata.name.startsWith('hierarchical'),
  ).map(published);
}
