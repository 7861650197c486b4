import type { CoreBulk } from '../../../image/image.js';
import { blockFlags, blockKindCodes } from '../../../image/layout.js';
import { type Connections, columnOf, type Placement } from '../../passes.js';
import { type ColumnRun, columnRuns, forEachSegment, lowerBound } from '../../runs.js';
import { type CoreRows, delayKeys } from '../../split.js';
import type { AllocatedCore } from './allocate.js';
import type { PlacedBlock } from './blocks.js';
import { fillColumns, fillRowStarts } from './fill-index.js';
import type { QuantizedNetwork, QuantizedProjection } from './quantized.js';

/** Puts the synapses of all projections where `allocate` placed them. */
export function fillSynapses(
  network: QuantizedNetwork,
  placement: Placement,
  allocated: readonly AllocatedCore[],
  cores: readonly CoreBulk[],
): void {
  const parts = network.projections.map(() => new Map<CoreRows, PlacedBlock[]>());
  for (const { placed } of allocated)
    for (const block of placed) {
      const known = parts[block.part.projection]!;
      known.set(block.part, [...(known.get(block.part) ?? []), block]);
    }
  network.projections.forEach((connections, index) => {
    const { weights } = network.quantized[index]!;
    const streams: PlacedBlock[][] = [];
    for (const [part, blocks] of parts[index]!)
      if (blocks.every(isSparse)) streams.push(blocks);
      else for (const block of blocks) fillBlock(connections, weights, block, cores[part.run.core]!);
    if (streams.length > 0)
      fillStreams(connections, weights, columnRuns(connections, placement), streams, cores);
    for (const [part, blocks] of parts[index]!)
      for (const block of blocks) fillIndex(block, cores[part.run.core]!);
  });
}

type Weights = QuantizedProjection['weights'];

const isSparse = ({ record }: PlacedBlock) => record.kind === blockKindCodes.sparse;

function fillIndex(block: PlacedBlock, bulk: CoreBulk): void {
  if (!isSparse(block)) return;
  fillRowStarts(block, bulk);
  if (block.record.flags & blockFlags.transposed) fillColumns(block, bulk);
}

function weightsOf({ flags }: PlacedBlock['record'], bulk: CoreBulk): Int8Array | Int16Array {
  return flags & blockFlags.plastic ? bulk.weights16 : bulk.weights8;
}

/**
 * Parts whose blocks are all sparse: their synapses stand one after the other, so that one pass over the projection
 * reads each synapse once and appends it to the stream of its part.
 */
function fillStreams(
  connections: Connections,
  weights: Weights,
  runs: readonly ColumnRun[],
  streams: readonly PlacedBlock[][],
  cores: readonly CoreBulk[],
): void {
  const { delays, targets, full } = connections;
  // Place of the next synapse of each part in the targets, −1 for parts that are none of these; its weight lies `shift` behind.
  const next = new Int32Array(runs.length * delayKeys).fill(-1);
  const shift = new Int32Array(next.length);
  const targetsOf = runs.map(({ core }) => cores[core]!.targets);
  const weightsOfRun = runs.map(({ core }) => weightsOf(streams[0]![0]!.record, cores[core]!));
  for (const blocks of streams) {
    const { record, part } = blocks[0]!;
    const key = part.runIndex * delayKeys + part.delay;
    next[key] = record.targetOffset;
    shift[key] = record.weightOffset - record.targetOffset;
    if (typeof weights === 'number')
      for (const { record: own } of blocks)
        weightsOfRun[part.runIndex]!.fill(weights, own.weightOffset, own.weightOffset + own.synapseCount);
  }
  forEachSegment(connections, runs, (row, run, first, end) => {
    const into = targetsOf[run]!;
    const weightsInto = weightsOfRun[run]!;
    const { firstColumn } = runs[run]!;
    if (typeof delays === 'number') {
      const key = run * delayKeys + delays;
      const at = next[key]!;
      if (at < 0) return;
      next[key] = at + end - first;
      for (let n = first; n < end; n++) into[at + n - first] = targets[n]! - firstColumn;
      if (typeof weights === 'number') return;
      const weightAt = at + shift[key]!;
      for (let n = first; n < end; n++) weightsInto[weightAt + n - first] = weights[n]!;
      return;
    }
    for (let n = first; n < end; n++) {
      const key = run * delayKeys + delays[n]!;
      const at = next[key]!;
      if (at < 0) continue;
      next[key] = at + 1;
      into[at] = (full ? columnOf(connections, row, n) : targets[n]!) - firstColumn;
      if (typeof weights !== 'number') weightsInto[at + shift[key]!] = weights[n]!;
    }
  });
}

/** One block by itself, dense or sparse: looks its synapses up in each of its rows. */
function fillBlock(
  connections: Connections,
  weights: Weights,
  { record, part, axons, firstRow, endRow }: PlacedBlock,
  bulk: CoreBulk,
): void {
  const { projection, delays } = connections;
  const { firstColumn, endColumn } = part.run;
  const dense = record.kind === blockKindCodes.dense;
  const into = weightsOf(record, bulk);
  const axonOf = (n: number) => (axons === null ? n : axons[n]!);
  let synapses = 0;
  for (let n = firstRow; n < endRow; n++) {
    const row = part.rows[n]! - projection.from.first;
    const tableRow = record.weightOffset + (axonOf(n) - axonOf(firstRow)) * record.neuronCount;
    const end = lowerBound(connections, row, endColumn);
    for (let synapse = lowerBound(connections, row, firstColumn); synapse < end; synapse++) {
      if (typeof delays !== 'number' && delays[synapse] !== part.delay) continue;
      const target = columnOf(connections, row, synapse) - firstColumn;
      const weight = typeof weights === 'number' ? weights : weights[synapse]!;
      if (dense) into[tableRow + target] = weight;
      else {
        bulk.targets[record.targetOffset + synapses] = target;
        into[record.weightOffset + synapses] = weight;
      }
      synapses++;
    }
  }
}
