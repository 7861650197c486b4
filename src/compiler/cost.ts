import type { BlockRecord, TermRecord } from '../image/image.js';
import { blockFlags, eventCodes, factorCodes, noFactor, targetCodes } from '../image/layout.js';
import type { AllocatedCore } from './families/engram/allocate.js';
import type { QuantizedNetwork, QuantizedTrace } from './families/engram/quantized.js';
import type { Placement } from './passes.js';
import type { Target } from './target.js';

/** Cycles of a tick of the busiest core, by the cycle figures of its target. */
export interface CostEstimate {
  /** Spikes a second of every unit. */
  readonly rateHz: number;
  /** Share of the ticks in which a neuron with a pseudo-derivative is near its threshold. */
  readonly nearShare: number;
  readonly cyclesPerTick: number;
  readonly shareOfTick: number;
  /** Whether the target's cycle figures were counted or are goals. */
  readonly measured: boolean;
}

const rateHz = 10;
const nearShare = 0.05;
const keepAll = 65536;

/**
 * The mean over ticks if every unit spikes at 10 Hz, neurons with a pseudo-derivative are near their threshold in one of
 * 20 ticks, and modulators and errors are at work: while those are 0 a board skips what they would turn into weight.
 */
export function estimateCost(
  network: QuantizedNetwork,
  placement: Placement,
  allocated: readonly AllocatedCore[],
  target: Target,
): CostEstimate {
  const { cycles } = target;
  const { tickMilliseconds } = network.network;
  const spikes = (rateHz * tickMilliseconds) / 1000;
  const cyclesPerTick = allocated.map(
    ({ blocks }, core) =>
      cycles.tick +
      network.modulators.length * cycles.modulator +
      neuronCycles(network, placement[core]!, cycles) +
      blocks.reduce((sum, block) => sum + blockCycles(network, block, spikes, cycles), 0),
  );
  const busiest = Math.round(Math.max(...cyclesPerTick));
  return {
    rateHz,
    nearShare,
    cyclesPerTick: busiest,
    shareOfTick: busiest / ((target.clockHz * tickMilliseconds) / 1000),
    measured: cycles.measured,
  };
}

type Cycles = Target['cycles'];

function neuronCycles(network: QuantizedNetwork, slices: Placement[number], cycles: Cycles): number {
  let sum = 0;
  for (const { population, count } of slices) {
    const { adaptation, window, signal, traces } = network.populations[population]!;
    sum += cycles.part + count * traceCycles(traces, cycles);
    sum += count * (adaptation !== null || window !== null ? cycles.adaptiveNeuron : cycles.neuron);
    if (signal !== null) sum += count * cycles.signal;
  }
  return sum;
}

/** Decay of the traces of a neuron or an axon. */
function traceCycles(traces: readonly (QuantizedTrace | null)[], cycles: Cycles): number {
  return traces.reduce(
    (sum, trace) => sum + (trace === null || trace.keep === keepAll ? 0 : cycles.trace * 2 ** -trace.cadence),
    0,
  );
}

function blockCycles(network: QuantizedNetwork, block: BlockRecord, spikes: number, cycles: Cycles): number {
  const { synapseCount, axonCount, neuronCount, flags } = block;
  const feedback = flags & blockFlags.feedback ? synapseCount * cycles.signalSynapse : 0;
  const silent = (flags & blockFlags.silent) !== 0;
  const { plasticity } = network.quantized[block.projection]!;
  if (plasticity === null)
    return (
      feedback + (silent ? 0 : spikes * (axonCount * cycles.arrival + synapseCount * cycles.staticSynapse))
    );
  const terms = network.rules[plasticity.rule]!;
  const [pre, post, near] = (['pre', 'post', 'near'] as const).map((name) =>
    terms.filter(({ event }) => event === eventCodes[name]),
  ) as [TermRecord[], TermRecord[], TermRecord[]];
  const sweeps = terms.filter(({ event }) => event === eventCodes.sweep);
  const columns = (events: number, of: TermRecord[], synapse: number) =>
    of.length === 0
      ? 0
      : events * (neuronCount * cycles.column + synapseCount * termCycles(of, synapse, cycles));
  // A loop of its own delivers and learns at once; otherwise the delivery comes first.
  const learning = termCycles(pre, cycles.plasticSynapse, cycles);
  const delivery = isSingle(pre) ? 0 : cycles.staticSynapse;
  const modulated = sweeps.filter(isModulated);
  const rated = sweeps.filter((term) => !isModulated(term));
  const turned = (of: TermRecord[], period: number) =>
    termCycles(of, cycles.sweptSynapse, cycles) * 2 ** -period;
  const decays =
    (flags & blockFlags.tag && block.tagKeep !== keepAll ? 2 ** -block.tagPeriod : 0) +
    (flags & blockFlags.tag2 && block.tag2Keep !== keepAll ? 2 ** -block.tag2Period : 0);
  const swept =
    turned(modulated, block.sweepPeriod) + turned(rated, block.ratedPeriod) + decays * cycles.tagSweep;
  return (
    cycles.part +
    axonCount * traceCycles(plasticity.traces, cycles) +
    feedback +
    (silent && pre.length === 0
      ? 0
      : spikes * (axonCount * cycles.arrival + synapseCount * (delivery + learning))) +
    columns(spikes, post, cycles.postSynapse) +
    columns(nearShare, near, cycles.postSynapse) +
    synapseCount * swept
  );
}

/** Cycles of a synapse for the terms of one event. */
function termCycles(terms: readonly TermRecord[], single: number, cycles: Cycles): number {
  if (terms.length === 0) return 0;
  return isSingle(terms) ? single : cycles.generalSynapse + terms.length * cycles.generalTerm;
}

/** Whether a board may have a loop of its own for them. */
function isSingle(terms: readonly TermRecord[]): boolean {
  return terms.length === 1 && terms[0]!.factor3 === noFactor && terms[0]!.target !== targetCodes.t2;
}

function isModulated({ factor1, factor2, factor3 }: TermRecord): boolean {
  return [factor1, factor2, factor3].some(
    (code) => code === factorCodes.l || (code >= factorCodes.modulator && code !== noFactor),
  );
}
