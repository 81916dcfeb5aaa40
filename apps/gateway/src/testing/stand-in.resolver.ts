import { DomainError } from '@vitrine/kernel';
import { Access, PublicField, PublicType } from '@vitrine/platform';
import { IsInt, Max, MaxLength, Min, ValidateNested } from 'class-validator';
import { Arg, Authorized, Ctx, Field, InputType, Int, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import type { RequestContext } from '../context';

/** What the tests of the frame resolve: small fields that fail and succeed in every way the frame has to deal with. */
@ObjectType()
@PublicType()
export class Node {
  @Field(() => String)
  name = 'node';

  @Field(() => Node)
  child(): Node {
    return new Node();
  }

  @Field(() => [Node])
  children(@Arg('first', () => Int, { nullable: true }) first: number | null): Node[] {
    return Array.from({ length: Math.min(first ?? 1, 3) }, () => new Node());
  }
}

@ObjectType()
@Access('profile:read')
export class Secretive {
  @Field(() => String)
  trait = 'kept';
}

@InputType()
export class InnerInput {
  @IsInt()
  @Min(1)
  @Max(10)
  @Field(() => Int)
  slots!: number;
}

@InputType()
export class OuterInput {
  @MaxLength(8)
  @Field(() => String)
  visitorId!: string;

  @ValidateNested({ each: true })
  @Field(() => [InnerInput])
  placements!: InnerInput[];
}

@Resolver()
export class StandInResolver {
  @PublicField()
  @Query(() => Node)
  node(): Node {
    return new Node();
  }

  @Authorized('decide')
  @Query(() => String)
  decide(@Arg('input', () => OuterInput) input: OuterInput): string {
    return `${input.placements.length} decided`;
  }

  @Authorized('decide')
  @Query(() => String)
  whoami(@Ctx() { principal }: RequestContext): string {
    return principal.kind === 'visitor' ? principal.userId : principal.kind;
  }

  @Authorized('profile:read')
  @Query(() => Secretive)
  secretive(): Secretive {
    return new Secretive();
  }

  @Authorized('decision:read')
  @Query(() => String)
  propensity(): string {
    return '0.25';
  }

  @Authorized('identity:own', 'identity:any')
  @Mutation(() => String)
  consent(): string {
    return 'noted';
  }

  @PublicField()
  @Query(() => String)
  boom(): string {
    throw new TypeError('password hunter2 in a stack');
  }

  @PublicField()
  @Query(() => String)
  refuse(): string {
    throw new DomainError('STALE_WRITE', undefined, { details: { revision: 7 } });
  }

  @PublicField()
  @Query(() => String)
  away(): string {
    throw new DomainError('DEPENDENCY_UNAVAILABLE', 'mongodb://user:hunter2@db is away');
  }
}
