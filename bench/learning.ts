import { loadTarget } from '../src/compiler/load-target.js';
import { banditNetwork } from '../src/tasks/delayed-bandit/network.js';
import { banditOptions } from '../src/tasks/delayed-bandit/options.js';
import task from '../src/tasks/delayed-bandit/task.js';
import { lastProportion, trialsTo } from '../src/tasks/learning-curve.js';
import { playTask } from '../src/tasks/play.js';
import { onVirtualBoard } from './on-board.js';
import { printRows, type Row } from './rows.js';

/**
 * `npm run bench:learning`: the delayed bandit over seeds, with traces and without.
 * Proportion correct of the last 100 of 600 trials, and trials until 90 % of 50 were right.
 */
const seeds = Array.from({ length: 10 }, (_, n) => n + 1);
const target = loadTarget('pico');

async function correctTrials(seed: number, tag: number): Promise<boolean[]> {
  const options = banditOptions.parse({ seed, tag });
  const trials = await onVirtualBoard(banditNetwork(options), target, (board) =>
    playTask(board, board.image, task, options, { seed }),
  );
  return trials.map(({ correct }) => correct);
}

const rows: Row[] = [];
for (const seed of seeds) {
  const traced = await correctTrials(seed, 2000);
  const control = await correctTrials(seed, 20);
  const [learned, chance] = [lastProportion(traced, 100), lastProportion(control, 100)];
  rows.push(
    {
      name: `seed ${seed}/trace 2 s/last 100`,
      value: learned,
      unit: 'proportion',
      goal: '>= 0.95',
      met: learned >= 0.95,
    },
    {
      name: `seed ${seed}/trace 20 ms/last 100`,
      value: chance,
      unit: 'proportion',
      goal: '0.33 to 0.67',
      met: chance >= 0.33 && chance <= 0.67,
    },
    {
      name: `seed ${seed}/trials to 90 %`,
      value: trialsTo(traced) ?? -1,
      unit: 'trials',
      goal: null,
      met: null,
    },
  );
  if (!process.argv.includes('--json')) process.stderr.write(`seed ${seed} done\n`);
}
printRows(rows);
