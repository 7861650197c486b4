import { parseArgs } from 'node:util';
import { table } from '../src/cli/table.js';
import { loadTarget } from '../src/compiler/load-target.js';
import { parseTime } from '../src/learning/time.js';
import { type BanditOptions, banditOptions } from '../src/tasks/delayed-bandit/options.js';
import task from '../src/tasks/delayed-bandit/task.js';
import { lastProportion } from '../src/tasks/learning-curve.js';
import { playTask } from '../src/tasks/play.js';
import { onVirtualBoard } from './on-board.js';
import { printRows, type Row } from './rows.js';

/**
 * `npm run bench:delays`: the delayed bandit with the reward always one delay late, with and without what bridges it.
 * The figure is the proportion correct in the last third of the trials; mean, least and most over the seeds.
 * `--seeds N` (default 10), `--delays "2 s,1 h"`, `--trials N` (default 150), `--only NAME` (one column), `--json`.
 */
interface Condition {
  readonly name: string;
  readonly options: Partial<BanditOptions>;
  /** What the mean over the seeds should be at a delay in milliseconds; null: nothing is promised. */
  readonly goal: (delay: number) => readonly [low: number, high: number] | null;
}

const chance = [0.4, 0.6] as const;
const learned = [0.9, 1] as const;
const every: readonly Condition[] = [
  { name: 'no trace', options: { tag: 20 }, goal: (delay) => (delay > 500 ? chance : null) },
  { name: 'trace', options: { tag: 2000 }, goal: (delay) => (delay <= 2000 ? learned : null) },
  {
    name: 'trace + choice memory',
    options: { tag: 2000, explore: 'lines', memory: 'held' },
    goal: () => learned,
  },
  {
    name: 'trace + choice memory + replay',
    options: { tag: 2000, explore: 'lines', memory: 'held', replay: true },
    goal: () => learned,
  },
  { name: 'trace + replay', options: { tag: 2000, replay: true }, goal: () => learned },
];

const { values: given } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string' },
    seeds: { type: 'string', default: '10' },
    trials: { type: 'string', default: '150' },
    delays: { type: 'string', default: '0.5 s,2 s,10 s,60 s,10 min,1 h' },
  },
});
const conditions = every.filter(({ name }) => given.only === undefined || name === given.only);
if (conditions.length === 0) {
  process.stderr.write(
    `--only: '${given.only}' is no column; there are: ${every.map(({ name }) => name).join(', ')}\n`,
  );
  process.exit(2);
}
const delays = given.delays
  .split(',')
  .map((text) => ({ text: text.trim(), milliseconds: parseTime(text) ?? Number.NaN }));
for (const { text, milliseconds } of delays)
  if (Number.isNaN(milliseconds)) {
    process.stderr.write(`--delays: '${text}' is no time such as "10 min"\n`);
    process.exit(2);
  }
const seeds = Array.from({ length: Number(given.seeds) }, (_, n) => n + 1);
const target = loadTarget('pico');

async function proportionCorrect(options: BanditOptions): Promise<number> {
  const trials = await onVirtualBoard(task.network!(options), target, (board) =>
    playTask(board, board.image, task, options, { seed: options.seed }),
  );
  return lastProportion(
    trials.map(({ correct }) => correct),
    Math.round(options.trials / 3),
  );
}

const rows: Row[] = [];
const cells: string[][] = [];
for (const { text, milliseconds } of delays) {
  const line = [text];
  for (const { name, options, goal } of conditions) {
    const proportions: number[] = [];
    for (const seed of seeds) {
      const fixed = { delayMin: milliseconds, delayMax: milliseconds, trials: Number(given.trials), seed };
      proportions.push(await proportionCorrect(banditOptions.parse({ ...fixed, ...options })));
      process.stderr.write(`${text}, ${name}: seed ${proportions.length} of ${seeds.length}\n`);
    }
    const mean = proportions.reduce((sum, value) => sum + value, 0) / proportions.length;
    const [least, most] = [Math.min(...proportions), Math.max(...proportions)];
    const wanted = goal(milliseconds);
    const row = { name: `${text}/${name}`, unit: 'proportion', goal: null, met: null };
    rows.push(
      {
        ...row,
        value: rounded(mean),
        goal: wanted && (wanted[1] < 1 ? `${wanted[0]} to ${wanted[1]}` : `>= ${wanted[0]}`),
        met: wanted && mean >= wanted[0] && mean <= wanted[1],
      },
      { ...row, name: `${row.name}/min`, value: rounded(least) },
      { ...row, name: `${row.name}/max`, value: rounded(most) },
    );
    const missed = rows.at(-3)!.met === false ? ' !' : '';
    line.push(`${mean.toFixed(2)} (${least.toFixed(2)} to ${most.toFixed(2)})${missed}`);
  }
  cells.push(line);
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

if (given.json) printRows(rows);
else
  process.stdout.write(
    `proportion correct in the last third of ${given.trials} trials, mean (least to most) of ${seeds.length} seeds\n` +
      `${table(['delay', ...conditions.map(({ name }) => name)], cells)}\n`,
  );
