import { Matches } from 'class-validator';
import { ArgsType, Field, ID } from 'type-graphql';
import { VISITOR_ID_PATTERN } from './visitor-id-pattern';

@ArgsType()
export class MergeArgs {
  @Matches(VISITOR_ID_PATTERN)
  @Field(() => ID, { description: 'Any id of the one.' })
  readonly from!: string;

  @Matches(VISITOR_ID_PATTERN)
  @Field(() => ID, { description: 'Any id of the other.' })
  readonly into!: string;
}
