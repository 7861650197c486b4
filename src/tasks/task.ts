import type { z } from 'zod';
import type { NetworkDescription } from '../network/description.js';
import type { SynapseValues } from '../runtime/synapse-values.js';
import type { Draws } from './draws.js';

/** Spikes that left the board, in order of tick and unit. */
export interface SpikeRecord {
  readonly count: number;
  readonly ticks: Uint32Array;
  readonly units: Uint32Array;
}

/** What came of a step: its output spikes, and the membranes and weights it asked for. */
export interface StepOutcome extends SpikeRecord {
  /**
   * V of a population's neurons when the step had run, in membrane units, for populations named in the step's `read`.
   * Throws a RangeError for any other.
   */
  membranes(population: string): Float64Array;
  /**
   * Weights of a projection when the step had run, in membrane units, for projections named in the step's `weigh`.
   * Throws a RangeError for any other.
   */
  weights(projection: string): SynapseValues;
}

/** A spike of an input line: ticks from now (0: the next tick to be run) and unit. */
export interface InputSpike {
  readonly in: number;
  readonly unit: number;
}

/** A reward event: ticks from now, modulator by name, and its value (−2047 … 2047). */
export interface RewardEvent {
  readonly in: number;
  readonly modulator: string;
  readonly value: number;
}

/**
 * A control event: ticks from now; clear the state of a population, switch learning, close the open episode or forget
 * all, or replay one: 0 the newest, 1 the one before, …, or the one of highest priority (`docs/core.md`, section 13).
 */
export type ControlEvent =
  | { readonly in: number; readonly clear: string; readonly what: readonly ClearPart[] }
  | { readonly in: number; readonly learning: boolean }
  | { readonly in: number; readonly episodes: 'close' | 'forget' }
  | { readonly in: number; readonly replay: number | 'priority' };
export type ClearPart = 'neurons' | 'traces' | 'tags' | 'flying' | 'modulators';

/** What a task asks for next: run so many ticks with these inputs, and give me the spikes. */
export interface Step {
  readonly run: number;
  readonly spikes?: readonly InputSpike[];
  readonly rewards?: readonly RewardEvent[];
  readonly control?: readonly ControlEvent[];
  /** Populations whose membranes are wanted when the step has run, for instance readouts. */
  readonly read?: readonly string[];
  /** Projections whose weights are wanted when the step has run. Large ones take a while to read. */
  readonly weigh?: readonly string[];
}

/** What a task says of a finished trial. */
export interface Trial {
  readonly correct: boolean;
  /** Anything else worth keeping, for the report: numbers and words. */
  readonly [detail: string]: number | string | boolean;
}

/** One population as a task sees it. */
export interface TaskPopulation {
  readonly size: number;
  /** Unit id of neuron or input line `n`. Throws a RangeError outside 0 … size − 1. */
  unit(n: number): number;
}

/** What a task has at hand while it plays. */
export interface TaskContext<Options> {
  readonly options: Options;
  readonly tickMilliseconds: number;
  /** Ticks of so many milliseconds, rounded, at least 1. */
  ticks(milliseconds: number): number;
  /** Tick number that comes next. */
  now(): number;
  /** A population of the running network. Throws E0804 if it has none of that name and model. */
  population(name: string): TaskPopulation;
  /** Random draws of the task, from its seed. */
  readonly draws: Draws;
  /** Reports a finished trial. */
  report(trial: Trial): void;
}

/**
 * A closed-loop environment. `play` yields what should happen next and gets the spikes that came of it; it ends when
 * it returns. The same module form serves user tasks: `export default defineTask({ … })`.
 */
export interface Task<Options = unknown> {
  readonly name: string;
  readonly summary: string;
  /** Checks options given on the command line or in code and fills in the defaults. */
  readonly options: z.ZodType<Options>;
  /** The network to be used where the user gives none. */
  network?(options: Options): NetworkDescription;
  play(context: TaskContext<Options>): Generator<Step, void, StepOutcome>;
}

/** Gives a task its type; for modules. */
export function defineTask<Options>(task: Task<Options>): Task<Options> {
  return task;
}
