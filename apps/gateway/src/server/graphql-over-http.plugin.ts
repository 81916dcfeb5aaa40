import type { ApolloServerPlugin } from '@apollo/server';

const WELL_FORMED_REQUEST: ReadonlySet<unknown> = new Set(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT']);

/**
 * Answers 200 instead of 400 when a well-formed request carries a document or variables that do not hold, to clients that read
 * `application/json` only: for them a non-2xx may come from any proxy and says nothing about GraphQL.
 *
 * @see GraphQL over HTTP, section 6.4.1 (application/json)
 */
export function graphqlOverHttpPlugin<Context extends object>(): ApolloServerPlugin<Context> {
  return {
    requestDidStart: async () => ({
      willSendResponse: async ({ request, response, errors }) => {
        if (response.http.status !== 400 || errors === undefined) return;
        const readsGraphqlJson = request.http?.headers.get('accept')?.includes('application/graphql-response+json') ?? false;
        if (!readsGraphqlJson && errors.every((error) => WELL_FORMED_REQUEST.has(error.extensions['code']))) response.http.status = 200;
      },
    }),
  };
}
