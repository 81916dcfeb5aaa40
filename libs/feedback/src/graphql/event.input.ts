import { IsDate, IsIn, IsInt, IsObject, IsOptional, IsString, MaxLength, Min, ValidateNested } from 'class-validator';
import { GraphQLDateTime, GraphQLJSON } from 'graphql-scalars';
import { Field, ID, InputType, Int } from 'type-graphql';
import { EVENT_TYPES, type EventType } from '../domain/types';
import { EventTypeEnum } from './event.enums';

@InputType('Money', { description: 'An amount of money.' })
export class MoneyInput {
  @IsInt()
  @Field(() => Int, { description: 'In minor units (cents).' })
  readonly amountMinor!: number;

  @IsString()
  @Field(() => String, { description: 'ISO 4217, three capital letters.' })
  readonly currency!: string;
}

/** Only what GraphQL itself cannot say; each event is checked and answered for itself, so that one fault does not cost a whole call. */
@InputType({ description: 'Something that a visitor did.' })
export class EventInput {
  @IsString()
  @Field(() => ID, { description: 'Unique, chosen by the client: the same id twice is the same event.' })
  readonly eventId!: string;

  @IsIn(EVENT_TYPES)
  @Field(() => EventTypeEnum)
  readonly type!: EventType;

  @IsDate()
  @Field(() => GraphQLDateTime, { description: 'By the client’s clock.' })
  readonly occurredAt!: Date;

  @IsOptional()
  @IsString()
  @Field(() => ID, { nullable: true, description: 'Ignored when a user token names the visitor.' })
  readonly visitorId?: string | null;

  @IsOptional()
  @MaxLength(1_024)
  @Field(() => String, { nullable: true, description: 'Token of the banner slot that the event is about.' })
  readonly token?: string | null;

  @IsOptional()
  @IsString()
  @Field(() => ID, { nullable: true })
  readonly productId?: string | null;

  @IsOptional()
  @IsString()
  @Field(() => String, { nullable: true })
  readonly category?: string | null;

  @IsOptional()
  @ValidateNested()
  @Field(() => MoneyInput, { nullable: true, description: 'Of a purchase, or of what a refund gives back.' })
  readonly value?: MoneyInput | null;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Field(() => Int, { nullable: true, description: 'Milliseconds since the page’s previous report.' })
  readonly dwellMs?: number | null;

  @IsOptional()
  @IsString()
  @Field(() => String, { nullable: true })
  readonly url?: string | null;

  @IsOptional()
  @IsObject()
  @Field(() => GraphQLJSON, {
    nullable: true,
    description: 'An object of at most 4 kB. A refund may name the event id of its purchase as `refundOf`.',
  })
  readonly properties?: Record<string, unknown> | null;
}
