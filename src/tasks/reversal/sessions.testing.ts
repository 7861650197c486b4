import { compile } from '../../compiler/compile.js';
import { loadTarget } from '../../compiler/load-target.js';
import { readImage } from '../../image/read.js';
import { resolveNetwork } from '../../network/resolve.js';
import { readWeights } from '../../runtime/read-synapses.js';
import { machineBoard } from '../machine-board.testing.js';
import { playTask } from '../play.js';
import type { Step } from '../task.js';
import { reversalNetwork } from './network.js';
import { type ReversalOptions, reversalOptions } from './options.js';
import task from './task.js';

/** Plays the task on its own network: the trials, the steps asked for, and afterwards the emulator and the weights. */
export async function playSession(given: Partial<ReversalOptions>) {
  const options = reversalOptions.parse(given);
  const image = readImage(compile(resolveNetwork(reversalNetwork(options)), loadTarget('pico')).image);
  const board = machineBoard(image);
  const steps: Step[] = [];
  const onStep = (step: Step) => steps.push(step);
  const trials = await playTask(board, image, task, options, { seed: options.seed, onStep });
  const { values } = await readWeights(image, 'cue-action', (...place) => board.readState(...place));
  return { trials, steps, machine: board.machine, weights: [...values] };
}

/** Trials of four sessions with seeds of their own. */
export const playSessions = (given: Partial<ReversalOptions>) =>
  Promise.all([31, 32, 33, 34].map(async (seed) => (await playSession({ ...given, seed })).trials));
