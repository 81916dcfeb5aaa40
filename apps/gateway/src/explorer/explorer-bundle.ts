import { DomainError } from '@vitrine/kernel';

/** Content of each file by its name. */
export type ExplorerBundle = ReadonlyMap<string, Uint8Array>;

const WORKERS = {
  json: 'monaco-editor/esm/vs/language/json/json.worker.js',
  graphql: 'monaco-graphql/esm/graphql.worker.js',
  editor: 'monaco-editor/esm/vs/editor/editor.worker.js',
} as const;

/** The page's own code: GraphiQL on our endpoint. It is plain JavaScript text because only esbuild ever reads it. */
const PAGE_SOURCE = `
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { GraphiQL } from 'graphiql';
import 'graphiql/style.css';

const workers = ${JSON.stringify(Object.keys(WORKERS))};
globalThis.MonacoEnvironment = {
  getWorker: (_id, label) => new Worker('/explorer/' + (workers.includes(label) ? label : 'editor') + '.worker.js'),
};
const fetcher = async (params, options) => {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...options?.headers },
    body: JSON.stringify(params),
  });
  return response.json();
};
const headers = JSON.stringify({ 'x-vitrine-key': '' }, null, 2);
createRoot(document.getElementById('root')).render(createElement(GraphiQL, { fetcher, initialHeaders: headers, defaultHeaders: headers }));
`;

/**
 * Bundles the explorer's page and its workers from the installed packages, in memory.
 *
 * @param root folder whose `node_modules` holds them
 * @throws DomainError NOT_FOUND when they are not installed, as in a production image
 */
export async function bundleExplorer(root: string = process.cwd()): Promise<ExplorerBundle> {
  try {
    const { build } = await import('esbuild');
    const shared = { bundle: true, minify: true, write: false, logLevel: 'silent', legalComments: 'none', absWorkingDir: root } as const;
    const define = { 'process.env.NODE_ENV': '"production"' };
    const [page, workers] = await Promise.all([
      build({
        ...shared,
        define,
        stdin: { contents: PAGE_SOURCE, resolveDir: root, sourcefile: 'app.js' },
        outfile: 'app.js',
        format: 'esm',
        loader: { '.ttf': 'dataurl' },
      }),
      build({ ...shared, define, entryPoints: workerEntries(), outdir: '.', format: 'iife' }),
    ]);
    return new Map([...page.outputFiles, ...workers.outputFiles].map((file) => [nameOf(file.path), file.contents]));
  } catch (cause) {
    throw new DomainError('NOT_FOUND', 'The explorer needs the development packages (esbuild, graphiql).', { cause });
  }
}

function workerEntries(): { readonly in: string; readonly out: string }[] {
  return Object.entries(WORKERS).map(([label, path]) => ({ in: path, out: `${label}.worker` }));
}

function nameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
