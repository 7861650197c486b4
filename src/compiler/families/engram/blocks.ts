import type { BlockRecord } from '../../../image/image.js';
import { blockFlags, blockKindCodes } from '../../../image/layout.js';
import type { ResolvedProjection } from '../../../network/resolved.js';
import type { Connections } from '../../passes.js';
import type { AxonGroup } from '../../route.js';
import { lowerBound } from '../../runs.js';
import type { CoreRows } from '../../split.js';
import { startBytes, synapseBytes } from './memory.js';
import type { QuantizedNetwork, QuantizedProjection } from './quantized.js';
import type { SynapseCounts } from './synapse-counts.js';

const maxAxons = 65536;

/** Rows `firstRow` to `endRow` of a part, and where they stand in the image. */
export interface PlacedBlock {
  readonly record: BlockRecord;
  readonly part: CoreRows;
  /** Place in the group of each row's axon; null: row n has axon n. */
  readonly axons: Uint32Array | null;
  readonly firstRow: number;
  readonly endRow: number;
}

/** Lays the rows of one part out as synapse blocks: their records and places, not yet their synapses. */
export function layOutPart(
  network: QuantizedNetwork,
  group: AxonGroup,
  part: CoreRows,
  counts: SynapseCounts,
): PlacedBlock[] {
  const connections = network.projections[part.projection]!;
  const quantized = network.quantized[part.projection]!;
  const { projection } = connections;
  const axons = axonOfRows(group, part);
  const axonOf = (row: number) => (axons === null ? row : axons[row]!);
  const blocks: PlacedBlock[] = [];
  for (let firstRow = 0; firstRow < part.rows.length; ) {
    const firstAxon = axonOf(firstRow);
    let endRow = firstRow;
    while (endRow < part.rows.length && axonOf(endRow) - firstAxon < maxAxons) endRow++;
    const size: BlockSize = {
      axonCount: axonOf(endRow - 1) - firstAxon + 1,
      neuronCount: part.run.endColumn - part.run.firstColumn,
      synapseCount: part.rowStart[endRow]! - part.rowStart[firstRow]!,
    };
    const dense =
      part.full || (isSmallerDense(size, quantized) && isDistinct(connections, part, firstRow, endRow));
    const synapseCount = dense ? size.axonCount * size.neuronCount : size.synapseCount;
    const record: BlockRecord = {
      ...emptyBlock,
      ...plasticFields(quantized),
      flags: flagsOf(projection, quantized, dense),
      firstAxon: group.firstAxon + firstAxon,
      axonCount: size.axonCount,
      firstNeuron: part.run.firstNeuron,
      neuronCount: size.neuronCount,
      firstSynapse: counts.synapses,
      synapseCount,
      projection: part.projection,
      kind: dense ? blockKindCodes.dense : blockKindCodes.sparse,
      shift: quantized.shift,
      feedbackChannel: projection.feedback === null ? 0 : projection.feedback + part.run.firstTarget,
      weightOffset: (quantized.plasticity === null ? counts.weights8 : counts.weights16).take(synapseCount),
      ...(dense ? {} : sparsePlaces(size, quantized, counts)),
    };
    counts.synapses += synapseCount;
    blocks.push({ record, part, axons, firstRow, endRow });
    firstRow = endRow;
  }
  return blocks;
}

/** Place in the group of each row's axon. Both lists rise, so one walk does. */
function axonOfRows(group: AxonGroup, part: CoreRows): Uint32Array | null {
  if (part.rows === group.sources) return null;
  const axons = new Uint32Array(part.rows.length);
  let axon = 0;
  for (let row = 0; row < axons.length; row++) {
    while (group.sources[axon]! < part.rows[row]!) axon++;
    axons[row] = axon;
  }
  return axons;
}

interface BlockSize {
  readonly axonCount: number;
  readonly neuronCount: number;
  readonly synapseCount: number;
}

/** Static rows with gaps may still be smaller as a full table with zeros; a plastic zero would learn. */
function isSmallerDense(
  { axonCount, neuronCount, synapseCount }: BlockSize,
  quantized: QuantizedProjection,
): boolean {
  if (quantized.plasticity !== null) return false;
  const sparse = synapseCount * synapseBytes(quantized, 'sparse') + (axonCount + 1) * startBytes;
  return axonCount * neuronCount * synapseBytes(quantized, 'dense') < sparse;
}

/** No two synapses of those rows lead to the same neuron with the same delay: a table has one place for each. */
function isDistinct(connections: Connections, part: CoreRows, firstRow: number, endRow: number): boolean {
  if (connections.distinct) return true;
  const { projection, targets, delays } = connections;
  for (let n = firstRow; n < endRow; n++) {
    const row = part.rows[n]! - projection.from.first;
    const end = lowerBound(connections, row, part.run.endColumn);
    let previous = -1;
    for (let synapse = lowerBound(connections, row, part.run.firstColumn); synapse < end; synapse++) {
      if (typeof delays !== 'number' && delays[synapse] !== part.delay) continue;
      if (targets[synapse] === previous) return false;
      previous = targets[synapse]!;
    }
  }
  return true;
}

/** Places of row starts and targets, and of the transposed index: for each neuron its synapses and their axons. */
function sparsePlaces(
  { axonCount, neuronCount, synapseCount }: BlockSize,
  { plasticity }: QuantizedProjection,
  counts: SynapseCounts,
): Partial<BlockRecord> {
  const rows = {
    rowOffset: counts.index.take(axonCount + 1),
    targetOffset: counts.targets.take(synapseCount),
  };
  if (!plasticity?.needsColumns) return rows;
  return {
    ...rows,
    columnOffset: counts.index.take(neuronCount + 1),
    columnSynapseOffset: counts.index.take(synapseCount),
    columnAxonOffset: counts.columnAxons.take(synapseCount),
  };
}

function flagsOf(
  { feedback, silent }: ResolvedProjection,
  { plasticity }: QuantizedProjection,
  dense: boolean,
): number {
  const plastic =
    plasticity === null
      ? 0
      : blockFlags.plastic |
        (plasticity.tagExponent === null ? 0 : blockFlags.tag) |
        (plasticity.tag2Exponent === null ? 0 : blockFlags.tag2) |
        (plasticity.needsColumns && !dense ? blockFlags.transposed : 0);
  return plastic | (feedback === null ? 0 : blockFlags.feedback) | (silent ? blockFlags.silent : 0);
}

function plasticFields({ plasticity }: QuantizedProjection): Partial<BlockRecord> {
  if (plasticity === null) return {};
  const { tag, tag2, rule, wMin, wMax, sweepPeriod, ratedPeriod } = plasticity;
  return {
    tagKeep: tag.keep,
    tagPeriod: tag.cadence,
    tag2Keep: tag2.keep,
    tag2Period: tag2.cadence,
    ratedPeriod,
    rule,
    wMin,
    wMax,
    sweepPeriod,
  };
}

const emptyBlock: BlockRecord = {
  firstAxon: 0,
  axonCount: 0,
  firstNeuron: 0,
  neuronCount: 0,
  firstSynapse: 0,
  synapseCount: 0,
  weightOffset: 0,
  rowOffset: 0,
  targetOffset: 0,
  columnOffset: 0,
  columnSynapseOffset: 0,
  columnAxonOffset: 0,
  tagKeep: 65536,
  tag2Keep: 65536,
  projection: 0,
  rule: 0,
  wMin: 0,
  wMax: 0,
  kind: 0,
  flags: 0,
  shift: 0,
  tagPeriod: 0,
  sweepPeriod: 0,
  ratedPeriod: 0,
  tag2Period: 0,
  reserved: 0,
  feedbackChannel: 0,
  reserved2: 0,
};
