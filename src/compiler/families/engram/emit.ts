import type {
  AxonGroupRecord,
  CoreBulk,
  EpisodesRecord,
  HostSection,
  ModulatorRecord,
  NeuronGroupRecord,
} from '../../../image/image.js';
import {
  episodeFlags,
  modelCodes,
  modulatorFlags,
  neuronGroupFlags,
  noChannel,
  populationFlags,
  resetCodes,
  traceModeCodes,
} from '../../../image/layout.js';
import { type CoreDraft, writeDraft } from '../../../image/write.js';
import type { ResolvedNetwork } from '../../../network/resolved.js';
import type { Placement, Slice } from '../../passes.js';
import type { AxonGroup, RoutedCore, RoutedNetwork } from '../../route.js';
import type { Target } from '../../target.js';
import type { AllocatedCore } from './allocate.js';
import { fillAxonsAndRoutes } from './fill-axons.js';
import { fillSynapses } from './fill-synapses.js';
import { memoryTotal } from './memory.js';
import { imageProbes } from './probes.js';
import type { QuantizedNetwork, QuantizedPopulation, QuantizedTrace } from './quantized.js';

/** Pass 7, the last: writes what the passes found into the image, in place. Decides nothing. */
export function emit(
  network: QuantizedNetwork,
  placement: Placement,
  routed: RoutedNetwork,
  allocated: readonly AllocatedCore[],
  target: Target,
  report: unknown,
): Uint8Array<ArrayBuffer> {
  const resolved = network.network;
  const inputs = resolved.populations.filter(({ model }) => model === 'input');
  const inputCount = inputs.reduce((sum, { size }) => sum + size, 0);
  const probes = imageProbes(resolved, placement, allocated);
  return writeDraft({
    targetId: target.id,
    network: {
      tickMicroseconds: Math.round(resolved.tickMilliseconds * 1000),
      seed: resolved.seed >>> 0,
      coreCount: placement.length,
      unitCount: resolved.populations.reduce((sum, { size }) => sum + size, 0),
      inputCount,
      signalPeriod: network.signalPeriod,
    },
    populations: populationRecords(resolved),
    modulators: modulatorRecords(network, placement),
    ...ruleRecords(network),
    probes: probes.records,
    episodes: episodeRecords(resolved),
    host: hostSection(network, target, probes.host, report),
    lengths: {
      inputRouteStart: inputCount + 1,
      inputRoutes: inputs.reduce(
        (sum, { firstUnit, size }) =>
          sum + routed.routeStart[firstUnit + size]! - routed.routeStart[firstUnit]!,
        0,
      ),
    },
    cores: placement.map((slices, core) => coreDraft(network, slices, routed.cores[core]!, allocated[core]!)),
    fill: (board, cores) => {
      placement.forEach((slices, core) => {
        fillNeurons(network, slices, cores[core]!);
      });
      fillAxonsAndRoutes(resolved, placement, routed, board, cores);
      fillSynapses(network, placement, allocated, cores);
    },
  });
}

/** Spikes leave the board where a probe asks for them; with no such probe, those of all neurons. */
function populationRecords({ populations, probes, episodes }: ResolvedNetwork) {
  const wanted = probes.filter(({ variable }) => variable === 'spikes');
  let firstInput = 0;
  return populations.map(({ index, model, size, firstUnit }) => {
    const out =
      wanted.length === 0
        ? model !== 'input' && model !== 'readout'
        : wanted.some((probe) => probe.index === index);
    const record = {
      firstUnit,
      size,
      firstInput: model === 'input' ? firstInput : 0,
      model: modelCodes[model],
      flags:
        (out ? populationFlags.spikesOut : 0) |
        (episodes?.recorded.includes(index) ? populationFlags.recorded : 0) |
        (episodes?.opens.includes(index) ? populationFlags.opens : 0),
      reserved: 0,
    };
    if (model === 'input') firstInput += size;
    return record;
  });
}

function modulatorRecords(network: QuantizedNetwork, placement: Placement): ModulatorRecord[] {
  return network.modulators.map(({ decay, gain, errorShift }, channel) => {
    const { error } = network.network.modulators[channel]!;
    const place = error && neuronPlace(placement, error.population, error.neuron);
    return {
      keep: decay.keep,
      cadence: decay.cadence,
      gain: gain ?? 0,
      errorNeuron: place?.neuron ?? 0,
      errorCore: place?.core ?? 0,
      gate: error?.gate ?? noChannel,
      flags: (gain === null ? 0 : modulatorFlags.baseline) | (error ? modulatorFlags.error : 0),
      errorShift: errorShift ?? 0,
      reserved: 0,
    };
  });
}

/** Core and core-local number of a neuron. */
function neuronPlace(placement: Placement, population: number, neuron: number) {
  for (const [core, slices] of placement.entries()) {
    let local = 0;
    for (const slice of slices) {
      const offset = neuron - slice.first;
      if (slice.population === population && offset >= 0 && offset < slice.count)
        return { core, neuron: local + offset };
      local += slice.count;
    }
  }
  throw new Error(`neuron ${neuron} of population ${population} was not placed`);
}

function episodeRecords({ episodes }: ResolvedNetwork): EpisodesRecord[] {
  if (episodes === null) return [];
  const { slots, events, duration, settle, trigger, earlier, speed, clear, reverse } = episodes;
  return [
    {
      slots,
      events,
      duration,
      settle,
      trigger: trigger ?? noChannel,
      earlier,
      speed,
      clear,
      flags: reverse ? episodeFlags.reverse : 0,
      reserved: 0,
    },
  ];
}

function ruleRecords({ rules }: QuantizedNetwork) {
  let firstTerm = 0;
  return {
    rules: rules.map((terms) => {
      const record = { firstTerm, termCount: terms.length };
      firstTerm += terms.length;
      return record;
    }),
    terms: rules.flat(),
  };
}

function coreDraft(
  network: QuantizedNetwork,
  slices: readonly Slice[],
  { groups, axonCount }: RoutedCore,
  allocated: AllocatedCore,
): CoreDraft {
  const neurons = neuronGroups(network, slices);
  return {
    core: {
      neuronCount: allocated.neurons,
      axonCount,
      synapseCount: allocated.synapses,
      maxDelay: allocated.maxDelay,
      memoryBytes: memoryTotal(allocated.memory),
      reserved: 0,
    },
    neuronGroups: neurons.records,
    axonGroups: groups.map(emitAxonGroup),
    blocks: allocated.blocks,
    lengths: {
      axons: axonCount,
      routeStart: allocated.neurons + 1,
      routes: allocated.routes,
      bias: neurons.bias,
      initial: neurons.initial,
      ...allocated.lengths,
    },
  };
}

/** Which values of a population's neurons stand in an array of their own. */
function ownArrays({ bias, initial }: QuantizedPopulation) {
  return { bias: typeof bias !== 'number', initial: typeof initial !== 'number' || initial !== 0 };
}

/** The neuron groups of a core, and the lengths of its bias and initial arrays. */
function neuronGroups(network: QuantizedNetwork, slices: readonly Slice[]) {
  let [firstNeuron, bias, initial] = [0, 0, 0];
  const records = slices.map(({ population, first, count }): NeuronGroupRecord => {
    const resolved = network.network.populations[population]!;
    const numbers = network.populations[population]!;
    const own = ownArrays(numbers);
    const record: NeuronGroupRecord = {
      firstNeuron,
      count,
      firstUnit: resolved.firstUnit + first,
      population,
      model: modelCodes[resolved.model],
      flags:
        (numbers.i ? neuronGroupFlags.exponential : 0) |
        (own.bias ? neuronGroupFlags.biasArray : 0) |
        (own.initial ? neuronGroupFlags.initialArray : 0) |
        (numbers.adaptation ? neuronGroupFlags.adaptive : 0) |
        (numbers.window ? neuronGroupFlags.window : 0) |
        (numbers.signal ? neuronGroupFlags.signal : 0),
      resetMode: resetCodes[resolved.reset.mode],
      refractory: resolved.refractory,
      vKeep: numbers.v.keep,
      vCadence: numbers.v.cadence,
      iKeep: numbers.i?.keep ?? 0,
      iCadence: numbers.i?.cadence ?? 0,
      threshold: numbers.threshold,
      adaptKeep: numbers.adaptation?.keep ?? 0,
      adaptCadence: numbers.adaptation?.cadence ?? 0,
      adaptImpulse: numbers.adaptation?.impulse ?? 0,
      windowWidth: numbers.window?.width ?? 0,
      windowPeak: numbers.window?.peak ?? 0,
      windowSlope: numbers.window?.slope ?? 0,
      windowShift: numbers.window?.shift ?? 0,
      signalChannel: numbers.signal?.channel == null ? noChannel : numbers.signal.channel + first,
      signalShift: numbers.signal?.shift ?? 0,
      resetValue: numbers.resetValue,
      bias: typeof numbers.bias === 'number' ? numbers.bias : 0,
      noise: numbers.noise,
      biasOffset: own.bias ? bias : 0,
      initialOffset: own.initial ? initial : 0,
      ...traceFields('y1', numbers.traces[0]),
      ...traceFields('y2', numbers.traces[1]),
      ...traceFields('y3', numbers.traces[2]),
    };
    if (own.bias) bias += count;
    if (own.initial) initial += count;
    firstNeuron += count;
    return record;
  });
  return { records, bias, initial };
}

/** Writes the bias and initial arrays of a core, slice after slice. */
function fillNeurons(network: QuantizedNetwork, slices: readonly Slice[], bulk: CoreBulk): void {
  let [bias, initial] = [0, 0];
  const put = (into: Int32Array, at: number, values: number | Int32Array, { first, count }: Slice) => {
    if (typeof values === 'number') into.fill(values, at, at + count);
    else into.set(values.subarray(first, first + count), at);
    return at + count;
  };
  for (const slice of slices) {
    const numbers = network.populations[slice.population]!;
    const own = ownArrays(numbers);
    if (own.bias) bias = put(bulk.bias, bias, numbers.bias, slice);
    if (own.initial) initial = put(bulk.initial, initial, numbers.initial, slice);
  }
}

function emitAxonGroup({ population, delay, traces, firstAxon, sources }: AxonGroup): AxonGroupRecord {
  return {
    firstAxon,
    count: sources.length,
    population,
    delay,
    ...traceFields('x1', traces[0]),
    ...traceFields('x2', traces[1]),
    reserved: 0,
  };
}

type TraceFields<N extends string> = Record<`${N}Keep` | `${N}Cadence` | `${N}Impulse` | `${N}Mode`, number>;

function traceFields<N extends string>(name: N, trace: QuantizedTrace | null | undefined): TraceFields<N> {
  return {
    [`${name}Keep`]: trace?.keep ?? 0,
    [`${name}Cadence`]: trace?.cadence ?? 0,
    [`${name}Impulse`]: trace?.impulse ?? 0,
    [`${name}Mode`]: traceModeCodes[trace?.mode ?? 'absent'],
  } as TraceFields<N>;
}

function hostSection(
  network: QuantizedNetwork,
  target: Target,
  probes: HostSection['probes'],
  report: unknown,
): HostSection {
  const resolved = network.network;
  return {
    name: resolved.name,
    target: target.name,
    populations: resolved.populations.map(({ name, index }) => ({
      name,
      exponent: network.populations[index]!.exponent,
    })),
    projections: resolved.projections.map(({ name, from, to, index }) => ({
      name,
      from: from.population,
      to: to.population,
      exponent: network.quantized[index]!.exponent,
      tagExponent: network.quantized[index]!.plasticity?.tagExponent ?? null,
      tag2Exponent: network.quantized[index]!.plasticity?.tag2Exponent ?? null,
    })),
    modulators: resolved.modulators.map(({ name }) => ({ name })),
    probes,
    report,
  };
}
