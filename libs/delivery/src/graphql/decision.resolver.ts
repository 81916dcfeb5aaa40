import { decisionId } from '@vitrine/kernel';
import { Arg, Authorized, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { ReplayDecision } from '../application/replay-decision';
import { contextOf, DecisionRecordType, DecisionReplayType } from './decision.types';

@Resolver(() => DecisionRecordType)
export class DecisionResolver {
  constructor(private readonly decisions: Pick<ReplayDecision, 'find' | 'replay'>) {}

  @Authorized('decision:read')
  @Query(() => DecisionRecordType, {
    nullable: true,
    description: 'One decision with all that it depended on; written a moment after the answer left.',
  })
  async decision(@Arg('id', () => ID) id: string): Promise<DecisionRecordType | null> {
    const record = await this.decisions.find(decisionId(id));
    return record === null ? null : new DecisionRecordType(record, contextOf(record));
  }

  @FieldResolver(() => DecisionReplayType, {
    description: 'Plays the decision again; folds the ledger up to its state, so it takes its time.',
  })
  async replay(@Root() root: DecisionRecordType): Promise<DecisionReplayType> {
    return new DecisionReplayType(await this.decisions.replay(root.record));
  }
}
