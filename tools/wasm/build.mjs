/**
 * Compiles the AssemblyScript kernels into TypeScript files that hold their bytes, so that neither a build nor a run needs the compiler.
 *
 *   node tools/wasm/build.mjs            writes them
 *   node tools/wasm/build.mjs --check    exits with 1 when what is written is not what the sources give
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const KERNELS = [
  { source: 'libs/bandit/wasm/ridge-kernel.ts', target: 'libs/bandit/src/numeric/ridge-kernel.bytes.ts', name: 'RIDGE_KERNEL' },
  {
    source: 'libs/segment/wasm/clustering-kernel.ts',
    target: 'libs/segment/src/domain/clustering/clustering-kernel.bytes.ts',
    name: 'CLUSTERING_KERNEL',
  },
];

async function compile(source) {
  let bytes = null;
  const { error, stderr } = await asc.main(
    [source, '--enable', 'simd', '-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--outFile', 'kernel.wasm'],
    {
      readFile: (name, base) => {
        try {
          return readFileSync(resolve(base, name), 'utf8');
        } catch {
          return null;
        }
      },
      writeFile: (name, contents) => {
        if (name.endsWith('.wasm')) bytes = contents;
      },
      listFiles: () => [],
    },
  );
  if (error !== null || bytes === null) throw new Error(`${source}: ${error?.message ?? 'nothing was written'}\n${stderr.toString()}`);
  return Buffer.from(bytes);
}

function fileOf({ source, name }, bytes) {
  const lines = bytes.toString('base64').match(/.{1,120}/g) ?? [];
  return `/** WebAssembly in base64, compiled from ${source} by \`npm run wasm\`. */\nexport const ${name} =\n${lines.map((line) => `  '${line}'`).join(' +\n')};\n`;
}

process.chdir(ROOT);
for (const kernel of KERNELS) {
  const wanted = fileOf(kernel, await compile(kernel.source));
  const path = join(ROOT, kernel.target);
  if (!process.argv.includes('--check')) writeFileSync(path, wanted);
  else if (readFileSync(path, 'utf8') !== wanted) {
    console.error(`${kernel.target} is not what ${kernel.source} compiles to: run npm run wasm`);
    process.exitCode = 1;
  }
}
