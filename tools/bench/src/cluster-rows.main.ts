import 'reflect-metadata'; // what is measured is exported together with GraphQL types
import { readFileSync } from 'node:fs';
import { judgeCentroids, measureClustering } from './cluster-rows';

/**
 * Our side of `vitrine bench segments`, in a process of its own so that its memory can be told.
 *
 *   cluster-rows fit ROWS COLUMNS K SEED RESTARTS     prints one measurement
 *   cluster-rows judge ROWS COLUMNS CENTROIDS         prints the inertia of each set of centroids in a file of JSON
 */
const [task, rowsFile = '', ...rest] = process.argv.slice(2);
const [columns = 0, k = 0, seed = 0, restarts = 0] = rest.map(Number);
const sets = (): readonly (readonly (readonly number[])[])[] => JSON.parse(readFileSync(rest[1] ?? '', 'utf8')) as readonly number[][][];

const answer =
  task === 'fit' ? measureClustering({ rowsFile, columns, k, seed, restarts }) : judgeCentroids({ rowsFile, columns, sets: sets() });
process.stdout.write(`${JSON.stringify(answer)}\n`);
