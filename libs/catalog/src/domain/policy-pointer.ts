import { DomainError, type PlacementId } from '@vitrine/kernel';

/** One change of a placement's live policy. */
export interface PointerMove {
  readonly kind: 'PUBLISHED' | 'ROLLED_BACK';
  /** Number of the version that was live from then on. */
  readonly number: number;
  readonly at: number;
  readonly by: string;
}

/** Which version of a placement's policy is live, and how it came to be. */
export interface PolicyPointer {
  readonly placementId: PlacementId;
  readonly liveNumber: number;
  /** Highest number given so far: numbers are never used twice. */
  readonly lastNumber: number;
  /** Oldest first. */
  readonly history: readonly PointerMove[];
}

export interface MoveStamp {
  readonly at: number;
  readonly by: string;
}

/** The next version goes live. */
export function publishedPointer(placementId: PlacementId, pointer: PolicyPointer | null, { at, by }: MoveStamp): PolicyPointer {
  const number = (pointer?.lastNumber ?? 0) + 1;
  const move: PointerMove = { kind: 'PUBLISHED', number, at, by };
  return { placementId, liveNumber: number, lastNumber: number, history: [...(pointer?.history ?? []), move] };
}

/**
 * The version that was live before the live one goes live again. Rolling back twice goes two steps back, never forward to what was just
 * left.
 *
 * @throws DomainError UNKNOWN_POLICY when there is no earlier version
 */
export function rolledBackPointer(placementId: PlacementId, pointer: PolicyPointer | null, { at, by }: MoveStamp): PolicyPointer {
  const previous = pointer === null ? undefined : liveStack(pointer.history).at(-2);
  if (pointer === null || previous === undefined) {
    throw new DomainError('UNKNOWN_POLICY', 'there is no earlier version to go back to', { details: { placementId } });
  }
  const move: PointerMove = { kind: 'ROLLED_BACK', number: previous, at, by };
  return { ...pointer, liveNumber: previous, history: [...pointer.history, move] };
}

/** The live version and those it can be rolled back to, oldest first. */
function liveStack(history: readonly PointerMove[]): readonly number[] {
  const stack: number[] = [];
  for (const { kind, number } of history) {
    if (kind === 'PUBLISHED') stack.push(number);
    else stack.pop();
  }
  return stack;
}
