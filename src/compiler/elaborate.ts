import type { DelaySpec, ResolvedNetwork, ResolvedProjection, ValueSpec } from '../network/resolved.js';
import { type Connectivity, connect } from './connect.js';
import { type ElaboratedNetwork, type ElaboratedProjection, type Indices, makeIndices } from './passes.js';
import { drawsFor, drawValues } from './random.js';

/**
 * Pass 1: draws every random choice of the description. First, because all that follows looks at the synapses
 * that are really there; the draws depend on seeds and names alone, never on target or partition.
 */
export function elaborate(network: ResolvedNetwork): ElaboratedNetwork {
  const perNeuron = (what: 'bias' | 'initial') =>
    network.populations.map((population) =>
      population[what].kind === 'constant'
        ? population[what].value
        : drawValues(population[what], population.size, drawsFor(network.seed, `${what} ${population.name}`)),
    );
  return {
    network,
    projections: network.projections.map(elaborateProjection),
    bias: perNeuron('bias'),
    initial: perNeuron('initial'),
  };
}

function elaborateProjection(projection: ResolvedProjection): ElaboratedProjection {
  const { seed } = projection;
  const connectivity = connect(projection, drawsFor(seed, 'connect'));
  const { rowStart, targets } = connectivity;
  const rows = projection.from.count;
  const columns = projection.to.count;
  const synapses = connectivity.full ? rows * columns : targets.length;
  const distinct = projection.connect.kind !== 'list' || isDistinct(rowStart, targets);
  // As many synapses as pairs, and none of them twice.
  const full = connectivity.full || (distinct && synapses === rows * columns);
  return {
    projection,
    full,
    distinct,
    rows,
    columns,
    synapses,
    rowStart,
    targets: full ? makeIndices(0, columns) : targets,
    inDegree: full ? new Uint32Array(columns).fill(rows) : countColumns(targets, columns),
    weights: drawWeights(projection.weight, synapses, seed, connectivity),
    delays: drawDelays(projection.delay, synapses, seed, connectivity),
  };
}

/** Equal targets stand beside each other in their row. */
function isDistinct(rowStart: Uint32Array, targets: Indices): boolean {
  for (let row = 0; row + 1 < rowStart.length; row++)
    for (let n = rowStart[row]! + 1; n < rowStart[row + 1]!; n++)
      if (targets[n] === targets[n - 1]) return false;
  return true;
}

function countColumns(targets: Indices, columns: number): Uint32Array {
  const counts = new Uint32Array(columns);
  for (let n = 0; n < targets.length; n++) {
    const column = targets[n]!;
    counts[column] = counts[column]! + 1;
  }
  return counts;
}

/** Given values come in the order of the list; they are put into the order of the rows. */
function drawWeights(
  spec: ValueSpec,
  synapses: number,
  seed: number,
  { order }: Connectivity,
): Float32Array | number {
  if (spec.kind === 'constant') return Math.fround(spec.value);
  if (spec.kind !== 'values' || order === null) return drawValues(spec, synapses, drawsFor(seed, 'weight'));
  const weights = new Float32Array(synapses);
  for (let n = 0; n < synapses; n++) weights[n] = spec.values[order[n]!]!;
  return weights;
}

function drawDelays(
  spec: DelaySpec,
  synapses: number,
  seed: number,
  { order }: Connectivity,
): Uint8Array | number {
  if (spec.kind === 'constant') return spec.ticks;
  const delays = new Uint8Array(synapses);
  if (spec.kind === 'values') {
    if (order === null) return spec.ticks;
    for (let n = 0; n < synapses; n++) delays[n] = spec.ticks[order[n]!]!;
    return delays;
  }
  const draws = drawsFor(seed, 'delay');
  for (let n = 0; n < synapses; n++) delays[n] = spec.low + draws.below(spec.high - spec.low + 1);
  return delays;
}
