import { parseArgs } from 'node:util';
import { packageFolder } from '../src/compiler/package-folder.js';
import { keptIn } from './precision/kept.js';
import type { Outcome } from './precision/outcome.js';
import { fullEffort, plan, quickEffort, seedsOf, tasks } from './precision/plan.js';
import { resultOf, rowsOf } from './precision/result.js';
import { type Run, runName } from './precision/run-trial.js';
import { runAll } from './precision/threads.js';
import { writeDocs } from './precision/write-docs.js';
import { printRows } from './rows.js';

/**
 * `npm run study:precision`: three tasks with tags and weights of 4 to 16 bits, rounded as the core does and at random,
 * against float64. `--task NAME` runs one of them; `--quick` runs a few formats for a short while; `--threads N` (default
 * 2); `--results FILE` keeps each run's outcome there as soon as it is known, and does not repeat those the file has
 * (of the same code: remove it after a change); `--write-docs` puts the figures into `docs/precision.md`; `--json`
 * prints rows.
 */
const { values: given } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    task: { type: 'string' },
    threads: { type: 'string', default: '2' },
    results: { type: 'string' },
    'write-docs': { type: 'boolean', default: false },
  },
});
const threads = Number(given.threads);
if (!Number.isInteger(threads) || threads < 1)
  stop(`--threads takes a whole number from 1, not '${given.threads}'`);
if (given.task !== undefined && !tasks.some((task) => task === given.task))
  stop(`--task takes one of ${tasks.join(', ')}, not '${given.task}'`);
if (given['write-docs'] && (given.quick || given.task !== undefined))
  stop('--write-docs takes the whole study: leave --quick and --task out');

const effort = given.quick ? quickEffort : fullEffort;
const trials = plan(given.quick).filter(({ task }) => given.task === undefined || task === given.task);
// First seeds first: a study that is stopped has something of every format.
const runs: Run[] = trials
  .flatMap((trial) =>
    Array.from({ length: seedsOf(trial, effort) }, (_, n) => ({ trial, seed: n + 1, effort })),
  )
  .sort((a, b) => a.seed - b.seed);
const outcomes = new Map<Run, Outcome>();
const kept = given.results === undefined ? null : keptIn(given.results);
for (const run of runs) {
  const outcome = kept?.find(run);
  if (outcome) outcomes.set(run, outcome);
}
const started = performance.now();
await runAll(
  runs.filter((run) => !outcomes.has(run)),
  threads,
  (run, outcome) => {
    outcomes.set(run, outcome);
    kept?.keep(run, outcome);
    const seconds = Math.round((performance.now() - started) / 1000);
    const weight = outcome.weight === null ? '' : `, weight ${outcome.weight.toFixed(3)}`;
    process.stderr.write(
      `${outcomes.size}/${runs.length} ${seconds} s  ${runName(run)}: ${outcome.proportion}${weight}\n`,
    );
  },
);
const results = trials.map((trial) =>
  resultOf(
    trial,
    runs.flatMap((run) => (run.trial === trial ? [outcomes.get(run)!] : [])),
  ),
);
if (given['write-docs']) writeDocs(packageFolder(), results);
printRows(rowsOf(results));

function stop(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}
