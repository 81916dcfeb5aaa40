import { IsDate, IsOptional, Matches } from 'class-validator';
import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, InputType } from 'type-graphql';

@InputType({ description: 'Narrows a list of profiles; conditions add up.' })
export class ProfileFilter {
  @IsOptional()
  @Matches(/^[\w.-]{1,64}$/)
  @Field(() => ID, { nullable: true })
  readonly segmentId?: string | null;

  @IsOptional()
  @IsDate()
  @Field(() => GraphQLDateTime, { nullable: true, description: 'Last seen then or later.' })
  readonly seenFrom?: Date | null;

  @IsOptional()
  @IsDate()
  @Field(() => GraphQLDateTime, { nullable: true, description: 'Last seen before.' })
  readonly seenBefore?: Date | null;
}
