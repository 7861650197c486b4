import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../../src/compiler/package-folder.js';
import { EngramError } from '../../src/errors/engram-error.js';
import { loadNetwork } from '../../src/network/load.js';
import { lastProportion } from '../../src/tasks/learning-curve.js';
import { playTask } from '../../src/tasks/play.js';
import { listTasks } from '../../src/tasks/tasks.js';
import { same } from '../framework/check.js';
import type { CaseContext } from '../framework/context.js';
import type { HilCase } from '../framework/suite.js';
import { compileFor } from '../networks/for-target.js';
import { drawOf } from './drawn-set.js';
import { Pair } from './pair.js';
import { drawTraffic } from './traffic.js';

/** An example without a task runs so many ticks of drawn input when all of it is asked for. */
const ticksWithoutTask = 20_000;
const ticksPerTrial = 2_500;
/** Of the last hundred trials of a task that is played to its end. */
const learnt = 0.9;

/** Takes an hour of board time to be learnt, and more memory than the smaller boards have. */
const leftOut: readonly string[] = ['distal-reward'];
/** Options with which an example is played to its end, where those of the task would take a board too long. */
const wholeOptions: Readonly<Record<string, object>> = {
  // The example has learnt already: fresh trials, with learning off.
  'cue-accumulation': { learn: 0, trials: 40 },
};

const folder = join(packageFolder(), 'examples');

export const exampleCases: readonly HilCase[] = readdirSync(folder)
  .sort()
  .filter((name) => existsSync(join(folder, name, 'network.json')) && !leftOut.includes(name))
  .map((name) => {
    const task = listTasks().find((one) => one.name === name);
    return {
      name: task
        ? `the example ${name}, played in closed loop, has the emulator’s state tick by tick and its weights at the end`
        : `the example ${name} has the emulator’s state after every tick`,
      seconds: 7200,
      run: (context: CaseContext) => (task ? playExample(context, name) : runExample(context, name)),
    };
  });

async function startExample(context: CaseContext, name: string): Promise<Pair> {
  const test = compileFor(context.target, await loadNetwork(join(folder, name, 'network.json')));
  const { limits, signal, options } = context;
  const hashEvery = Math.max(1, options.hashEvery);
  return Pair.start({ board: await context.board(), test, ...limits, signal, hashEvery });
}

async function runExample(context: CaseContext, name: string): Promise<void> {
  const pair = await startExample(context, name);
  const ticks = context.options.exampleTicks || ticksWithoutTask;
  const { script } = drawTraffic(drawOf(context.options.seed), pair.test.image, ticks);
  await pair.play(script, ticks);
  context.measure('ticks', pair.tick, 'ticks');
}

async function playExample(context: CaseContext, name: string): Promise<void> {
  const task = listTasks().find((one) => one.name === name)!;
  const { exampleTicks } = context.options;
  const whole = exampleTicks === 0;
  const options = task.options.parse(
    whole ? (wholeOptions[name] ?? {}) : { trials: Math.ceil(exampleTicks / ticksPerTrial) },
  );
  const { trials: total = 0, seed = 1 } = options as { trials?: number; seed?: number };
  const pair = await startExample(context, name);
  const correct: boolean[] = [];
  await playTask(pair, pair.test.image, task, options, {
    seed,
    signal: context.signal,
    onTrial(trial, number) {
      correct.push(trial.correct);
      context.progress((number + 1) / total, `trial ${number + 1}, ${pair.hashesCompared} hashes`);
    },
  });
  await sameWeights(pair);
  const share = lastProportion(correct, 100);
  context.measure('ticks', pair.tick, 'ticks');
  context.measure('state hashes compared', pair.hashesCompared, 'hashes');
  context.measure('trials', correct.length, 'trials');
  if (whole) context.measure('correct of the last 100', Math.round(share * 1000) / 10, '%');
  if (whole && share < learnt)
    throw new EngramError(
      'E0805',
      `${name} was not learnt: ${Math.round(share * 100)} % correct at the end`,
      {
        facts: [['expected', `${learnt * 100} % of the last 100 trials`]],
      },
    );
}

/** Weights by name, as a user reads them, against those of the emulator. */
async function sameWeights({ board, machine, test }: Pair): Promise<void> {
  for (const [number, core] of test.image.cores.entries()) {
    const count = core.core.synapseCount;
    const weights = await board.readState(number, 32, 0, count);
    same(weights, machine.read(number, 32, 0, count), `weights of core ${number}`);
  }
  for (const { name } of test.image.host.projections) {
    const { values } = await board.readWeights(name);
    same(values.some(Number.isNaN), false, `weights of ${name} that are no numbers`);
  }
}
