import { type CostEstimate, estimateCost } from './cost.js';
import type { AllocatedCore } from './families/engram/allocate.js';
import type { Decay } from './families/engram/decay.js';
import { type MemoryUse, memoryTotal } from './families/engram/memory.js';
import type { QuantizedNetwork } from './families/engram/quantized.js';
import { coresOfUnits, type Placement } from './passes.js';
import { hops, type MeshPosition } from './place.js';
import type { RoutedNetwork } from './route.js';
import type { Target } from './target.js';

/** What the compiler did, in numbers: shown by `engram inspect` and kept in the image's host section. */
export interface CompileReport {
  readonly network: string;
  readonly target: string;
  readonly neurons: number;
  readonly synapses: number;
  readonly cores: readonly CoreReport[];
  readonly limits: Target['perCore'];
  readonly populations: readonly PopulationReport[];
  readonly projections: readonly ProjectionReport[];
  readonly routes: { readonly total: number; readonly betweenCores: number; readonly meanHops: number };
  readonly cost: CostEstimate;
  readonly warnings: readonly string[];
}

export interface CoreReport {
  readonly neurons: number;
  readonly axons: number;
  readonly synapses: number;
  readonly routes: number;
  readonly memory: MemoryUse & { readonly total: number };
}

export interface PopulationReport {
  readonly name: string;
  readonly model: string;
  readonly size: number;
  /** Steps of the state from 0 to the threshold. */
  readonly thresholdSteps: number;
}

export interface ProjectionReport {
  readonly name: string;
  readonly synapses: number;
  readonly storage: string;
  readonly plastic: boolean;
  /** One step of the acting weight, in membrane units. */
  readonly step: number;
  /** Difference of stored and described weights, in membrane units. */
  readonly maxError: number;
  readonly rmsError: number;
  /** Largest relative error of the rule's coefficients; null for static ones. */
  readonly coefficientError: number | null;
  /** Milliseconds until the tag of a full range has faded to nothing: no reward that comes later is credited. */
  readonly tagReachMilliseconds: number | null;
  /** Likewise of the second tag. */
  readonly tag2ReachMilliseconds: number | null;
}

export function makeReport(
  network: QuantizedNetwork,
  placement: Placement,
  mesh: readonly MeshPosition[],
  routed: RoutedNetwork,
  allocated: readonly AllocatedCore[],
  target: Target,
): CompileReport {
  const { populations } = network.network;
  return {
    network: network.network.name,
    target: target.name,
    neurons: allocated.reduce((sum, { neurons }) => sum + neurons, 0),
    synapses: network.projections.reduce((sum, { synapses }) => sum + synapses, 0),
    cores: allocated.map(({ neurons, synapses, routes, memory }, core) => ({
      neurons,
      axons: routed.cores[core]!.axonCount,
      synapses,
      routes,
      memory: { ...memory, total: memoryTotal(memory) },
    })),
    limits: target.perCore,
    populations: populations.map(({ name, model, size, index }) => ({
      name,
      model,
      size,
      thresholdSteps: network.populations[index]!.threshold,
    })),
    projections: network.projections.map((_, index) => projectionReport(network, index, allocated)),
    routes: countRoutes(network, placement, mesh, routed),
    cost: estimateCost(network, placement, allocated, target),
    warnings: network.warnings,
  };
}

function projectionReport(
  network: QuantizedNetwork,
  index: number,
  allocated: readonly AllocatedCore[],
): ProjectionReport {
  const { projection, synapses } = network.projections[index]!;
  const { exponent, errors, plasticity } = network.quantized[index]!;
  const kinds = new Set(
    allocated.flatMap(({ blocks }) =>
      blocks.filter((block) => block.projection === index).map(({ kind }) => kind),
    ),
  );
  return {
    name: projection.name,
    synapses,
    storage: [...kinds].map((kind) => (kind === 0 ? 'dense' : 'sparse')).join('+') || 'none',
    plastic: plasticity !== null,
    step: 2 ** exponent,
    maxError: errors.max,
    rmsError: errors.rms,
    coefficientError: plasticity?.coefficientError ?? null,
    tagReachMilliseconds: reach(plasticity?.tagExponent, plasticity?.tag, network),
    tag2ReachMilliseconds: reach(plasticity?.tag2Exponent, plasticity?.tag2, network),
  };
}

/** Milliseconds until a full tag has decayed to nothing; null without one. */
function reach(
  exponent: number | null | undefined,
  decay: Decay | undefined,
  { network }: QuantizedNetwork,
): number | null {
  if (exponent == null || decay === undefined) return null;
  return ticksToZero(32767, decay.keep) * 2 ** decay.cadence * network.tickMilliseconds;
}

/** Visits until a tag has decayed to nothing, by the core's own rounding; infinite without decay. */
function ticksToZero(tag: number, keep: number): number {
  if (keep === 65536) return Number.POSITIVE_INFINITY;
  let visits = 0;
  for (let value = tag; value > 0; visits++) value = Math.floor((value * keep) / 65536);
  return visits;
}

function countRoutes(
  { network }: QuantizedNetwork,
  placement: Placement,
  mesh: readonly MeshPosition[],
  { cores }: RoutedNetwork,
) {
  const coreOf = coresOfUnits(network, placement);
  let total = 0;
  let betweenCores = 0;
  let crossed = 0;
  cores.forEach(({ groups, axonCount }, to) => {
    total += axonCount;
    const distance = mesh.map((position) => hops(position, mesh[to]!));
    for (const { population, sources } of groups) {
      const { firstUnit, model } = network.populations[population]!;
      if (model === 'input') continue;
      for (let n = 0; n < sources.length; n++) {
        const from = coreOf[firstUnit + sources[n]!]!;
        if (from === to) continue;
        betweenCores++;
        crossed += distance[from]!;
      }
    }
  });
  return { total, betweenCores, meanHops: betweenCores === 0 ? 0 : crossed / betweenCores };
}
