import type { BlockRecord } from '../../../image/image.js';
import { blockFlags, blockKindCodes } from '../../../image/layout.js';
import type { ResolvedProjection } from '../../../network/resolved.js';
import type { AxonGroup } from '../../route.js';
import type { CoreRows } from '../../split.js';
import { startBytes, synapseBytes } from './memory.js';
import type { QuantizedNetwork, QuantizedProjection } from './quantized.js';
import type { SynapseArrays } from './synapse-arrays.js';

const maxAxons = 65536;

/** Lays the rows of one part out as synapse blocks, and gives their records. */
export function layOutPart(
  network: QuantizedNetwork,
  group: AxonGroup,
  part: CoreRows,
  arrays: SynapseArrays,
): BlockRecord[] {
  const { projection } = network.projections[part.projection]!;
  const quantized = network.quantized[part.projection]!;
  const axons = axonOfRows(group, part);
  const blocks: BlockRecord[] = [];
  for (let row = 0; row < axons.length; ) {
    const firstAxon = axons[row]!;
    let end = row;
    while (end < axons.length && axons[end]! - firstAxon < maxAxons) end++;
    const rows = new BlockRows(part, axons, row, end);
    const dense = part.full || isSmallerDense(rows, quantized);
    blocks.push({
      ...emptyBlock,
      ...(dense ? layOutDense(rows, arrays) : layOutSparse(rows, quantized, arrays)),
      ...plasticFields(quantized),
      flags: flagsOf(projection, quantized, dense),
      firstAxon: group.firstAxon + firstAxon,
      axonCount: rows.axonCount,
      firstNeuron: part.firstNeuron,
      neuronCount: part.neuronCount,
      firstSynapse: arrays.synapses,
      projection: part.projection,
      kind: dense ? blockKindCodes.dense : blockKindCodes.sparse,
      shift: quantized.shift,
      feedbackChannel: projection.feedback === null ? 0 : projection.feedback + part.firstTarget,
    });
    arrays.synapses += blocks.at(-1)!.synapseCount;
    row = end;
  }
  return blocks;
}

/** Place in the group of each row's axon. Both lists rise, so one walk does. */
function axonOfRows(group: AxonGroup, part: CoreRows): Uint32Array {
  let axon = 0;
  return part.rows.map((source) => {
    while (group.sources[axon]! < source) axon++;
    return axon;
  });
}

/** Rows `first` to `end` of a part: one block. */
class BlockRows {
  readonly part: CoreRows;
  readonly axons: Uint32Array;
  readonly first: number;
  readonly end: number;

  constructor(part: CoreRows, axons: Uint32Array, first: number, end: number) {
    this.part = part;
    this.axons = axons;
    this.first = first;
    this.end = end;
  }

  get axonCount(): number {
    return this.axons[this.end - 1]! - this.axons[this.first]! + 1;
  }

  get firstSynapse(): number {
    return this.part.rowStart[this.first]!;
  }

  get synapseCount(): number {
    return this.part.rowStart[this.end]! - this.firstSynapse;
  }

  /** Calls with the axon (in the block), the target and the place in the part of each synapse. */
  forEach(visit: (axon: number, target: number, synapse: number) => void): void {
    const base = this.axons[this.first]!;
    for (let row = this.first; row < this.end; row++)
      for (let synapse = this.part.rowStart[row]!; synapse < this.part.rowStart[row + 1]!; synapse++)
        visit(this.axons[row]! - base, this.part.targets[synapse]!, synapse);
  }
}

/** Static rows with gaps may still be smaller as a full table with zeros; a plastic zero would learn. */
function isSmallerDense(rows: BlockRows, quantized: QuantizedProjection): boolean {
  if (quantized.plasticity !== null) return false;
  const pairs = rows.axonCount * rows.part.neuronCount;
  const sparse = rows.synapseCount * synapseBytes(quantized, 'sparse') + (rows.axonCount + 1) * startBytes;
  if (pairs * synapseBytes(quantized, 'dense') >= sparse) return false;
  let previous = -1;
  let unique = true;
  rows.forEach((axon, target) => {
    const pair = axon * rows.part.neuronCount + target;
    unique &&= pair !== previous;
    previous = pair;
  });
  return unique;
}

function layOutDense(rows: BlockRows, arrays: SynapseArrays): Partial<BlockRecord> {
  const { part } = rows;
  const synapseCount = rows.axonCount * part.neuronCount;
  const weights =
    part.weights instanceof Int8Array ? new Int8Array(synapseCount) : new Int16Array(synapseCount);
  rows.forEach((axon, target, synapse) => {
    weights[axon * part.neuronCount + target] = part.weights[synapse]!;
  });
  return { synapseCount, weightOffset: arrays.addWeights(weights) };
}

function layOutSparse(
  rows: BlockRows,
  { plasticity }: QuantizedProjection,
  arrays: SynapseArrays,
): Partial<BlockRecord> {
  const { part, firstSynapse, synapseCount, axonCount } = rows;
  const rowStart = new Uint32Array(axonCount + 1);
  rows.forEach((axon) => {
    rowStart[axon + 1] = rowStart[axon + 1]! + 1;
  });
  for (let axon = 0; axon < axonCount; axon++) rowStart[axon + 1] = rowStart[axon + 1]! + rowStart[axon]!;
  const range = [firstSynapse, firstSynapse + synapseCount] as const;
  return {
    synapseCount,
    weightOffset: arrays.addWeights(part.weights.subarray(...range)),
    rowOffset: arrays.index.add(rowStart),
    targetOffset: arrays.targets.add(part.targets.subarray(...range)),
    ...(plasticity?.needsColumns ? layOutColumns(rows, arrays) : {}),
  };
}

/** The transposed index: for each neuron its synapses, rising, and their axons. */
function layOutColumns(rows: BlockRows, arrays: SynapseArrays): Partial<BlockRecord> {
  const { neuronCount } = rows.part;
  const columnStart = new Uint32Array(neuronCount + 1);
  rows.forEach((_, target) => {
    columnStart[target + 1] = columnStart[target + 1]! + 1;
  });
  for (let n = 0; n < neuronCount; n++) columnStart[n + 1] = columnStart[n + 1]! + columnStart[n]!;
  const place = columnStart.slice();
  const synapses = new Uint32Array(rows.synapseCount);
  const axons = new Uint16Array(rows.synapseCount);
  rows.forEach((axon, target, synapse) => {
    const at = place[target]!;
    synapses[at] = synapse - rows.firstSynapse;
    axons[at] = axon;
    place[target] = at + 1;
  });
  return {
    columnOffset: arrays.index.add(columnStart),
    columnSynapseOffset: arrays.index.add(synapses),
    columnAxonOffset: arrays.columnAxons.add(axons),
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
