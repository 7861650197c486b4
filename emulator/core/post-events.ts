import { blockKindCodes } from '../../src/image/layout.js';
import { addImpulse, loadAxon, loadNeuron, updateSynapse } from './deliver.js';
import type { TermProgram } from './program.js';
import type { CoreState, PlasticBlock } from './state.js';

/**
 * Step 3 (`docs/core.md`, section 6): post-events of the neurons in `state.spiked`, then near-events of those in
 * `state.near`. Gives the number of synapses visited.
 */
export function postEvents(state: CoreState, learning: boolean): number {
  let events = 0;
  if (learning)
    for (const plastic of state.plasticBlocks)
      if (plastic.programs.post !== null)
        events += walkColumns(state, plastic, plastic.programs.post, state.spiked, state.spikeCount);
  let group = 0;
  const { neuronGroups } = state.image;
  for (let n = 0; n < state.spikeCount; n++) {
    const neuron = state.spiked[n]!;
    while (neuron >= neuronGroups[group]!.firstNeuron + neuronGroups[group]!.count) group++;
    const record = neuronGroups[group]!;
    addImpulse(state.y[0]!, neuron, record.y1Mode, record.y1Impulse);
    addImpulse(state.y[1]!, neuron, record.y2Mode, record.y2Impulse);
    addImpulse(state.y[2]!, neuron, record.y3Mode, record.y3Impulse);
  }
  if (!learning || state.nearCount === 0) return events;
  for (const plastic of state.plasticBlocks)
    if (plastic.programs.near !== null)
      events += walkColumns(state, plastic, plastic.programs.near, state.near, state.nearCount);
  return events;
}

function walkColumns(
  state: CoreState,
  { block, base }: PlasticBlock,
  program: TermProgram,
  neurons: Uint32Array,
  count: number,
): number {
  const { index, columnAxons } = state.image;
  const { firstAxon, axonCount, firstNeuron, neuronCount, wMin, wMax } = block;
  const dense = block.kind === blockKindCodes.dense;
  let events = 0;
  for (let n = 0; n < count; n++) {
    const neuron = neurons[n]!;
    const column = neuron - firstNeuron;
    if (column < 0 || column >= neuronCount) continue;
    if (program.needsL && (state.signal.length === 0 || state.signal[neuron] === 0)) continue;
    loadNeuron(program, state, neuron);
    if (dense) {
      for (let row = 0; row < axonCount; row++) {
        loadAxon(program, state, firstAxon + row);
        updateSynapse(program, state, base + row * neuronCount + column, wMin, wMax);
      }
      events += axonCount;
      continue;
    }
    const first = index[block.columnOffset + column]!;
    const end = index[block.columnOffset + column + 1]!;
    for (let k = first; k < end; k++) {
      loadAxon(program, state, firstAxon + columnAxons[block.columnAxonOffset + k]!);
      updateSynapse(program, state, base + index[block.columnSynapseOffset + k]!, wMin, wMax);
    }
    events += end - first;
  }
  return events;
}
