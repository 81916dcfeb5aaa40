import type { Clock } from '@vitrine/kernel';
import { Arg, Authorized, Ctx, Query, Resolver } from 'type-graphql';
import type { AskPersona } from '../application/ask-persona';
import { BannersInput } from './banners.input';
import type { DeliveryContext } from './delivery.context';
import { PersonaInput } from './persona.input';
import { toAskPersona } from './persona.request';
import { PersonaPayload } from './persona.types';

export interface PersonaResolverDeps {
  readonly ask: Pick<AskPersona, 'execute'>;
  readonly clock: Clock;
}

@Resolver()
export class PersonaResolver {
  constructor(private readonly deps: PersonaResolverDeps) {}

  @Authorized('decision:read')
  @Query(() => PersonaPayload, {
    description:
      'Asks for banners as a person that does not exist, and explains them. Decided like any request, over what is live now; leaves no trace. Of the input a visitor id stands for the persona in held-out shares and sticky draws, and a group id is ignored.',
  })
  async personaDecisions(
    @Arg('persona', () => PersonaInput) persona: PersonaInput,
    @Arg('input', () => BannersInput) input: BannersInput,
    @Ctx() { principal }: DeliveryContext,
  ): Promise<PersonaPayload> {
    const command = toAskPersona({ persona, input, principal, nowMs: this.deps.clock.now() });
    return new PersonaPayload(await this.deps.ask.execute(command));
  }
}
