import { checkStarts, ensure } from './ensure.js';
import type { BlockRecord, CoreImage } from './image.js';
import { blockFlags } from './layout.js';
import { damaged } from './sections.js';

/** Checks the rows of a sparse block, its targets and its transposed index. */
export function checkRows(block: BlockRecord, core: CoreImage, where: string): void {
  const { axonCount, neuronCount, synapseCount, rowOffset, targetOffset } = block;
  ensure(rowOffset + axonCount + 1 <= core.index.length, `${where}: its rows are out of range`);
  const rows = core.index.subarray(rowOffset, rowOffset + axonCount + 1);
  checkStarts(rows, synapseCount, `${where}, rows`);
  ensure(targetOffset + synapseCount <= core.targets.length, `${where}: its targets are out of range`);
  const targets = core.targets.subarray(targetOffset, targetOffset + synapseCount);
  for (let n = 0; n < targets.length; n++)
    if (targets[n]! >= neuronCount) throw damaged(`${where}: a target is out of range`);
  if (block.flags & blockFlags.transposed) checkColumns(block, core, rows, targets, where);
}

/**
 * There is one right transposed index: the synapses of each neuron, rising, and their axons. The rows are walked and
 * each synapse must be the next one of its column.
 */
function checkColumns(
  block: BlockRecord,
  core: CoreImage,
  rows: Uint32Array,
  targets: Uint16Array,
  where: string,
): void {
  const { axonCount, neuronCount, synapseCount } = block;
  const { columnOffset, columnSynapseOffset, columnAxonOffset } = block;
  ensure(
    columnOffset + neuronCount + 1 <= core.index.length &&
      columnSynapseOffset + synapseCount <= core.index.length &&
      columnAxonOffset + synapseCount <= core.columnAxons.length,
    `${where}: its columns are out of range`,
  );
  const columns = core.index.subarray(columnOffset, columnOffset + neuronCount + 1);
  checkStarts(columns, synapseCount, `${where}, columns`);
  const synapses = core.index.subarray(columnSynapseOffset, columnSynapseOffset + synapseCount);
  const axons = core.columnAxons.subarray(columnAxonOffset, columnAxonOffset + synapseCount);
  const next = columns.slice();
  for (let axon = 0; axon < axonCount; axon++) {
    const end = rows[axon + 1]!;
    for (let synapse = rows[axon]!; synapse < end; synapse++) {
      const target = targets[synapse]!;
      const at = next[target]!;
      next[target] = at + 1;
      if (synapses[at] !== synapse) throw damaged(`${where}: its transposed index does not match its rows`);
      if (axons[at] !== axon) throw damaged(`${where}: its transposed index names a wrong axon`);
    }
  }
  for (let column = 0; column < neuronCount; column++)
    if (next[column] !== columns[column + 1])
      throw damaged(`${where}: its transposed index does not match its rows`);
}
