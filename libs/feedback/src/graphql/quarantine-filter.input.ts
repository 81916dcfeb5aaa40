import { IsDate, IsOptional, Matches, MaxLength } from 'class-validator';
import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, InputType } from 'type-graphql';
import type { QuarantineFilter } from '../application/quarantine.ports';

@InputType('QuarantineFilter', { description: 'Narrows a list of quarantined events; conditions add up.' })
export class QuarantineFilterInput {
  @IsOptional()
  @Matches(/^[a-z-]{1,64}$/)
  @Field(() => String, { nullable: true, description: 'Name of the rule that rejected them.' })
  readonly rule?: string | null;

  @IsOptional()
  @MaxLength(128)
  @Field(() => ID, { nullable: true })
  readonly eventId?: string | null;

  @IsOptional()
  @IsDate()
  @Field(() => GraphQLDateTime, { nullable: true, description: 'Received then or later.' })
  readonly receivedFrom?: Date | null;

  @IsOptional()
  @IsDate()
  @Field(() => GraphQLDateTime, { nullable: true, description: 'Received before.' })
  readonly receivedBefore?: Date | null;
}

export function toQuarantineFilter(input: QuarantineFilterInput | null | undefined): QuarantineFilter {
  return {
    rule: input?.rule ?? null,
    eventId: input?.eventId ?? null,
    from: input?.receivedFrom?.getTime() ?? null,
    before: input?.receivedBefore?.getTime() ?? null,
  };
}
