import { loadTarget } from '../../src/compiler/load-target.js';
import type { BoardKind } from '../../src/runtime/board-kind.js';
import type { DistalOptions } from '../../src/tasks/distal-reward/options.js';
import { isFound } from '../../src/tasks/distal-reward/play.js';
import task from '../../src/tasks/distal-reward/task.js';
import { playTask } from '../../src/tasks/play.js';
import type { Trial } from '../../src/tasks/task.js';
import { onStartedBoard } from '../on-board.js';
import { Original } from './original.js';

/** A look at the weights, in parts of the largest, after each minute of model time. */
export interface Look {
  readonly rewarded: number;
  readonly others: number;
  readonly othersAtTop: number;
  readonly rewards: number;
  readonly rate: number;
}

/** Plays the task on a board that it starts. */
export function playOnBoard(kind: BoardKind, options: DistalOptions): Promise<Trial[]> {
  return onStartedBoard(kind, task.network!(options), loadTarget(kind.target), (board) =>
    playTask(board, board.image, task, options, { seed: options.seed }),
  );
}

/** What the task reports of a look. */
export function lookOf(trial: Trial): Look {
  const number = (name: keyof Look) => Number(trial[name]);
  return {
    rewarded: number('rewarded'),
    others: number('others'),
    othersAtTop: number('othersAtTop'),
    rewards: number('rewards'),
    rate: number('rate'),
  };
}

/** The original experiment, until the synapse has been found `stop` times in a row. */
export function playOriginal({ seed, trials, every, stop }: DistalOptions): Look[] {
  const original = new Original(seed);
  const looks: Look[] = [];
  while (looks.length < trials && foundAfter(looks, stop) === null) looks.push(original.run(every));
  return looks;
}

/** Looks until the synapse was found, the first of `stop` in a row that end the session; null if it was not. */
export function foundAfter(looks: readonly Look[], stop: number): number | null {
  return looks.length >= stop && looks.slice(-stop).every(isFound) ? looks.length - stop + 1 : null;
}
