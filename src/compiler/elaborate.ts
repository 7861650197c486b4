import type { DelaySpec, ResolvedNetwork, ResolvedProjection, ValueSpec } from '../network/resolved.js';
import { type Connectivity, connect } from './connect.js';
import type { ElaboratedNetwork, ElaboratedProjection } from './passes.js';
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
  const rows = projection.from.count;
  const columns = projection.to.count;
  const synapses = connectivity.full ? rows * columns : connectivity.targets.length;
  return {
    projection,
    full: connectivity.full || (synapses === rows * columns && isFull(connectivity, rows, columns)),
    rows,
    columns,
    synapses,
    rowStart: connectivity.rowStart,
    targets: connectivity.targets,
    weights: inOrder(
      drawValues(projection.weight, synapses, drawsFor(seed, 'weight')),
      projection.weight,
      connectivity,
    ),
    delays: drawDelays(projection.delay, synapses, seed, connectivity),
  };
}

/** As many synapses as pairs: full unless some pair stands twice, so that another is missing. */
function isFull({ rowStart, targets }: Connectivity, rows: number, columns: number): boolean {
  for (let row = 0; row < rows; row++) {
    if (rowStart[row] !== row * columns) return false;
    for (let column = 0; column < columns; column++)
      if (targets[row * columns + column] !== column) return false;
  }
  return true;
}

/** Given values come in the order of the list; put them into the order of the rows. */
function inOrder(values: Float32Array, spec: ValueSpec, { order }: Connectivity): Float32Array {
  if (spec.kind !== 'values' || order === null) return values;
  return values.map((_, n) => values[order[n]!]!);
}

function drawDelays(
  spec: DelaySpec,
  synapses: number,
  seed: number,
  { order }: Connectivity,
): Uint8Array | number {
  if (spec.kind === 'constant') return spec.ticks;
  if (spec.kind === 'values')
    return order === null ? spec.ticks : Uint8Array.from(order, (place) => spec.ticks[place]!);
  const draws = drawsFor(seed, 'delay');
  const delays = new Uint8Array(synapses);
  for (let n = 0; n < synapses; n++) delays[n] = spec.low + draws.below(spec.high - spec.low + 1);
  return delays;
}
