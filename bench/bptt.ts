import { accuracyRows } from './bptt/accuracy-rows.js';
import { cosineRows } from './bptt/cosine-rows.js';
import { exactRows } from './bptt/exact-rows.js';
import { lengthRows } from './bptt/length-rows.js';
import { printRows } from './rows.js';

/**
 * `npm run bench:bptt`: e-prop against backpropagation through time, in float64 (`docs/bptt.md`). With `--quick` fewer
 * networks and trials.
 */
const quick = process.argv.includes('--quick');
const say = (text: string) => process.stderr.write(`${text}\n`);
const rows = exactRows(quick ? 2 : 10);
rows.push(...cosineRows(quick ? 12 : 50, say));
rows.push(...lengthRows(quick ? 10 : 50));
rows.push(...accuracyRows(quick ? 600 : 2000, quick ? 1 : 2, say));
printRows(rows);
