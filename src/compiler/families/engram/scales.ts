import { EngramError } from '../../../errors/engram-error.js';
import type { ResolvedPopulation } from '../../../network/resolved.js';
import type { ElaboratedNetwork, ElaboratedProjection } from '../../passes.js';
import { largestOf } from './weights.js';

const stateMax = 2 ** 23 - 1;
const accumulatorMax = 2 ** 31 - 1;
/** The threshold is placed in [2^16, 2^17): 64 thresholds of headroom above it, 2^-16 of it resolved. */
const thresholdBits = 16;
/** With fewer steps than this under the threshold the membrane is too coarse to mean anything. */
const leastThreshold = 256;

/** Exponents that fix the integers: state of each population (2^-e), weights of each projection (2^w). */
export interface Scales {
  readonly population: readonly number[];
  readonly projection: readonly number[];
}

/**
 * Chooses all exponents so that no membrane, current or accumulator can leave its range.
 * Throws E0403 where a population's threshold would sink below 256 steps.
 */
export function chooseScales(elaborated: ElaboratedNetwork): Scales {
  const { network, projections } = elaborated;
  const largest = projections.map(largestWeight);
  const projection = largest.map(weightExponent);
  const population = network.populations.map((target) => {
    const incoming = projections.filter(
      ({ projection }) => projection.to.population === target.index && !projection.silent,
    );
    const limit = largestExponent(target, elaborated);
    const sums = inputSums(target, incoming, largest);
    const wanted = thresholdBits - Math.floor(Math.log2(referenceLevel(target)));
    let exponent = Math.min(wanted, limit, Math.floor(Math.log2(accumulatorMax / (sums * 1.01 + 1e-30))));
    for (const { projection: source } of incoming)
      exponent = Math.min(exponent, 23 - projection[source.index]!);
    if (target.model !== 'input' && referenceLevel(target) * 2 ** exponent < leastThreshold)
      throw tooCoarse(target, exponent, sums);
    return exponent;
  });
  // A weight step finer than the state's would be shifted out: such a projection gets the state's step.
  return {
    population,
    projection: projection.map((exponent, n) => {
      const { silent, to } = projections[n]!.projection;
      return silent ? exponent : Math.max(exponent, -population[to.population]!);
    }),
  };
}

/** The level that the state's resolution is measured against. */
function referenceLevel(population: ResolvedPopulation): number {
  return Number.isFinite(population.threshold) && population.threshold > 0 ? population.threshold : 1;
}

/** Smallest exponent whose 127 steps hold the weight. */
function weightExponent(largest: number): number {
  return largest === 0 ? -24 : Math.max(-24, Math.ceil(Math.log2(largest / 127) - 1e-9));
}

function largestWeight({ projection, synapses, weights }: ElaboratedProjection): number {
  const largest = synapses === 0 ? 0 : largestOf(weights);
  const { plasticity } = projection;
  return plasticity === null
    ? largest
    : Math.max(largest, Math.abs(plasticity.weightMin), Math.abs(plasticity.weightMax));
}

/** Largest exponent at which threshold, reset, bias, noise and initial values stay inside 24 bits. */
function largestExponent(population: ResolvedPopulation, { bias, initial }: ElaboratedNetwork): number {
  const magnitude = (value: number | Float32Array) =>
    typeof value === 'number' ? Math.abs(value) : value.reduce((max, v) => Math.max(max, Math.abs(v)), 0);
  const largest = Math.max(
    Number.isFinite(population.threshold) ? population.threshold : 0,
    population.reset.mode === 'hard' ? Math.abs(population.reset.value) : 0,
    magnitude(bias[population.index]!),
    magnitude(initial[population.index]!),
    population.noise,
    1e-30,
  );
  return Math.floor(Math.log2(stateMax / largest));
}

/** Largest sum of weight magnitudes onto one neuron: what an accumulator must hold if all its axons fire at once. */
function inputSums(
  population: ResolvedPopulation,
  incoming: readonly ElaboratedProjection[],
  largest: readonly number[],
): number {
  const sums = new Float64Array(population.size);
  for (const elaborated of incoming) {
    const { projection, weights } = elaborated;
    const bound = largest[projection.index]!;
    const own = sums.subarray(projection.to.first, projection.to.first + projection.to.count);
    // A weight is stored to half a step of its 127; the sum allows for a whole one.
    if (projection.plasticity !== null) addEqual(own, elaborated, bound, bound / 127);
    else if (typeof weights === 'number') addEqual(own, elaborated, Math.abs(weights), bound / 127);
    else addEach(own, elaborated, weights, bound / 127);
  }
  return sums.reduce((max, sum) => Math.max(max, sum), 0);
}

/** Adds to each column, synapse by synapse, as `addEach` would: n · magnitude would be rounded differently. */
function addEqual(
  sums: Float64Array,
  { inDegree }: ElaboratedProjection,
  magnitude: number,
  allowance: number,
): void {
  let [from, count, result] = [0, 0, 0];
  for (let column = 0; column < sums.length; column++) {
    if (sums[column] !== from || inDegree[column] !== count) {
      from = sums[column]!;
      count = inDegree[column]!;
      result = from;
      for (let n = 0; n < count; n++) result = result + magnitude + allowance;
    }
    sums[column] = result;
  }
}

function addEach(
  sums: Float64Array,
  elaborated: ElaboratedProjection,
  weights: Float32Array,
  allowance: number,
): void {
  const { full, rows, columns, rowStart, targets } = elaborated;
  for (let row = 0; row < rows; row++)
    for (let synapse = rowStart[row]!; synapse < rowStart[row + 1]!; synapse++) {
      const column = full ? synapse - row * columns : targets[synapse]!;
      sums[column] = sums[column]! + Math.abs(weights[synapse]!) + allowance;
    }
}

function tooCoarse(population: ResolvedPopulation, exponent: number, sums: number): EngramError {
  return new EngramError(
    'E0403',
    `population '${population.name}': its inputs are too large beside its threshold: the threshold would be ` +
      `${Math.round(referenceLevel(population) * 2 ** exponent)} steps of the state; ${leastThreshold} are needed`,
    {
      facts: [
        ['threshold', String(population.threshold)],
        ['all inputs at once', sums.toPrecision(4)],
      ],
      fix: ['make its weights, bias or initial values smaller, or give its neurons fewer inputs'],
    },
  );
}
