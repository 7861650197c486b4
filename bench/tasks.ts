import { loadTarget } from '../src/compiler/load-target.js';
import match from '../src/tasks/delayed-match-to-sample/task.js';
import { lastProportion } from '../src/tasks/learning-curve.js';
import { playTask } from '../src/tasks/play.js';
import { creditMatrix, creditWeights } from '../src/tasks/reversal/credit.js';
import type { ReversalOptions } from '../src/tasks/reversal/options.js';
import reversal from '../src/tasks/reversal/task.js';
import type { Task, Trial } from '../src/tasks/task.js';
import { onVirtualBoard } from './on-board.js';
import { printRows, type Row } from './rows.js';

/**
 * `npm run bench:tasks`: `delayed-match-to-sample` (proportion correct in the last 100 of 600 trials) and `reversal`
 * (proportion of choices of the better action, and the credit regressions, with tags alone and with replay), each over
 * 10 seeds.
 */
const seeds = Array.from({ length: 10 }, (_, n) => n + 1);
const target = loadTarget('pico');

async function sessions<Options extends { seed: number }>(
  task: Task<Options>,
  given: Partial<Options>,
): Promise<Trial[][]> {
  const played: Trial[][] = [];
  for (const seed of seeds) {
    const options = task.options.parse({ ...given, seed });
    played.push(
      await onVirtualBoard(task.network!(options), target, (board) =>
        playTask(board, board.image, task, options, { seed }),
      ),
    );
  }
  if (!process.argv.includes('--json'))
    process.stderr.write(`${task.name} ${Object.values(given).join(' ')} done\n`);
  return played;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function row(name: string, value: number, goal: readonly [low: number, high: number] | null = null): Row {
  return {
    name,
    value: Math.round(value * 1000) / 1000,
    unit: name.includes('credit') ? 'logistic weight' : 'proportion',
    goal: goal && (goal[1] < 1 ? `${goal[0]} to ${goal[1]}` : `>= ${goal[0]}`),
    met: goal && value >= goal[0] && value <= goal[1],
  };
}

function spread(
  name: string,
  values: readonly number[],
  goal: readonly [number, number] | null = null,
): Row[] {
  return [
    row(name, mean(values), goal),
    row(`${name}/min`, Math.min(...values)),
    row(`${name}/max`, Math.max(...values)),
  ];
}

const rows: Row[] = [];
for (const [name, given, goal] of [
  ['held', { memory: 'held' }, [0.9, 1]],
  ['held, delay 10 s, 300 trials', { memory: 'held', delay: 10_000, trials: 300 }, [0.9, 1]],
  ['attractor', { memory: 'attractor' }, [0.9, 1]],
  ['no memory', { memory: 'none' }, [0.4, 0.6]],
] as const) {
  const last = (await sessions(match, given)).map((trials) =>
    lastProportion(
      trials.map(({ correct }) => correct),
      100,
    ),
  );
  rows.push(...spread(`${match.name}/${name}`, last, goal));
}
/** A rate at which replay, whose tags do not add up over choices, learns within a session; and its control. */
const learningRate = 1.6e-6;
const conditions = ['direct', 'indirect', 'shuffled'] as const;
const played: readonly (readonly [name: string, given: Partial<ReversalOptions>])[] = [
  ...conditions.map((condition) => [condition, { condition }] as const),
  ...conditions.map((condition) => [`${condition}, fast`, { condition, learningRate }] as const),
  ...conditions.map(
    (condition) => [`${condition}, fast, replay`, { condition, learningRate, replay: true }] as const,
  ),
  // Two time constants of the tag and more between a choice and its outcome.
  ['indirect, fast, pause 4 s', { condition: 'indirect', learningRate, pause: 4000 }],
  ['indirect, fast, pause 4 s, replay', { condition: 'indirect', learningRate, pause: 4000, replay: true }],
  ['direct, fast, tags cleared', { condition: 'direct', learningRate, clearTags: true }],
];
for (const [variant, given] of played) {
  const games = await sessions(reversal, given);
  const name = `${reversal.name}/${variant}`;
  const { appropriate, spreading } = creditWeights(games);
  rows.push(
    ...spread(
      name,
      games.map((trials) => mean(trials.map((trial) => Number(trial.correct)))),
    ),
    row(`${name}/credit/appropriate`, appropriate),
    row(`${name}/credit/spreading`, spreading),
  );
  creditMatrix(games).forEach((weights, back) => {
    weights.forEach((weight, after) => {
      rows.push(row(`${name}/credit/choice ${back + 1} back × outcome ${after + 1} back`, weight));
    });
  });
}
printRows(rows);
