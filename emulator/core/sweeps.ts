import { blockKindCodes, factorCodes, primaryAxon } from '../../src/image/layout.js';
import { turnMask } from './arithmetic.js';
import { loadAxon, loadNeuron, updateSynapse } from './deliver.js';
import type { ModulatorState } from './modulators.js';
import type { TermProgram } from './program.js';
import type { CoreState, PlasticBlock } from './state.js';

/** Step 4 (`docs/core.md`, section 7). Gives the number of synapses visited. */
export function sweep(state: CoreState, modulators: ModulatorState, tick: number, learning: boolean): number {
  let visited = 0;
  for (const plastic of state.plasticBlocks)
    if (plastic.sweeps) visited += sweepBlock(state, plastic, modulators, tick, learning);
  return visited;
}

function sweepBlock(
  state: CoreState,
  plastic: PlasticBlock,
  modulators: ModulatorState,
  tick: number,
  learning: boolean,
): number {
  const { block, programs } = plastic;
  const { axons } = state.image;
  const modulated =
    learning && programs.modulatedSweep && loadMeans(programs.modulatedSweep, modulators, block, tick);
  const rated = learning ? programs.ratedSweep : null;
  const modulatedMask = turnMask(block.sweepPeriod);
  const ratedMask = turnMask(block.ratedPeriod);
  const tagMask = turnMask(block.tagPeriod);
  const tag2Mask = turnMask(block.tag2Period);
  let visited = 0;
  for (let row = 0; row < block.axonCount; row++) {
    const axon = block.firstAxon + row;
    const turn = tick + (axons[axon]! & ~primaryAxon);
    if (modulated && (turn & modulatedMask) === 0)
      visited += visitRow(state, plastic, row, programs.modulatedSweep!);
    if (rated && (turn & ratedMask) === 0) visited += visitRow(state, plastic, row, rated);
    if (plastic.decaysTag && (turn & tagMask) === 0)
      visited += decayRow(state, plastic, row, state.tags, block.tagKeep);
    if (plastic.decaysTag2 && (turn & tag2Mask) === 0)
      visited += decayRow(state, plastic, row, state.tags2, block.tag2Keep);
  }
  return visited;
}

/**
 * Puts the modulators' means since the last visit into the factors; false if all are 0 and, no term naming l, nothing is
 * to be done.
 */
function loadMeans(
  program: TermProgram,
  modulators: ModulatorState,
  block: PlasticBlock['block'],
  tick: number,
): boolean {
  let any = program.usesL;
  for (const channel of program.channels) {
    const mean = modulators.mean(channel, tick, block.sweepPeriod);
    program.factors[factorCodes.modulator + channel] = mean;
    any ||= mean !== 0;
  }
  return any;
}

export function rowRange(
  { image }: CoreState,
  { block }: PlasticBlock,
  row: number,
): [first: number, end: number] {
  if (block.kind === blockKindCodes.dense) return [row * block.neuronCount, (row + 1) * block.neuronCount];
  return [image.index[block.rowOffset + row]!, image.index[block.rowOffset + row + 1]!];
}

export function visitRow(state: CoreState, plastic: PlasticBlock, row: number, program: TermProgram): number {
  const { block, base } = plastic;
  const [first, end] = rowRange(state, plastic, row);
  const dense = block.kind === blockKindCodes.dense;
  loadAxon(program, state, block.firstAxon + row);
  for (let k = first; k < end; k++) {
    const target = dense ? k - first : state.image.targets[block.targetOffset + k]!;
    loadNeuron(program, state, block.firstNeuron + target);
    updateSynapse(program, state, base + k, block.wMin, block.wMax);
  }
  return end - first;
}

export function decayRow(
  state: CoreState,
  plastic: PlasticBlock,
  row: number,
  tags: Int16Array,
  keep: number,
): number {
  const [first, end] = rowRange(state, plastic, row);
  for (let synapse = plastic.base + first; synapse < plastic.base + end; synapse++) {
    const tag = tags[synapse]!;
    if (tag > 0) tags[synapse] = Math.imul(tag, keep) >>> 16;
    else if (tag < 0) tags[synapse] = -(Math.imul(-tag, keep) >>> 16);
  }
  return end - first;
}
