import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../../src/compiler/package-folder.js';
import { EngramError, isEngramError } from '../../src/errors/engram-error.js';
import type { NetworkDescription } from '../../src/network/description.js';
import { loadNetwork } from '../../src/network/load.js';
import { lastProportion } from '../../src/tasks/learning-curve.js';
import { playTask } from '../../src/tasks/play.js';
import { listTasks } from '../../src/tasks/tasks.js';
import { same } from '../framework/check.js';
import type { CaseContext } from '../framework/context.js';
import { type HilCase, NotApplicable } from '../framework/suite.js';
import { compileFor, type TestImage } from '../networks/for-target.js';
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
/** What an example asks for that takes the slower boards too long otherwise. */
interface Care {
  /** Options with which it is played to its end. */
  readonly whole: object;
  /** Least ticks between two state hashes: over many synapses a hash takes longer than a tick. */
  readonly hashEvery: number;
  readonly ticksPerTrial: number;
}
const care: Readonly<Record<string, Care>> = {
  // It has learnt already: fresh trials with learning off. Where not all is asked for, trials with learning on.
  'cue-accumulation': { whole: { learn: 0, trials: 40 }, hashEvery: 250, ticksPerTrial: 20_000 },
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

/** The example for this board; one that asks for care may be larger than the smallest boards. */
function fitted({ target }: CaseContext, name: string, network: NetworkDescription): TestImage {
  try {
    return compileFor(target, network);
  } catch (error) {
    if (care[name] && isEngramError(error) && error.code === 'E0401') throw new NotApplicable(error.message);
    throw error;
  }
}

async function startExample(context: CaseContext, name: string): Promise<Pair> {
  const test = fitted(context, name, await loadNetwork(join(folder, name, 'network.json')));
  const { limits, signal, options } = context;
  const hashEvery = Math.max(1, options.hashEvery, care[name]?.hashEvery ?? 1);
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
  const trials = Math.ceil(exampleTicks / (care[name]?.ticksPerTrial ?? ticksPerTrial));
  const options = task.options.parse(whole ? (care[name]?.whole ?? {}) : { trials });
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
