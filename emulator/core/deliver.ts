import type { BlockRecord } from '../../src/image/image.js';
import { blockFlags, blockKindCodes, factorCodes, traceModeCodes } from '../../src/image/layout.js';
import { sat16, stateMax } from './arithmetic.js';
import type { TermProgram } from './program.js';
import type { CoreState, PlasticBlock } from './state.js';

/** Step 1 (`docs/core.md`, section 4) for the axons in `state.due`. Gives the number of synaptic events. */
export function deliver(state: CoreState, dueCount: number, learning: boolean): number {
  let events = 0;
  for (const block of state.staticBlocks) events += deliverStatic(state, block, dueCount);
  for (const plastic of state.plasticBlocks) {
    const program = learning ? plastic.programs.pre : null;
    events += deliverPlastic(state, plastic, dueCount, program);
  }
  addImpulses(state, dueCount);
  return events;
}

function deliverStatic(state: CoreState, block: BlockRecord, dueCount: number): number {
  const { accumulator, due } = state;
  const { index, targets, weights8 } = state.image;
  const { firstAxon, axonCount, firstNeuron, neuronCount, weightOffset, rowOffset, targetOffset, shift } =
    block;
  const dense = block.kind === blockKindCodes.dense;
  let events = 0;
  for (let n = 0; n < dueCount; n++) {
    const row = due[n]! - firstAxon;
    if (row < 0 || row >= axonCount) continue;
    if (dense) {
      const first = weightOffset + row * neuronCount;
      for (let j = 0; j < neuronCount; j++)
        accumulator[firstNeuron + j] = accumulator[firstNeuron + j]! + (weights8[first + j]! << shift);
      events += neuronCount;
    } else {
      const first = index[rowOffset + row]!;
      const end = index[rowOffset + row + 1]!;
      for (let k = first; k < end; k++) {
        const neuron = firstNeuron + targets[targetOffset + k]!;
        accumulator[neuron] = accumulator[neuron]! + (weights8[weightOffset + k]! << shift);
      }
      events += end - first;
    }
  }
  return events;
}

function deliverPlastic(
  state: CoreState,
  { block, base }: PlasticBlock,
  dueCount: number,
  program: TermProgram | null,
): number {
  const { accumulator, due, weights } = state;
  const { index, targets } = state.image;
  const { firstAxon, axonCount, firstNeuron, neuronCount, rowOffset, targetOffset, shift, wMin, wMax } =
    block;
  const dense = block.kind === blockKindCodes.dense;
  const silent = (block.flags & blockFlags.silent) !== 0;
  if (silent && program === null) return 0;
  let events = 0;
  for (let n = 0; n < dueCount; n++) {
    const axon = due[n]!;
    const row = axon - firstAxon;
    if (row < 0 || row >= axonCount) continue;
    const first = dense ? row * neuronCount : index[rowOffset + row]!;
    const end = dense ? first + neuronCount : index[rowOffset + row + 1]!;
    if (program !== null) loadAxon(program, state, axon);
    for (let k = first; k < end; k++) {
      const neuron = firstNeuron + (dense ? k - first : targets[targetOffset + k]!);
      if (!silent) accumulator[neuron] = accumulator[neuron]! + ((weights[base + k]! >> 8) << shift);
      if (program === null) continue;
      loadNeuron(program, state, neuron);
      updateSynapse(program, state, base + k, wMin, wMax);
    }
    events += end - first;
  }
  return events;
}

/** After all blocks, so that every pre-event saw the traces before the impulse. */
function addImpulses(state: CoreState, dueCount: number): void {
  const { due } = state;
  let n = 0;
  for (const group of state.image.axonGroups) {
    const end = group.firstAxon + group.count;
    for (; n < dueCount && due[n]! < end; n++) {
      addImpulse(state.x[0]!, due[n]!, group.x1Mode, group.x1Impulse);
      addImpulse(state.x[1]!, due[n]!, group.x2Mode, group.x2Impulse);
    }
  }
}

/** One trace gets its impulse: additive saturates, nearest sets. */
export function addImpulse(trace: Int32Array, at: number, mode: number, impulse: number): void {
  if (mode === traceModeCodes.absent) return;
  const sum = mode === traceModeCodes.additive ? trace[at]! + impulse : impulse;
  trace[at] = sum > stateMax ? stateMax : sum;
}

/** Factors of an axon. */
export function loadAxon(program: TermProgram, state: CoreState, axon: number): void {
  if (!program.usesX) return;
  const [x1, x2] = state.x as [Int32Array, Int32Array];
  if (x1.length > 0) program.factors[factorCodes.x1] = x1[axon]! >> 8;
  if (x2.length > 0) program.factors[factorCodes.x2] = x2[axon]! >> 8;
}

/** Factors of a neuron. */
export function loadNeuron(program: TermProgram, state: CoreState, neuron: number): void {
  if (program.usesH && state.window.length > 0) program.factors[factorCodes.h] = state.window[neuron]!;
  if (program.usesL && state.signal.length > 0) program.factors[factorCodes.l] = state.signal[neuron]!;
  if (!program.usesY) return;
  const [y1, y2, y3] = state.y as [Int32Array, Int32Array, Int32Array];
  if (y1.length > 0) program.factors[factorCodes.y1] = y1[neuron]! >> 8;
  if (y2.length > 0) program.factors[factorCodes.y2] = y2[neuron]! >> 8;
  if (y3.length > 0) program.factors[factorCodes.y3] = y3[neuron]! >> 8;
}

/** Evaluates the program for one synapse and updates T, T2 and W (section 6). */
export function updateSynapse(
  program: TermProgram,
  { weights, tags, tags2 }: CoreState,
  synapse: number,
  wMin: number,
  wMax: number,
): void {
  const tag = tags[synapse]!;
  const weight = weights[synapse]!;
  program.factors[factorCodes.t] = tag;
  program.factors[factorCodes.w] = weight;
  if (tags2.length > 0) program.factors[factorCodes.t2] = tags2[synapse]!;
  program.evaluate();
  if (program.dt !== 0) tags[synapse] = sat16(tag + program.dt);
  if (program.dt2 !== 0) tags2[synapse] = sat16(tags2[synapse]! + program.dt2);
  if (program.dw === 0) return;
  const sum = weight + program.dw;
  weights[synapse] = sum > wMax ? wMax : sum < wMin ? wMin : sum;
}
