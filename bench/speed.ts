import { printRows, type Row } from './rows.js';
import { networkRows } from './speed/network-rows.js';
import { networkNames } from './speed/networks.js';
import { isWanted, speedOptions } from './speed/options.js';
import { otherRows } from './speed/other-benchmarks.js';
import { idleRows, sizeRows, tauRows, threadRows } from './speed/scaling-rows.js';

/**
 * `npm run bench`: the emulator against a bare native loop, the plain TypeScript path and Brian2 on the networks S1 to S4,
 * correctness first; then how its cost scales: `docs/speed.md`.
 * `--only S1,S2,scaling`, `--quick`, `--json`. Ends with 1 if a check of correctness fails.
 */
const options = speedOptions(process.argv.slice(2));
const rows: Row[] = [];
for (const name of networkNames)
  if (isWanted(options, name)) rows.push(...(await networkRows(name, options)));
if (isWanted(options, 'scaling')) rows.push(...sizeRows(options), ...tauRows(options));
if (isWanted(options, 'threads')) rows.push(...threadRows(options));
if (isWanted(options, 'idle')) rows.push(...idleRows(options));
const quick = options.quick ? ['--quick'] : [];
if (isWanted(options, 'compile')) rows.push(...otherRows('compile', ['--only', 'S1,S1big', ...quick]));
if (isWanted(options, 'link')) rows.push(...otherRows('link', quick));

printRows(rows);
const isCheck = ({ goal }: Row) => goal !== null && /^=|…/.test(goal);
if (rows.some((row) => isCheck(row) && row.met === false)) process.exitCode = 1;
