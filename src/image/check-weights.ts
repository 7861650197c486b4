import type { BlockRecord, CoreImage } from './image.js';
import { blockFlags, blockKindCodes } from './layout.js';
import { damaged } from './sections.js';

/** Adds the largest magnitude of each synapse to its neuron, to prove that the accumulators cannot wrap. */
export function checkWeights(
  block: BlockRecord,
  core: CoreImage,
  accumulated: Float64Array,
  where: string,
): void {
  const silent = (block.flags & blockFlags.silent) !== 0;
  const sums = accumulated.subarray(block.firstNeuron, block.firstNeuron + block.neuronCount);
  if (block.flags & blockFlags.plastic) {
    if (!silent) addBounds(block, core, sums);
    return;
  }
  const { weightOffset, synapseCount } = block;
  const weights = core.weights8.subarray(weightOffset, weightOffset + synapseCount);
  if (weights.includes(-128)) throw damaged(`${where}: a weight is out of range`);
  if (!silent) addMagnitudes(block, core, weights, sums);
}

function addMagnitudes(block: BlockRecord, core: CoreImage, weights: Int8Array, sums: Float64Array): void {
  const scale = 2 ** block.shift;
  if (block.kind === blockKindCodes.dense) {
    for (let n = 0; n < weights.length; )
      for (let neuron = 0; neuron < sums.length; neuron++, n++)
        sums[neuron] = sums[neuron]! + Math.abs(weights[n]!) * scale;
    return;
  }
  const targets = core.targets.subarray(block.targetOffset, block.targetOffset + weights.length);
  for (let n = 0; n < weights.length; n++) {
    const neuron = targets[n]!;
    sums[neuron] = sums[neuron]! + Math.abs(weights[n]!) * scale;
  }
}

/** Plastic weights may come to their bounds: what counts is how many synapses a neuron has. */
function addBounds(block: BlockRecord, { index, targets }: CoreImage, sums: Float64Array): void {
  const { wMin, wMax, shift, columnOffset, targetOffset, synapseCount } = block;
  const bound = Math.max(Math.abs(wMin >> 8), Math.abs(wMax >> 8)) * 2 ** shift;
  if (block.kind === blockKindCodes.dense)
    for (let neuron = 0; neuron < sums.length; neuron++)
      sums[neuron] = sums[neuron]! + block.axonCount * bound;
  else if (block.flags & blockFlags.transposed)
    for (let neuron = 0, at = columnOffset; neuron < sums.length; neuron++, at++)
      sums[neuron] = sums[neuron]! + (index[at + 1]! - index[at]!) * bound;
  else
    for (let n = targetOffset; n < targetOffset + synapseCount; n++) {
      const neuron = targets[n]!;
      sums[neuron] = sums[neuron]! + bound;
    }
}
