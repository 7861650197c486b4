import type { Board } from '../../runtime/board.js';
import { playTask } from '../play.js';
import type { BanditOptions } from './options.js';
import { type WatchedTrial, watchTrial } from './picture.js';
import task from './task.js';

/** A training run and a close look at one trial after it. */
export interface BanditRun {
  readonly tagMilliseconds: number;
  readonly correct: readonly boolean[];
  readonly before: WeightTable;
  readonly after: WeightTable;
  readonly trial: WatchedTrial;
  readonly stateHash: number;
}

/** Weights of `context-action`: lines by neurons, in membrane units. */
export type WeightTable = readonly (readonly number[])[];

/** Plays the task on a board that holds its network; `onTrial` is called after each trial. */
export async function trainBandit(
  board: Board,
  options: BanditOptions,
  hooks: { signal?: AbortSignal; onTrial?: (correct: boolean, trial: number) => void | Promise<void> } = {},
): Promise<BanditRun> {
  const before = await readWeightTable(board, options);
  const trials = await playTask(board, board.image, task, options, {
    seed: options.seed,
    signal: hooks.signal,
    onTrial: (trial, number) => hooks.onTrial?.(trial.correct, number),
  });
  const after = await readWeightTable(board, options);
  const stateHash = await board.stateHash();
  const trial = await watchTrial(board, options, {
    seed: options.seed + 1000,
    cued: 0,
    delayMilliseconds: (options.delayMin + options.delayMax) / 2,
  });
  return {
    tagMilliseconds: options.tag,
    correct: trials.map(({ correct }) => correct),
    before,
    after,
    trial,
    stateHash,
  };
}

async function readWeightTable(board: Board, options: BanditOptions): Promise<WeightTable> {
  const { pre, post, values } = await board.readWeights('context-action');
  const table = Array.from({ length: options.contexts * options.linesPerContext }, () =>
    new Array<number>(options.actions * options.neuronsPerAction).fill(0),
  );
  values.forEach((value, n) => {
    table[pre[n]!]![post[n]!] = value;
  });
  return table;
}
