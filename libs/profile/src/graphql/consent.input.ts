import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsIn, Length, Matches, ValidateNested } from 'class-validator';
import { Field, ID, InputType } from 'type-graphql';
import { CONSENT_STATES, PURPOSES, type ConsentStatus, type Purpose } from '../domain/types';
import { ConsentStatusEnum, PurposeEnum } from './profile.type';
import { VISITOR_ID_PATTERN } from './visitor-id-pattern';

@InputType()
export class PurposeConsentInput {
  @IsIn(PURPOSES)
  @Field(() => PurposeEnum)
  readonly purpose!: Purpose;

  @IsIn(CONSENT_STATES)
  @Field(() => ConsentStatusEnum)
  readonly status!: ConsentStatus;
}

@InputType({ description: 'What a person allows.' })
export class ConsentInput {
  @Matches(VISITOR_ID_PATTERN)
  @Field(() => ID, { description: 'With a user token: the token’s subject, or the visitor’s own anonymous id.' })
  readonly visitorId!: string;

  @ArrayMinSize(1)
  @ArrayMaxSize(PURPOSES.length)
  @ArrayUnique((entry: PurposeConsentInput) => entry.purpose)
  @ValidateNested({ each: true })
  @Field(() => [PurposeConsentInput])
  readonly purposes!: readonly PurposeConsentInput[];

  @Length(1, 64)
  @Field(() => String, { description: 'Where the person said so, such as the version of a consent banner.' })
  readonly source!: string;
}
