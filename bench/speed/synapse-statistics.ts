import { blockFlags, variableCodes } from '../../src/image/layout.js';
import type { EngramRun } from './engram-run.js';
import { onlyCore } from './native-network.js';
import { plasticUnit } from './networks.js';

/** Mean and standard deviation over the plastic synapses, in mV; tags null where the rule has none. */
export interface SynapseStatistics {
  readonly weights: Spread;
  readonly tags: Spread | null;
}

export interface Spread {
  readonly mean: number;
  readonly sd: number;
}

/** Of S2 and S3 as they are now; null for networks that do not learn. */
export function synapseStatistics({ machine }: EngramRun): SynapseStatistics | null {
  const { image } = machine;
  const block = onlyCore(image).blocks.find(({ flags }) => flags & blockFlags.plastic);
  if (block === undefined) return null;
  const { exponent, tagExponent } = image.host.projections[block.projection]!;
  const read = (variable: number) => machine.read(0, variable, block.firstSynapse, block.synapseCount);
  // A weight of n steps stands in the middle of the 256 fine steps that act as n.
  const weights = spread(read(variableCodes.weight), 2 ** (exponent - 8) * plasticUnit, -128);
  const tags =
    tagExponent === null ? null : spread(read(variableCodes.tag), 2 ** tagExponent * plasticUnit, 0);
  return { weights, tags };
}

function spread(values: Int32Array, unit: number, offset: number): Spread {
  const mean = values.reduce((sum, value) => sum + value + offset, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value + offset - mean) ** 2, 0);
  return { mean: mean * unit, sd: Math.sqrt(squares / values.length) * unit };
}
