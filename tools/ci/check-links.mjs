/** Every relative link in a Markdown file must lead to a file that exists. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const files = execFileSync('git', ['ls-files', '*.md'], { encoding: 'utf8' }).split('\n').filter(Boolean);
let broken = 0;
for (const file of files) {
  for (const [, target] of readFileSync(file, 'utf8').matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^(https?:|mailto:|#)/.test(target)) continue;
    if (existsSync(join(dirname(file), target.split('#')[0]))) continue;
    console.error(`${file}: ${target} does not exist`);
    broken += 1;
  }
}
console.log(`${files.length} documents, ${broken} broken links`);
process.exit(broken === 0 ? 0 : 1);
