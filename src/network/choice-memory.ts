import { EngramError } from '../errors/engram-error.js';
import { parseTime } from '../learning/time.js';
import { defaults } from './defaults.js';
import type { NetworkDescription, PopulationDescription, ProjectionDescription } from './description.js';

/** How a choice is kept. Numbers of thresholds are of the target's threshold. */
export interface ChoiceMemoryOptions {
  /** Population whose groups are the choices: `actions` groups of equal size, one after the other. */
  readonly action: string;
  readonly actions: number;
  /** Name of the memory, and beginning of the names of what belongs to it. Default: "choice". */
  readonly name?: string;
  /** Memory neurons of each choice. Default: 1; of an attractor 10. */
  readonly perAction?: number;
  /** Spikes of a group that make its choice be kept: of an attractor within about 100 ms. Default: 5. */
  readonly latch?: number;
  /** Time between two spikes of a held neuron, 2 to 63 ticks. Default: "20 ms". */
  readonly period?: string;
  /** Membrane of the chosen group at a spike of its memory, in thresholds. Default: 1.3: each makes a spike. */
  readonly excitation?: number;
  /** The same of all other groups, downwards. Default: 2. */
  readonly inhibition?: number;
  /** Population of which a held copy is kept: a line whose copy got `spikes` (default 2) spikes is held. Default: none. */
  readonly context?: { readonly population: string; readonly spikes?: number };
  /** true: recurrent LIF neurons instead of held ones. Default: false. */
  readonly attractor?: boolean;
}

/** Parts to spread into a description. */
export interface ChoiceMemory {
  readonly populations: Readonly<Record<string, PopulationDescription>>;
  readonly projections: Readonly<Record<string, ProjectionDescription>>;
  /** Population that holds the choice: `perAction` neurons of each, one choice after the other. */
  readonly memory: string;
  /** Population that holds the context; null: none. */
  readonly context: string | null;
}

type Network = Pick<NetworkDescription, 'tick' | 'populations'>;
type Pairs = [pre: number, post: number][];

/**
 * Neurons that keep the choice of a group of action neurons, and the context it was made in, until they are cleared
 * (CLEAR of membranes and of spikes in flight, `docs/core.md`, section 8: what is under way would latch again). The first group to bring `latch` spikes is kept; its memory
 * keeps the others down, makes its own group go on spiking and silences the rest, so that context and chosen action
 * go on pairing. Throws E0201 if the groups or populations do not fit.
 */
export function choiceMemory(network: Network, options: ChoiceMemoryOptions): ChoiceMemory {
  const { action, actions, name = 'choice', attractor = false, latch = 5 } = options;
  const { perAction = attractor ? 10 : 1, period = '20 ms', excitation = 1.3, inhibition = 2 } = options;
  const target = populationOf(network, action);
  const copied = options.context && populationOf(network, options.context.population);
  if (target.model !== 'lif' || actions < 2 || target.size % actions !== 0)
    throw misfit(
      `needs lif neurons in 2 or more groups of equal size; '${action}' has ${target.size} ${target.model}`,
    );
  for (const [what, value] of Object.entries({ perAction, latch }))
    if (!(Number.isInteger(value) && value >= 1)) throw misfit(`${what} is ${value}; 1 or more is needed`);
  const tick = parseTime(network.tick ?? defaults.tick) ?? 1;
  const group = target.size / actions;
  const size = actions * perAction;
  const peak = peakOfArrival(target, tick) * perAction;
  const threshold = target.threshold ?? defaults.threshold;
  const kind = attractor
    ? attractorParts(size, perAction, latch, tick)
    : heldParts(actions, perAction, latch, period, tick);
  const context = copied && `${name}-context`;
  return {
    memory: name,
    context: context ?? null,
    populations: {
      [name]: kind.population,
      ...(copied && context ? { [context]: { model: 'held', size: copied.size, period } } : {}),
    },
    projections: {
      [`${action}-${name}`]: listed(action, name, pairsOf(target.size, size), ([pre, post]) =>
        Math.floor(pre / group) === Math.floor(post / perAction) ? kind.input : null,
      ),
      ...Object.fromEntries(
        Object.entries(kind.among).map(([part, { weight, delay }]) => [
          `${name}-${part}`,
          listed(
            name,
            name,
            pairsOf(size, size),
            ([pre, post]) => weight(Math.floor(pre / perAction), Math.floor(post / perAction)),
            delay,
          ),
        ]),
      ),
      [`${name}-${action}`]: listed(name, action, pairsOf(size, target.size), ([pre, post]) =>
        Math.floor(pre / perAction) === Math.floor(post / group)
          ? (excitation * threshold) / peak
          : (-inhibition * threshold) / peak,
      ),
      ...(options.context && context
        ? {
            [`${options.context.population}-${context}`]: {
              from: options.context.population,
              to: context,
              connect: 'one-to-one',
              weight: surely(options.context.spikes ?? 2),
            },
          }
        : {}),
    },
  };
}

interface Kind {
  readonly population: PopulationDescription;
  /** Weight of a spike of a choice's own group. */
  readonly input: number;
  /** Projections of the memory onto itself: weight from the memory of one choice to that of another. */
  readonly among: Readonly<
    Record<string, { readonly weight: (from: number, to: number) => number | null; readonly delay?: string }>
  >;
}

/** A little above 1 / spikes, so that so many reach the threshold after rounding. */
const surely = (spikes: number) => 1.02 / spikes;

/** Delays of the core end here (ticks); the period of a held neuron is one. */
const mostDelay = 63;

/**
 * Held neurons count the spikes of their group. One that is held drives the others down a tick later, so that two are
 * held only if they were complete in the same tick; being refractory, they do not feel that. So there is a second round
 * that comes when both wake, a period later: there the lower is driven down by less than it excites itself, the other by
 * more.
 */
function heldParts(actions: number, perAction: number, latch: number, period: string, tick: number): Kind {
  const ticks = (parseTime(period) ?? Number.NaN) / tick;
  if (!(Math.round(ticks) >= 2 && ticks <= mostDelay))
    throw misfit(
      `period is ${period}; 2 to ${mostDelay} ticks (${2 * tick} ms to ${mostDelay * tick} ms) are needed`,
    );
  const second = (from: number, to: number) => (from === to ? 2 : from < to ? -4 : -1 / (actions - 1));
  return {
    population: { model: 'held', size: actions * perAction, period },
    input: surely(latch),
    among: {
      compete: { weight: (from, to) => (from === to ? null : -4 / perAction) },
      hold: { weight: (from, to) => second(from, to) / perAction, delay: period },
    },
  };
}

const attractorTaus = { membrane: 20, synapse: 100, refractory: 10 } as const;

/**
 * LIF neurons with slow synapses (Wang 2002, Neuron 36, 955–968, in its barest form). In units of the threshold a group
 * at r spikes a millisecond drives itself to 62·r: silence is stable; from about 20 spikes a second on it rises by
 * itself, until its refractory period stops it near 90. It drives the others down by 103·r.
 */
function attractorParts(size: number, perAction: number, latch: number, tick: number): Kind {
  const { membrane, synapse, refractory } = attractorTaus;
  const ofCurrent = 1 / -Math.expm1(-tick / membrane);
  const ofRate = ofCurrent / -Math.expm1(-tick / synapse);
  const recurrent = 62 / tick / ofRate / perAction;
  const ticks = Math.round(refractory / tick) * tick;
  return {
    population: {
      model: 'lif',
      size,
      tauMembrane: `${membrane} ms`,
      tauSynapse: `${synapse} ms`,
      refractory: `${ticks} ms`,
      noise: 0.02,
    },
    input: 2.5 / ofCurrent / latch,
    among: { compete: { weight: (from, to) => (from === to ? recurrent : (-103 / 62) * recurrent) } },
  };
}

/** Highest point of the membrane after one arrival of weight 1. */
function peakOfArrival(
  { tauMembrane, tauSynapse }: Extract<PopulationDescription, { model: 'lif' }>,
  tick: number,
): number {
  const keep = (text: string | undefined) => {
    const tau = text === undefined || text === 'none' ? Number.POSITIVE_INFINITY : (parseTime(text) ?? tick);
    return Math.exp(-tick / tau);
  };
  if (tauSynapse === undefined) return 1;
  const [membrane, synapse] = [keep(tauMembrane ?? defaults.tauMembrane), keep(tauSynapse)];
  let [v, current] = [1, 1];
  for (;;) {
    current *= synapse;
    const next = v * membrane + current;
    if (next <= v * (1 + 1e-9)) return v;
    v = next;
  }
}

function pairsOf(from: number, to: number): Pairs {
  return Array.from({ length: from }, (_, pre) =>
    Array.from({ length: to }, (_, post): [number, number] => [pre, post]),
  ).flat();
}

/** A projection of the pairs that have a weight. */
function listed(
  from: string,
  to: string,
  candidates: Pairs,
  weightOf: (pair: readonly [number, number]) => number | null,
  delay?: string,
): ProjectionDescription {
  const pairs = candidates.filter((pair) => weightOf(pair) !== null);
  return {
    from,
    to,
    connect: { kind: 'list', pairs },
    weight: { values: pairs.map((pair) => weightOf(pair)!) },
    ...(delay === undefined ? {} : { delay }),
  };
}

function populationOf({ populations }: Network, name: string): PopulationDescription {
  const population = populations[name];
  if (population) return population;
  throw misfit(`there is no population '${name}'; there are: ${Object.keys(populations).join(', ')}`);
}

function misfit(message: string): EngramError {
  return new EngramError('E0201', `choiceMemory: ${message}`);
}
