import type { NeuronGroupRecord } from '../../src/image/image.js';
import { modelCodes, neuronGroupFlags, resetCodes } from '../../src/image/layout.js';
import { decay, noise, noisePurpose, randomOfTick, sat24, turnMask } from './arithmetic.js';
import type { CoreState } from './state.js';

/** Spikes that a replay makes happen: which populations it holds, and which of their units spike (rising). */
export interface Reinstated {
  isRecorded(population: number): boolean;
  readonly units: Uint32Array;
}

/**
 * Step 2 (`docs/core.md`, section 5): all neurons of a core; those that spike go into `state.spiked`, those with h > 0
 * into `state.near`.
 */
export function updateNeurons(
  state: CoreState,
  tick: number,
  seed: number,
  reinstated: Reinstated | null,
): void {
  state.spikeCount = 0;
  state.nearCount = 0;
  const ofTick = randomOfTick(seed, tick, noisePurpose);
  for (const group of state.image.neuronGroups)
    if (reinstated?.isRecorded(group.population)) reinstate(state, group, reinstated.units);
    else updateGroup(state, group, tick, ofTick);
}

/** In a replay recorded neurons stand still and spike as they did (section 13). */
function reinstate(state: CoreState, group: NeuronGroupRecord, units: Uint32Array): void {
  const { firstNeuron, count, firstUnit } = group;
  state.accumulator.fill(0, firstNeuron, firstNeuron + count);
  if (state.window.length > 0) state.window.fill(0, firstNeuron, firstNeuron + count);
  for (const unit of units)
    if (unit >= firstUnit && unit < firstUnit + count)
      state.spiked[state.spikeCount++] = firstNeuron + unit - firstUnit;
}

function updateGroup(state: CoreState, group: NeuronGroupRecord, tick: number, noiseOfTick: number): void {
  const { v, i, refractory, accumulator, spiked } = state;
  const {
    firstNeuron,
    count,
    firstUnit,
    vKeep,
    iKeep,
    threshold,
    resetValue,
    resetMode,
    noise: amplitude,
  } = group;
  const adaptive = (group.flags & neuronGroupFlags.adaptive) !== 0;
  const windowed = (group.flags & neuronGroupFlags.window) !== 0;
  const { adaptation, window } = state;
  const exponential = (group.flags & neuronGroupFlags.exponential) !== 0;
  const biases = group.flags & neuronGroupFlags.biasArray ? state.image.bias : null;
  const spiking = group.model !== modelCodes.readout;
  const vOnTurn = (tick & turnMask(group.vCadence)) === 0;
  const iOnTurn = (tick & turnMask(group.iCadence)) === 0;
  const adaptOnTurn = (tick & turnMask(group.adaptCadence)) === 0;
  for (let n = 0; n < count; n++) {
    const neuron = firstNeuron + n;
    let drive = sat24(accumulator[neuron]!);
    accumulator[neuron] = 0;
    if (exponential) {
      const current = iOnTurn ? decay(i[neuron]!, iKeep) : i[neuron]!;
      drive = sat24(current + drive);
      i[neuron] = drive;
    }
    let level = threshold;
    if (windowed) window[neuron] = 0;
    if (adaptive) {
      const before = adaptation[neuron]!;
      level = sat24(threshold + before);
      if (adaptOnTurn) adaptation[neuron] = decay(before, group.adaptKeep);
    }
    if (refractory[neuron]! > 0) {
      refractory[neuron] = refractory[neuron]! - 1;
      continue;
    }
    const membrane = vOnTurn ? decay(v[neuron]!, vKeep) : v[neuron]!;
    const bias = biases === null ? group.bias : biases[group.biasOffset + n]!;
    const random = amplitude === 0 ? 0 : noise(noiseOfTick, firstUnit + n, amplitude);
    let next = sat24(membrane + drive + bias + random);
    if (windowed) {
      const h = pseudoDerivative(group, next - level);
      window[neuron] = h;
      if (h > 0) state.near[state.nearCount++] = neuron;
    }
    if (spiking && next >= level) {
      if (resetMode === resetCodes.hard) next = resetValue;
      else if (resetMode === resetCodes.subtract) next = sat24(next - threshold);
      refractory[neuron] = group.refractory;
      if (adaptive) adaptation[neuron] = sat24(adaptation[neuron]! + group.adaptImpulse);
      spiked[state.spikeCount++] = neuron;
    }
    v[neuron] = next;
  }
}

/** h for a distance of V from the level (`docs/core.md`, section 5). */
function pseudoDerivative(
  { windowWidth, windowShift, windowSlope, windowPeak }: NeuronGroupRecord,
  difference: number,
): number {
  const distance = difference < 0 ? -difference : difference;
  if (distance > windowWidth) return 0;
  const h = windowPeak - (Math.imul(Math.min(distance >> windowShift, 65535), windowSlope) >>> 16);
  return h > 0 ? h : 0;
}
