import { scopesOf } from '@vitrine/platform';
import { Field, ObjectType, Query, Resolver } from 'type-graphql';
import { StandInResolver } from '../testing/stand-in.resolver';
import type { ResolverClass } from './executable-schema';
import { auditAccess, auditReach } from '../testing/audit-access';
import { RESOLVERS } from './resolvers';

@ObjectType()
class Unmarked {
  @Field(() => String)
  leak = 'leak';
}

@Resolver()
class PlantedResolver {
  @Query(() => Unmarked)
  unguarded(): Unmarked {
    return new Unmarked();
  }
}

describe('access to the schema', () => {
  it('is decided for every root field and every object type', async () => {
    expect(await auditAccess(RESOLVERS)).toEqual([]);
  });

  it('is decided for the stand-in that the other tests use', async () => {
    expect(await auditAccess([StandInResolver])).toEqual([]);
  });

  it('is reported where nobody decided it', async () => {
    const planted: readonly [ResolverClass, ...ResolverClass[]] = [StandInResolver, PlantedResolver];
    expect(await auditAccess(planted)).toEqual(['Query.unguarded is neither authorized nor public', 'Unmarked has no access mark']);
  });

  it('leaves nothing within the reach of a publishable key but types that are public', async () => {
    const marks = await auditReach(RESOLVERS, scopesOf({ kind: 'publishable', keyId: 'k' }));
    expect(marks.get('BannerSlot')).toBe('public');
    expect([...marks].filter(([, mark]) => mark !== 'public' && mark !== 'decide' && mark !== 'events:write')).toEqual([]);
  });

  it('sees what a secret key may reach beyond that', async () => {
    const marks = await auditReach(RESOLVERS, scopesOf({ kind: 'secret', keyId: 'k' }));
    expect([marks.get('Profile'), marks.get('DecisionRecord')]).toEqual(['profile:read', 'decision:read']);
  });

  it('gives a publishable key neither profiles nor decisions nor reports', () => {
    const scopes = scopesOf({ kind: 'publishable', keyId: 'k' });
    expect([...scopes].toSorted()).toEqual(['decide', 'events:write']);
  });
});
