import { compile } from '../compiler/compile.js';
import { loadTarget } from '../compiler/load-target.js';
import { EngramError } from '../errors/engram-error.js';
import type { ResolvedNetwork } from '../network/resolved.js';
import { checkedNetwork } from '../network/validate.js';
import { Board } from '../runtime/board.js';
import { openVirtual } from '../runtime/in-process.js';
import { blockProportions, lastProportion, trialsTo } from '../tasks/learning-curve.js';
import { playTask } from '../tasks/play.js';
import { playRecording } from '../tasks/play-recording.js';
import type { Task, Trial } from '../tasks/task.js';
import { checkTaskOptions, loadTask, taskOptionNames } from '../tasks/tasks.js';
import { override } from './override.js';
import type { SweepPlan } from './plan.js';
import type { Figures, Point, Value } from './point.js';
import { SpikeCounts } from './spike-counts.js';

/** Trials at the end that stand for what was learnt. */
const lastTrials = 100;

/** A point made ready: what is compiled, and what the task is given. */
export interface PreparedPoint {
  readonly network: ResolvedNetwork;
  readonly taskOptions: unknown;
  readonly seed: number;
}

export interface PointWork {
  /** Options and network of a point. Throws E0101 for options and paths there are not, E0201 for what is not valid. */
  prepare(point: Point): PreparedPoint;
  /** Compiles a point's network and runs it to its end on a virtual board of its own. Throws what compiling and running throw. */
  run(point: Point): Promise<Figures>;
}

/** Loads what all points need, once. Throws E0402 (target), E0801 and E0802 (task). */
export async function preparePoints(plan: SweepPlan): Promise<PointWork> {
  const target = loadTarget(plan.target);
  const task = plan.task === null ? null : await loadTask(plan.task);
  const prepare = (point: Point) => preparePoint(plan, task, point);
  return {
    prepare,
    async run(point) {
      const { network, taskOptions, seed } = prepare(point);
      const { image } = compile(network, target, plan.cores === null ? {} : { cores: plan.cores });
      const board = await Board.connect(openVirtual({ id: target.id, name: target.name }));
      try {
        await board.load(image);
        const figures =
          task === null
            ? await recordingFigures(board, plan)
            : await taskFigures(board, task, taskOptions, seed, plan.blockSize);
        const stateHash = (await board.stateHash()).toString(16).padStart(8, '0');
        return { ...figures, stateHash };
      } finally {
        await board.close();
      }
    },
  };
}

/** Names with a dot are paths of the description; others are options of the task, where there is one. */
function preparePoint(plan: SweepPlan, task: Task | null, { seed, settings }: Point): PreparedPoint {
  const ofTask: Record<string, Value> = {};
  const paths: Record<string, Value> = {};
  for (const [name, value] of Object.entries(settings))
    if (task !== null && !/[.[]/.test(name)) ofTask[name] = value;
    else paths[name] = value;
  if (task !== null && seed !== null && (taskOptionNames(task)?.includes('seed') ?? true))
    ofTask['seed'] = seed;
  const taskOptions = task && checkTaskOptions(task, ofTask);
  const own = plan.network ?? task?.network?.(taskOptions);
  if (own === undefined)
    throw new EngramError('E0101', `task '${task?.name}' brings no network of its own`, {
      fix: ['name one: engram sweep NETWORK …'],
    });
  const seeded = plan.network !== null && seed !== null ? { ...own, seed } : own;
  const optionSeed = (taskOptions as { seed?: number } | null)?.seed;
  const network = checkedNetwork(override(seeded, paths)).resolved;
  return { network, taskOptions, seed: seed ?? optionSeed ?? 1 };
}

async function taskFigures(
  board: Board,
  task: Task,
  taskOptions: unknown,
  seed: number,
  blockSize: number,
): Promise<Figures> {
  const counts = new SpikeCounts(board.image);
  const trials = await playTask(board, board.image, task, taskOptions, {
    seed,
    onStep: (_step, _from, spikes) => counts.add(spikes),
  });
  const correct = trials.map((trial) => trial.correct);
  return {
    trialsPlayed: trials.length,
    correct: lastProportion(correct, correct.length),
    last100: lastProportion(correct, lastTrials),
    trialsTo90: trialsTo(correct),
    blocks: blockProportions(correct, blockSize),
    ticks: board.tick,
    ...counts.figures(board.tick),
    ...ofLastTrial(trials),
  };
}

/** What the task says of the last trial, beside whether it was right. */
function ofLastTrial(trials: readonly Trial[]): Figures {
  const { correct: _, ...details } = trials.at(-1) ?? { correct: false };
  return Object.fromEntries(Object.entries(details).map(([name, value]) => [`end.${name}`, value]));
}

async function recordingFigures(board: Board, { recording, ticks }: SweepPlan): Promise<Figures> {
  const counts = new SpikeCounts(board.image);
  await playRecording(board, board.image, recording, { ticks, onSpikes: (spikes) => counts.add(spikes) });
  return { ticks, ...counts.figures(ticks) };
}
