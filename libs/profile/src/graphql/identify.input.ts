import { IsObject, IsOptional, Length, Matches } from 'class-validator';
import { GraphQLJSON } from 'graphql-scalars';
import { Field, ID, InputType } from 'type-graphql';
import { VISITOR_ID_PATTERN } from './visitor-id-pattern';

@InputType({ description: 'Who a visitor is. With a user token the user is the token’s subject.' })
export class IdentifyInput {
  @IsOptional()
  @Matches(VISITOR_ID_PATTERN)
  @Field(() => ID, {
    nullable: true,
    description: 'The id that the app drew for the visitor before the sign-in: long and random, since whoever knows it may claim it.',
  })
  readonly anonymousId?: string | null;

  @IsOptional()
  @Matches(VISITOR_ID_PATTERN)
  @Field(() => ID, { nullable: true })
  readonly userId?: string | null;

  @IsOptional()
  @IsObject()
  @Field(() => GraphQLJSON, {
    nullable: true,
    description: 'At most 64 texts (200 characters), numbers, booleans. A value sets, null clears, an absent key stays.',
  })
  readonly traits?: Readonly<Record<string, unknown>> | null;

  @IsOptional()
  @Length(1, 64)
  @Field(() => String, { nullable: true, description: 'Kind of device; null clears.' })
  readonly device?: string | null;

  @IsOptional()
  @Length(1, 35)
  @Matches(/^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*$/)
  @Field(() => String, { nullable: true, description: 'BCP 47 language tag; null clears.' })
  readonly locale?: string | null;
}
