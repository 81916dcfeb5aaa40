import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { Logger } from '@vitrine/platform';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RequestContext } from '../context';
import { admit, callerOf, headerCredentials, type AdmissionDeps } from '../edge/caller.hooks';

export interface GraphqlRoutesDeps {
  readonly apollo: ApolloServer<RequestContext>;
  readonly admission: AdmissionDeps;
  readonly logger: Logger;
}

/**
 * `/graphql`. A caller is found and counted before the body is read. An unknown caller is not refused here but by the first field that
 * needs one, so that a client sees a GraphQL error with a path and a code.
 */
export async function graphqlRoutes(app: FastifyInstance, { apollo, admission, logger }: GraphqlRoutesDeps): Promise<void> {
  app.removeContentTypeParser('text/plain');
  app.addHook('onRequest', async (request) => void (await admit(request, headerCredentials(request), admission)));
  app.route({
    url: '/graphql',
    method: ['GET', 'POST'],
    handler: fastifyApolloHandler(apollo, { context: async (request: FastifyRequest) => contextOf(request, logger, admission) }),
  });
}

function contextOf(request: FastifyRequest, logger: Logger, { isInternalAddress }: AdmissionDeps): RequestContext {
  return new RequestContext({
    caller: callerOf(request),
    requestId: request.id,
    logger: logger.child({ requestId: request.id }),
    userAgent: request.headers['user-agent'] ?? null,
    fromInside: isInternalAddress(request.ip),
  });
}
