import { err, ok, type Result } from '@vitrine/kernel';
import { REWARD_AGGREGATIONS, REWARD_EVENT_TYPES, type DelayDiscount, type RewardFunction, type ValueTransform } from './reward-function';

/** Why some data is no reward function. `<field> <reason>` is a sentence that never echoes the value. */
export interface RewardFault {
  readonly code: 'BAD_USER_INPUT';
  /** The place, with dots: `weights.CLICK`, `valueTransform.capMinor`; empty when it is no object at all. */
  readonly field: string;
  readonly reason: string;
}

/** Weights, bounds and defaults beyond this size would make sums of rewards, or their squares, lose or overflow. */
const MAX_SIZE = 1e12;

const FIELDS = ['weights', 'valueWeight', 'valueTransform', 'delayDiscount', 'aggregation', 'defaultReward', 'min', 'max'];

/** Which parameter each kind takes; every one is a positive whole number. */
const TRANSFORM_PARAMETERS = { NONE: null, CAP: 'capMinor', LOG: 'scaleMinor' } as const satisfies ParameterOf<ValueTransform['kind']>;
const DISCOUNT_PARAMETERS = { NONE: null, EXPONENTIAL: 'halfLifeMs', LINEAR: null } as const satisfies ParameterOf<DelayDiscount['kind']>;
type ParameterOf<Kind extends string> = Readonly<Record<Kind, string | null>>;
type Data = Readonly<Record<string, unknown>>;

/**
 * Checks data of any origin: configuration, a stored document, a file for an offline replay. Every field is needed but `valueTransform`
 * and `delayDiscount`; a field that means nothing is refused, for it is a slip of the pen that would change what is learned.
 *
 * @returns the data as a reward function, or its first fault
 */
export function parseRewardFunction(data: unknown): Result<RewardFunction, RewardFault> {
  if (!isData(data)) return err(faultOf('', 'must be an object'));
  const fault =
    strangeField(data) ??
    weightsFault(data['weights']) ??
    numberFault('valueWeight', data['valueWeight']) ??
    kindFault('valueTransform', data['valueTransform'], TRANSFORM_PARAMETERS) ??
    kindFault('delayDiscount', data['delayDiscount'], DISCOUNT_PARAMETERS) ??
    memberFault('aggregation', data['aggregation'], REWARD_AGGREGATIONS) ??
    boundsFault(data);
  if (fault !== null) return err(fault);
  return ok(data as unknown as RewardFunction); // each field was checked above
}

const isData = (value: unknown): value is Data => typeof value === 'object' && value !== null && !Array.isArray(value);
const faultOf = (field: string, reason: string): RewardFault => ({ code: 'BAD_USER_INPUT', field, reason });

function strangeField(data: Data): RewardFault | null {
  return Object.keys(data).every((key) => FIELDS.includes(key)) ? null : faultOf('', `may hold ${FIELDS.join(', ')} only`);
}

function weightsFault(weights: unknown): RewardFault | null {
  if (!isData(weights)) return faultOf('weights', 'must be an object');
  for (const [type, weight] of Object.entries(weights)) {
    const fault = memberFault('weights', type, REWARD_EVENT_TYPES) ?? numberFault(`weights.${type}`, weight);
    if (fault !== null) return fault;
  }
  return null;
}

function numberFault(field: string, value: unknown): RewardFault | null {
  const fits = typeof value === 'number' && Math.abs(value) <= MAX_SIZE;
  return fits ? null : faultOf(field, `must be a finite number from -${MAX_SIZE} to ${MAX_SIZE}`);
}

function memberFault(field: string, value: unknown, members: readonly string[]): RewardFault | null {
  return typeof value === 'string' && members.includes(value) ? null : faultOf(field, `must be one of ${members.join(', ')}`);
}

function boundsFault({ min, max, defaultReward }: Data): RewardFault | null {
  const fault = numberFault('min', min) ?? numberFault('max', max) ?? numberFault('defaultReward', defaultReward);
  if (fault !== null) return fault;
  if (Number(min) >= Number(max)) return faultOf('max', 'must be greater than min');
  const within = Number(min) <= Number(defaultReward) && Number(defaultReward) <= Number(max);
  return within ? null : faultOf('defaultReward', 'must lie in [min, max]');
}

/** A choice of one kind with at most one parameter; absent is fine. */
function kindFault(field: string, choice: unknown, parameters: ParameterOf<string>): RewardFault | null {
  if (choice === undefined) return null;
  if (!isData(choice)) return faultOf(field, 'must be an object');
  const { kind } = choice;
  const unknown = memberFault(`${field}.kind`, kind, Object.keys(parameters));
  if (unknown !== null) return unknown;
  const own = parameters[String(kind)] ?? null;
  const needed = own === null ? [] : [own];
  const stray = Object.values(parameters).find((name) => name !== null && name !== own && choice[name] !== undefined);
  if (typeof stray === 'string') return faultOf(`${field}.${stray}`, `is no parameter of ${String(kind)}`);
  if (!Object.keys(choice).every((key) => key === 'kind' || needed.includes(key))) {
    return faultOf(field, `may hold ${['kind', ...needed].join(', ')} only`);
  }
  return needed.map((name) => positiveWholeFault(`${field}.${name}`, choice[name])).find((fault) => fault !== null) ?? null;
}

function positiveWholeFault(field: string, value: unknown): RewardFault | null {
  return Number.isSafeInteger(value) && Number(value) >= 1 ? null : faultOf(field, 'must be a positive whole number');
}
