import { packageFolder } from '../src/compiler/package-folder.js';
import { fullEffort, plan, quickEffort, tasks, trialName } from './precision/plan.js';
import { resultOf, rowsOf } from './precision/result.js';
import { runAll } from './precision/threads.js';
import { writeDocs } from './precision/write-docs.js';
import { printRows } from './rows.js';

/**
 * `npm run study:precision`: three tasks with tags and weights of 4 to 16 bits, rounded as the core does and at random,
 * against float64. `--task NAME` runs one of them; `--quick` runs a few formats for a short while; `--write-docs` puts the figures into
 * `docs/precision.md`; `--json` prints rows.
 */
const quick = process.argv.includes('--quick');
const effort = quick ? quickEffort : fullEffort;
const only = process.argv.includes('--task') ? process.argv[process.argv.indexOf('--task') + 1] : null;
if (only !== null && !tasks.some((task) => task === only))
  throw new Error(`--task takes one of ${tasks.join(', ')}`);
const trials = plan(quick).filter(({ task }) => only === null || task === only);
// Longest runs first, so that two threads end together.
const slowness = { 'cue-accumulation': 0, 'distal-reward': 1, 'delayed-bandit': 2 } as const;
const order = [...trials].sort((a, b) => slowness[a.task] - slowness[b.task]);
const runs = order.flatMap((trial) =>
  Array.from({ length: effort.seeds[trial.task] }, (_, n) => ({ trial, seed: n + 1, effort })),
);
const started = performance.now();
const values = await runAll(runs, 2, ({ trial, seed }, value, done) => {
  const seconds = Math.round((performance.now() - started) / 1000);
  process.stderr.write(`${done}/${runs.length} ${seconds} s  ${trialName(trial)} seed ${seed}: ${value}\n`);
});
const results = trials.map((trial) =>
  resultOf(
    trial,
    runs.flatMap((run, n) => (run.trial === trial ? [values[n]!] : [])),
  ),
);
if (process.argv.includes('--write-docs')) writeDocs(packageFolder(), results);
printRows(rowsOf(results));
