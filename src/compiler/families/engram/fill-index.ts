import type { CoreBulk } from '../../../image/image.js';
import type { PlacedBlock } from './blocks.js';

/** Row starts of a sparse block, one for each axon of it, with or without synapses, and one behind. */
export function fillRowStarts({ record, part, axons, firstRow, endRow }: PlacedBlock, bulk: CoreBulk): void {
  const { rowOffset, axonCount, synapseCount } = record;
  const base = part.rowStart[firstRow]!;
  const firstAxon = axons === null ? firstRow : axons[firstRow]!;
  let axon = 0;
  for (let row = firstRow; row < endRow; row++) {
    const own = (axons === null ? row : axons[row]!) - firstAxon;
    for (; axon <= own; axon++) bulk.index[rowOffset + axon] = part.rowStart[row]! - base;
  }
  bulk.index[rowOffset + axonCount] = synapseCount;
}

/** The transposed index of a sparse block, from its rows as they stand: for each neuron its synapses, rising, and their axons. */
export function fillColumns({ record }: PlacedBlock, { index, targets, columnAxons }: CoreBulk): void {
  const { axonCount, neuronCount, synapseCount, targetOffset, rowOffset } = record;
  const { columnOffset, columnSynapseOffset, columnAxonOffset } = record;
  const starts = index.subarray(columnOffset, columnOffset + neuronCount + 1);
  const own = targets.subarray(targetOffset, targetOffset + synapseCount);
  for (let synapse = 0; synapse < synapseCount; synapse++) {
    const place = own[synapse]! + 1;
    starts[place] = starts[place]! + 1;
  }
  for (let n = 0; n < neuronCount; n++) starts[n + 1] = starts[n + 1]! + starts[n]!;
  const next = starts.slice();
  for (let axon = 0; axon < axonCount; axon++) {
    const end = index[rowOffset + axon + 1]!;
    for (let synapse = index[rowOffset + axon]!; synapse < end; synapse++) {
      const target = own[synapse]!;
      const at = next[target]!;
      index[columnSynapseOffset + at] = synapse;
      columnAxons[columnAxonOffset + at] = axon;
      next[target] = at + 1;
    }
  }
}
