import { EngramError } from '../errors/engram-error.js';
import type { Image } from '../image/image.js';
import { modelCodes, variableCodes } from '../image/layout.js';
import { readWeights } from '../runtime/read-synapses.js';
import type { SynapseValues } from '../runtime/synapse-values.js';
import { drawsOf } from './draws.js';
import type {
  ClearPart,
  ControlEvent,
  SpikeRecord,
  Step,
  StepOutcome,
  Task,
  TaskContext,
  TaskPopulation,
  Trial,
} from './task.js';

/** The part of a board session that a closed loop needs; `Board` in `src/runtime` has it. */
export interface LoopBoard {
  readonly tick: number;
  sendSpikes(ticks: ArrayLike<number>, units: ArrayLike<number>): Promise<void>;
  reward(events: readonly { tick: number; channel: number; value: number }[]): Promise<void>;
  control(
    events: readonly { tick: number; code: number; population: number; argument: number }[],
  ): Promise<void>;
  run(ticks: number, options?: { signal?: AbortSignal }): Promise<{ spikes: SpikeRecord }>;
  readState(core: number, variable: number, first: number, count: number): Promise<Int32Array>;
}

export interface PlayOptions {
  /** Seed of the task's own draws. */
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  /** Called after each finished trial, with its number from 0. */
  readonly onTrial?: (trial: Trial, number: number) => void | Promise<void>;
  /** Called with every step before it is run, and what came of it afterwards. */
  readonly onStep?: (step: Step, from: number, spikes: SpikeRecord) => void;
}

/**
 * Plays a task on a board that holds `image`, in lockstep, to its end. Gives all trials.
 * Throws E0804 if the network lacks what the task asks for, E0708 if aborted, and whatever the link throws.
 */
export async function playTask<Options>(
  board: LoopBoard,
  image: Image,
  task: Task<Options>,
  options: Options,
  play: PlayOptions,
): Promise<Trial[]> {
  const names = new ImageNames(image, task.name);
  const trials: Trial[] = [];
  const reported: Trial[] = [];
  const tickMilliseconds = image.network.tickMicroseconds / 1000;
  const context: TaskContext<Options> = {
    options,
    tickMilliseconds,
    ticks: (milliseconds) => Math.max(1, Math.round(milliseconds / tickMilliseconds)),
    now: () => board.tick,
    population: (name) => names.population(name),
    draws: drawsOf(play.seed),
    report: (trial) => reported.push(trial),
  };
  const game = task.play(context);
  for (let next = game.next(); ; ) {
    for (const trial of reported.splice(0)) {
      trials.push(trial);
      await play.onTrial?.(trial, trials.length - 1);
    }
    if (next.done) return trials;
    play.signal?.throwIfAborted();
    const step = next.value;
    const from = board.tick;
    await sendInputs(board, step, names);
    const { spikes } = await board.run(step.run, play.signal ? { signal: play.signal } : {});
    play.onStep?.(step, from, spikes);
    next = game.next(await outcome(board, image, names, step, spikes));
  }
}

async function outcome(
  board: LoopBoard,
  image: Image,
  names: ImageNames,
  { read = [], weigh = [] }: Step,
  spikes: SpikeRecord,
): Promise<StepOutcome> {
  const membranes = new Map<string, Float64Array>();
  for (const name of read)
    membranes.set(name, await readMembranes(board, image, names.populationIndex(name)));
  const weights = new Map<string, SynapseValues>();
  for (const name of weigh)
    weights.set(name, await readWeights(image, name, (...place) => board.readState(...place)));
  return {
    ...spikes,
    membranes(population) {
      const values = membranes.get(population);
      if (values) return values;
      throw new RangeError(
        `the step did not ask for the membranes of '${population}': read: ['${population}']`,
      );
    },
    weights(projection) {
      const values = weights.get(projection);
      if (values) return values;
      throw new RangeError(
        `the step did not ask for the weights of '${projection}': weigh: ['${projection}']`,
      );
    },
  };
}

/** V of all neurons of a population, in membrane units, wherever on the board they stand. */
async function readMembranes(board: LoopBoard, image: Image, population: number): Promise<Float64Array> {
  const { firstUnit, size } = image.populations[population]!;
  const values = new Float64Array(size);
  const unit = 2 ** -image.host.populations[population]!.exponent;
  for (const [core, { neuronGroups }] of image.cores.entries())
    for (const group of neuronGroups) {
      if (group.population !== population || group.count === 0) continue;
      const read = await board.readState(core, variableCodes.v, group.firstNeuron, group.count);
      read.forEach((value, n) => {
        values[group.firstUnit - firstUnit + n] = value * unit;
      });
    }
  return values;
}

async function sendInputs(board: LoopBoard, step: Step, names: ImageNames): Promise<void> {
  const now = board.tick;
  const { spikes = [], rewards = [], control = [] } = step;
  if (spikes.length > 0)
    await board.sendSpikes(
      spikes.map((spike) => now + spike.in),
      spikes.map((spike) => spike.unit),
    );
  if (rewards.length > 0)
    await board.reward(
      rewards.map((event) => ({
        tick: now + event.in,
        channel: names.modulator(event.modulator),
        value: event.value,
      })),
    );
  if (control.length > 0) await board.control(control.map((event) => controlEvent(event, now, names)));
}

const clearBits: Record<ClearPart, number> = { neurons: 1, traces: 2, tags: 4, flying: 8, modulators: 16 };
const allPopulations = 0xffff;

function controlEvent(event: ControlEvent, now: number, names: ImageNames) {
  const tick = now + event.in;
  const ofBoard = (code: number, argument: number) => ({ tick, code, population: allPopulations, argument });
  if ('learning' in event) return ofBoard(2, event.learning ? 1 : 0);
  if ('episodes' in event) return ofBoard(3, event.episodes === 'close' ? 0 : 1);
  if ('replay' in event) return ofBoard(4, event.replay === 'priority' ? 0xffff : event.replay);
  const argument = event.what.reduce((bits, part) => bits | clearBits[part], 0);
  return {
    tick,
    code: 1,
    population: event.clear === '*' ? allPopulations : names.populationIndex(event.clear),
    argument,
  };
}

/** Names of an image as numbers, with errors that say what there is. */
class ImageNames {
  readonly #image: Image;
  readonly #task: string;

  constructor(image: Image, task: string) {
    this.#image = image;
    this.#task = task;
  }

  populationIndex(name: string): number {
    return this.#find('population', name, this.#image.host.populations);
  }

  modulator(name: string): number {
    return this.#find('modulator', name, this.#image.host.modulators);
  }

  population(name: string): TaskPopulation {
    const { firstUnit, size, model } = this.#image.populations[this.populationIndex(name)]!;
    const task = this.#task;
    return {
      size,
      unit(n) {
        if (Number.isInteger(n) && n >= 0 && n < size) return firstUnit + n;
        throw new EngramError(
          'E0804',
          `task '${task}' needs unit ${n} of population '${name}', which has ${size}`,
          {
            fix: [`make '${name}' larger, or choose options of the task that fit it`],
            context: { model: Object.keys(modelCodes)[model] },
          },
        );
      },
    };
  }

  #find(kind: string, name: string, list: readonly { readonly name: string }[]): number {
    const index = list.findIndex((entry) => entry.name === name);
    if (index >= 0) return index;
    throw new EngramError(
      'E0804',
      `task '${this.#task}' needs a ${kind} '${name}', which the network does not have`,
      {
        facts: [[`${kind}s`, list.map((entry) => entry.name).join(', ') || 'none']],
        fix: [`name a ${kind} of the network '${name}', or run the task with its own network`],
      },
    );
  }
}
