import { DomainError } from '@vitrine/kernel';
import type { Logger } from '@vitrine/platform';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { bundleExplorer, type ExplorerBundle } from './explorer-bundle';

/** Monaco needs inline styles, fonts as data and workers; everything still comes from this server. */
const CSP =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:; worker-src 'self' blob:; frame-ancestors 'none'";
const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>Vitrine explorer</title>
    <link rel="stylesheet" href="/explorer/app.css" />
  </head>
  <body style="margin:0">
    <div id="root" style="height:100vh">Loading the explorer.</div>
    <script type="module" src="/explorer/app.js"></script>
  </body>
</html>
`;

/** `/explorer`: GraphiQL from the installed packages, bundled on the first visit, so that it works without the internet. */
export async function explorerRoutes(app: FastifyInstance, { logger }: { readonly logger: Logger }): Promise<void> {
  let bundle: Promise<ExplorerBundle> | null = null;
  const files = (): Promise<ExplorerBundle> => {
    bundle ??= bundleExplorer().catch((error: unknown) => {
      bundle = null;
      logger.warn({ err: error }, 'the explorer could not be bundled');
      throw error;
    });
    return bundle;
  };
  app.get('/explorer', async (_request, reply) => page(reply));
  app.get<{ Params: { name: string } }>('/explorer/:name', async ({ params: { name } }, reply) => {
    const content = (await files()).get(name);
    if (content === undefined) throw new DomainError('NOT_FOUND', 'No such file.');
    return reply.type(name.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8').send(Buffer.from(content));
  });
}

function page(reply: FastifyReply): FastifyReply {
  return reply.header('content-security-policy', CSP).type('text/html; charset=utf-8').send(PAGE);
}
