import {
  blockFlags,
  blockKindCodes,
  neuronGroupFlags,
  primaryAxon,
  traceModeCodes,
  variableCodes,
} from '../../src/image/layout.js';
import { mix } from './arithmetic.js';
import type { Episodes } from './episodes.js';
import { type ModulatorState, sumHistory } from './modulators.js';
import type { CoreState, PlasticBlock } from './state.js';

/** Variables that have no number on the wire (`docs/core.md`, section 10). */
const pendingVariable = 18;
const sumVariable = 50;
const historyVariable = 64;
const episodeVariables = { word: 128, count: 129, outcome: 130, priority: 131, event: 132 } as const;
const secondTag = 0x27d4eb2f;

const key = (variable: number, unit: number) =>
  (Math.imul(unit, 0x85ebca6b) + Math.imul(variable, 0xc2b2ae35)) | 0;
const h = (k: number, value: number) => (value === 0 ? 0 : mix((k + Math.imul(value, 0x9e3779b1)) | 0));

/** The state hash of a board, as an unsigned 32-bit number. */
export function stateHash(
  cores: readonly CoreState[],
  modulators: ModulatorState,
  tick: number,
  learning: boolean,
  episodes: Episodes | null,
): number {
  let sum = (hashModulators(modulators) + (episodes ? hashEpisodes(episodes) : 0)) | 0;
  for (const core of cores) sum = (sum + hashNeurons(core) + hashAxons(core, tick) + hashSynapses(core)) | 0;
  return mix((Math.imul(tick, 0x27d4eb2f) + (learning ? 1 : 0) + sum) | 0) >>> 0;
}

function hashNeurons({ image, v, i, refractory, adaptation, y }: CoreState): number {
  let sum = 0;
  for (const group of image.neuronGroups) {
    const exponential = (group.flags & neuronGroupFlags.exponential) !== 0;
    const adaptive = (group.flags & neuronGroupFlags.adaptive) !== 0;
    const modes = [group.y1Mode, group.y2Mode, group.y3Mode];
    for (let n = 0; n < group.count; n++) {
      const neuron = group.firstNeuron + n;
      const unit = group.firstUnit + n;
      sum += h(key(variableCodes.v, unit), v[neuron]!);
      if (exponential) sum += h(key(variableCodes.i, unit), i[neuron]!);
      sum += h(key(variableCodes.refractory, unit), refractory[neuron]!);
      if (adaptive) sum += h(key(variableCodes.adaptation, unit), adaptation[neuron]!);
      modes.forEach((mode, slot) => {
        if (mode !== traceModeCodes.absent) sum += h(key(variableCodes.y1 + slot, unit), y[slot]![neuron]!);
      });
      sum |= 0;
    }
  }
  return sum;
}

function hashAxons({ image, x, delayLine }: CoreState, tick: number): number {
  const { axons, axonGroups } = image;
  let sum = 0;
  for (const { firstAxon, count, delay, x1Mode, x2Mode } of axonGroups) {
    const ofDelay = Math.imul(delay, 0x165667b1);
    for (let axon = firstAxon; axon < firstAxon + count; axon++) {
      const word = axons[axon]!;
      if (word < primaryAxon) continue;
      const unit = word - primaryAxon;
      if (x1Mode !== traceModeCodes.absent)
        sum += h((key(variableCodes.x1, unit) + ofDelay) | 0, x[0]![axon]!);
      if (x2Mode !== traceModeCodes.absent)
        sum += h((key(variableCodes.x2, unit) + ofDelay) | 0, x[1]![axon]!);
      sum |= 0;
    }
  }
  delayLine.forEach(tick, (axon, ahead) => {
    const word = axons[axon]!;
    if (word < primaryAxon) return;
    const { delay } = axonGroups.find(
      ({ firstAxon, count }) => axon >= firstAxon && axon < firstAxon + count,
    )!;
    const k = (key(pendingVariable, word - primaryAxon) + Math.imul(delay, 0x165667b1)) | 0;
    sum = (sum + h(k, ahead + 1)) | 0;
  });
  return sum;
}

function hashSynapses(state: CoreState): number {
  let sum = 0;
  for (const plastic of state.plasticBlocks) sum = (sum + hashBlock(state, plastic)) | 0;
  return sum;
}

function hashBlock({ image, weights, tags, tags2 }: CoreState, { block, base }: PlasticBlock): number {
  const { firstAxon, axonCount, firstNeuron, neuronCount, rowOffset, targetOffset } = block;
  const group = image.neuronGroups.find(
    (candidate) =>
      firstNeuron >= candidate.firstNeuron && firstNeuron < candidate.firstNeuron + candidate.count,
  )!;
  const firstUnit = group.firstUnit + firstNeuron - group.firstNeuron;
  const dense = block.kind === blockKindCodes.dense;
  const second = (block.flags & blockFlags.tag2) !== 0;
  let sum = 0;
  for (let row = 0; row < axonCount; row++) {
    const pre = image.axons[firstAxon + row]! & ~primaryAxon;
    const ofRow = mix((Math.imul(block.projection, 0x9e3779b9) + pre) | 0);
    const first = dense ? row * neuronCount : image.index[rowOffset + row]!;
    const end = dense ? first + neuronCount : image.index[rowOffset + row + 1]!;
    for (let k = first; k < end; k++) {
      const post = firstUnit + (dense ? k - first : image.targets[targetOffset + k]!);
      const value = (tags[base + k]! & 0xffff) | (weights[base + k]! << 16);
      const ofSynapse = (ofRow + Math.imul(post, 0x85ebca6b)) | 0;
      sum = (sum + h(ofSynapse, value)) | 0;
      if (second) sum = (sum + h((ofSynapse + secondTag) | 0, tags2[base + k]! & 0xffff)) | 0;
    }
  }
  return sum;
}

function hashModulators({ records, m, baseline, sum: sums, history }: ModulatorState): number {
  let sum = 0;
  records.forEach((_, channel) => {
    sum += h(key(variableCodes.modulator, channel), m[channel]!);
    sum += h(key(variableCodes.baseline, channel), baseline[channel]!);
    sum += h(key(sumVariable, channel), sums[channel]!);
    for (let k = 0; k < sumHistory; k++)
      sum = (sum + h(key(historyVariable + k, channel), history[channel * sumHistory + k]!)) | 0;
  });
  return sum;
}

function hashEpisodes({ record, words, counts, outcomes, priorities, events }: Episodes): number {
  const { word, count, outcome, priority, event } = episodeVariables;
  let sum = 0;
  words.forEach((value, n) => {
    sum += h(key(word, n), value);
  });
  for (let slot = 0; slot < record.slots; slot++) {
    sum += h(key(count, slot), counts[slot]!);
    sum += h(key(outcome, slot), outcomes[slot]!);
    sum += h(key(priority, slot), priorities[slot]!);
    for (let n = slot * record.events; n < slot * record.events + counts[slot]!; n++)
      sum = (sum + h(key(event, n), events[n]!)) | 0;
    sum |= 0;
  }
  return sum | 0;
}
