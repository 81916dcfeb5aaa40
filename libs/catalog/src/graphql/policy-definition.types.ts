import type { PolicyMetadata, PolicyParameter } from '@vitrine/bandit';
import { Access } from '@vitrine/platform';
import { GraphQLJSON } from 'graphql-scalars';
import { Field, Float, Int, ObjectType } from 'type-graphql';
import { PolicyParameterKindEnum, PolicyRewardsEnum } from './catalog.enums';

@Access('catalog:read')
@ObjectType('PolicyParameter', { simpleResolvers: true })
export class PolicyParameterType {
  @Field(() => String)
  readonly name: string;
  @Field(() => PolicyParameterKindEnum)
  readonly kind: string;
  @Field(() => String)
  readonly description: string;
  @Field(() => GraphQLJSON, { description: 'Taken where `params` does not name the parameter.' })
  readonly default: unknown;
  @Field(() => Float, { nullable: true, description: 'Of NUMBER: smallest value.' })
  readonly min: number | null;
  @Field(() => Float, { nullable: true, description: 'Of NUMBER: largest value.' })
  readonly max: number | null;
  @Field(() => Boolean, { nullable: true, description: 'Of NUMBER: whether only whole numbers fit.' })
  readonly whole: boolean | null;
  @Field(() => String, { nullable: true, description: 'Of NUMBER: what it is measured in; null for a plain number.' })
  readonly unit: string | null;
  @Field(() => [String], { nullable: true, description: 'Of CHOICE.' })
  readonly options: readonly string[] | null;
  @Field(() => Int, { nullable: true, description: 'Of LIST: most entries.' })
  readonly maxLength: number | null;

  constructor(name: string, parameter: PolicyParameter) {
    const number = parameter.kind === 'number' ? parameter : null;
    this.name = name;
    this.kind = parameter.kind.toUpperCase();
    this.description = parameter.description;
    this.default = parameter.default;
    this.min = number?.min ?? null;
    this.max = number?.max ?? null;
    this.whole = number === null ? null : number.whole === true;
    this.unit = number?.unit ?? null;
    this.options = parameter.kind === 'choice' ? parameter.options : null;
    this.maxLength = parameter.kind === 'list' ? parameter.maxLength : null;
  }
}

@Access('catalog:read')
@ObjectType('PolicyComplexity', { description: 'For K eligible banners and d dimensions of the context.', simpleResolvers: true })
export class PolicyComplexityType {
  @Field(() => String, { description: 'Per decision.' })
  readonly decide: string;
  @Field(() => String, { description: 'Per ledger entry.' })
  readonly learn: string;
  @Field(() => String, { description: 'What is kept.' })
  readonly state: string;

  constructor({ decide, learn, state }: PolicyMetadata['complexity']) {
    this.decide = decide;
    this.learn = learn;
    this.state = state;
  }
}

@Access('catalog:read')
@ObjectType('PolicyDefinition', { description: 'A policy that `publishPolicy` can name.', simpleResolvers: true })
export class PolicyDefinitionType {
  @Field(() => String)
  readonly name: string;
  @Field(() => String)
  readonly summary: string;
  @Field(() => Boolean, { description: 'Whether it reads the context by itself; a policy around another one reads what that one reads.' })
  readonly contextual: boolean;
  @Field(() => Boolean, { description: 'Its logs say nothing of banners that were not shown, unless a floor is set.' })
  readonly deterministic: boolean;
  @Field(() => String, { description: 'The statistics it learns from.' })
  readonly family: string;
  @Field(() => PolicyRewardsEnum)
  readonly rewards: string;
  @Field(() => [PolicyParameterType])
  readonly parameters: readonly PolicyParameterType[];
  @Field(() => PolicyComplexityType)
  readonly complexity: PolicyComplexityType;
  @Field(() => String, { nullable: true, description: 'Where it is described; null when there is nothing to cite.' })
  readonly paper: string | null;

  constructor(metadata: PolicyMetadata) {
    this.name = metadata.name;
    this.summary = metadata.summary;
    this.contextual = metadata.contextual;
    this.deterministic = metadata.deterministic;
    this.family = metadata.family;
    this.rewards = metadata.rewards.toUpperCase();
    this.parameters = Object.entries(metadata.parameters).map(([name, parameter]) => new PolicyParameterType(name, parameter));
    this.complexity = new PolicyComplexityType(metadata.complexity);
    this.paper = metadata.paper;
  }
}
