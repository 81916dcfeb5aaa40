import { bannerId } from '@vitrine/kernel';
import { ArrayMaxSize, IsIn, IsInt, IsOptional, Max, MaxLength, Min, ValidateNested } from 'class-validator';
import { Field, Float, ID, InputType, Int } from 'type-graphql';
import type { PlacementPatch } from '../application/upsert-placement';
import { invalidField } from '../domain/field-check';
import { ACTIVATION_EVENTS, DEVICE_CLASSES, SURFACES } from '../domain/types';
import type { ActivationEvent, DeviceClass, Size, Surface } from '../domain/types';
import { ActivationEventEnum, DeviceClassEnum, SurfaceEnum } from './catalog.enums';
import { given } from './given';
import { RewardInput, toReward } from './reward.input';

@InputType({ description: 'In CSS pixels.' })
export class SizeInput {
  @Field(() => Int)
  @IsInt()
  width!: number;
  @Field(() => Int)
  @IsInt()
  height!: number;
}

@InputType()
export class DeviceSizesInput {
  @Field(() => DeviceClassEnum)
  @IsIn(DEVICE_CLASSES)
  device!: DeviceClass;
  @Field(() => [SizeInput])
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  sizes!: SizeInput[];
}

@InputType({ description: 'A value sets a field, null clears it, an absent field stays. A new placement needs surface and name.' })
export class UpsertPlacementInput {
  @Field(() => ID)
  @MaxLength(40)
  id!: string;
  @Field(() => SurfaceEnum, { nullable: true })
  @IsOptional()
  @IsIn(SURFACES)
  surface?: Surface | null;
  @Field(() => String, { nullable: true })
  @IsOptional()
  @MaxLength(200)
  name?: string | null;
  @Field(() => Int, { nullable: true })
  @IsOptional()
  @IsInt()
  slots?: number | null;
  @Field(() => [DeviceSizesInput], { nullable: true })
  @IsOptional()
  @ArrayMaxSize(DEVICE_CLASSES.length)
  @ValidateNested({ each: true })
  sizes?: DeviceSizesInput[] | null;
  @Field(() => ActivationEventEnum, { nullable: true })
  @IsOptional()
  @IsIn(ACTIVATION_EVENTS)
  activation?: ActivationEvent | null;
  @Field(() => RewardInput, { nullable: true })
  @IsOptional()
  @ValidateNested()
  reward?: RewardInput | null;
  @Field(() => Float, { nullable: true, description: 'In whole milliseconds.' })
  @IsOptional()
  @IsInt()
  attributionWindowMs?: number | null;
  @Field(() => [ID], { nullable: true })
  @IsOptional()
  @ArrayMaxSize(50)
  fallbackBannerIds?: string[] | null;
  @Field(() => Float, { nullable: true })
  @IsOptional()
  @Min(0)
  @Max(1)
  holdoutShare?: number | null;
  @Field(() => Int, { nullable: true, description: 'Refuse the change when the placement is not at this revision; 0: it must be new.' })
  @IsOptional()
  @IsInt()
  expectedRevision?: number | null;
}

/** @throws DomainError BAD_USER_INPUT */
export function toPlacementPatch(input: UpsertPlacementInput): PlacementPatch {
  const { sizes, reward, fallbackBannerIds, ...rest } = input;
  return {
    ...rest,
    sizes: given(sizes, toSizes),
    reward: given(reward, toReward),
    fallbackBannerIds: given(fallbackBannerIds, (ids) => ids.map(bannerId)),
  };
}

function toSizes(entries: readonly DeviceSizesInput[]): Readonly<Partial<Record<DeviceClass, readonly Size[]>>> {
  const sizes: Partial<Record<DeviceClass, readonly Size[]>> = {};
  for (const { device, sizes: accepted } of entries) {
    if (sizes[device] !== undefined) throw invalidField('sizes', 'must not repeat a device class');
    sizes[device] = accepted.map(({ width, height }) => ({ width, height }));
  }
  return sizes;
}
