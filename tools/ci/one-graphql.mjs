/** Exactly one copy of graphql may be installed: two would not recognise each other's types. */
import { readFileSync } from 'node:fs';

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const copies = Object.keys(lock.packages).filter((path) => path.endsWith('node_modules/graphql'));
console.log(`${copies.length} copy of graphql: ${copies.join(', ')}`);
process.exit(copies.length === 1 ? 0 : 1);
