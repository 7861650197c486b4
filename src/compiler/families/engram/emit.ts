import type {
  AxonGroupRecord,
  CoreImage,
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
import type { ImageContent } from '../../../image/write.js';
import type { ResolvedNetwork } from '../../../network/resolved.js';
import type { Placement, Slice } from '../../passes.js';
import type { AxonGroup, RoutedNetwork } from '../../route.js';
import type { Target } from '../../target.js';
import type { AllocatedCore } from './allocate.js';
import { memoryTotal } from './memory.js';
import { imageProbes } from './probes.js';
import type { QuantizedNetwork, QuantizedTrace } from './quantized.js';

/** Pass 7, the last: writes what the passes found into the records of the image. Decides nothing. */
export function emit(
  network: QuantizedNetwork,
  placement: Placement,
  routed: RoutedNetwork,
  allocated: readonly AllocatedCore[],
  target: Target,
  report: unknown,
): ImageContent {
  const resolved = network.network;
  const inputs = inputRoutes(resolved, routed);
  const probes = imageProbes(resolved, placement, allocated);
  return {
    targetId: target.id,
    network: {
      tickMicroseconds: Math.round(resolved.tickMilliseconds * 1000),
      seed: resolved.seed >>> 0,
      coreCount: placement.length,
      unitCount: resolved.populations.reduce((sum, { size }) => sum + size, 0),
      inputCount: inputs.count,
      signalPeriod: network.signalPeriod,
    },
    populations: populationRecords(resolved),
    modulators: modulatorRecords(network, placement),
    ...ruleRecords(network),
    inputRouteStart: inputs.start,
    inputRoutes: inputs.routes,
    probes: probes.records,
    episodes: episodeRecords(resolved),
    host: hostSection(network, target, probes.host, report),
    cores: placement.map((slices, core) => emitCore(network, slices, routed, core, allocated[core]!)),
  };
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

function inputRoutes({ populations }: ResolvedNetwork, { routeStart, routes }: RoutedNetwork) {
  const units = populations
    .filter(({ model }) => model === 'input')
    .flatMap(({ firstUnit, size }) => Array.from({ length: size }, (_, n) => firstUnit + n));
  return { count: units.length, ...selectRoutes(units, routeStart, routes) };
}

/** The routes of some units, as a table of their own. */
function selectRoutes(units: readonly number[], routeStart: Uint32Array, routes: Uint32Array) {
  const start = new Uint32Array(units.length + 1);
  units.forEach((unit, n) => {
    start[n + 1] = start[n]! + routeStart[unit + 1]! - routeStart[unit]!;
  });
  const selected = new Uint32Array(start[units.length]!);
  units.forEach((unit, n) => {
    selected.set(routes.subarray(routeStart[unit]!, routeStart[unit + 1]!), start[n]!);
  });
  return { start, routes: selected };
}

function emitCore(
  network: QuantizedNetwork,
  slices: readonly Slice[],
  routed: RoutedNetwork,
  core: number,
  allocated: AllocatedCore,
): CoreImage {
  const { groups, axons } = routed.cores[core]!;
  const { arrays } = allocated;
  const units = slices.flatMap(({ population, first, count }) => {
    const base = network.network.populations[population]!.firstUnit + first;
    return Array.from({ length: count }, (_, n) => base + n);
  });
  const out = selectRoutes(units, routed.routeStart, routed.routes);
  const neurons = emitNeuronGroups(network, slices);
  return {
    core: {
      neuronCount: allocated.neurons,
      axonCount: axons.length,
      synapseCount: arrays.synapses,
      maxDelay: allocated.maxDelay,
      memoryBytes: memoryTotal(allocated.memory),
      reserved: 0,
    },
    neuronGroups: neurons.records,
    axonGroups: groups.map(emitAxonGroup),
    axons,
    blocks: allocated.blocks,
    routeStart: out.start,
    routes: out.routes,
    bias: Int32Array.from(neurons.bias),
    initial: Int32Array.from(neurons.initial),
    index: arrays.index.join(),
    targets: arrays.targets.join(),
    weights8: arrays.weights8.join(),
    weights16: arrays.weights16.join(),
    columnAxons: arrays.columnAxons.join(),
  };
}

function emitNeuronGroups(network: QuantizedNetwork, slices: readonly Slice[]) {
  const bias: number[] = [];
  const initial: number[] = [];
  let firstNeuron = 0;
  const records = slices.map(({ population, first, count }): NeuronGroupRecord => {
    const resolved = network.network.populations[population]!;
    const numbers = network.populations[population]!;
    const part = (values: number | Int32Array) =>
      typeof values === 'number'
        ? new Array<number>(count).fill(values)
        : [...values.subarray(first, first + count)];
    const biasArray = typeof numbers.bias !== 'number';
    const initialArray = typeof numbers.initial !== 'number' || numbers.initial !== 0;
    const record: NeuronGroupRecord = {
      firstNeuron,
      count,
      firstUnit: resolved.firstUnit + first,
      population,
      model: modelCodes[resolved.model],
      flags:
        (numbers.i ? neuronGroupFlags.exponential : 0) |
        (biasArray ? neuronGroupFlags.biasArray : 0) |
        (initialArray ? neuronGroupFlags.initialArray : 0) |
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
      biasOffset: biasArray ? bias.length : 0,
      initialOffset: initialArray ? initial.length : 0,
      ...traceFields('y1', numbers.traces[0]),
      ...traceFields('y2', numbers.traces[1]),
      ...traceFields('y3', numbers.traces[2]),
    };
    if (biasArray) bias.push(...part(numbers.bias));
    if (initialArray) initial.push(...part(numbers.initial));
    firstNeuron += count;
    return record;
  });
  return { records, bias, initial };
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
