import type { NeuronGroupRecord } from '../../src/image/image.js';
import { decayed, isOnTurn, noiseOf, state24 } from './reference-numbers.testing.js';
import type { Board, Core } from './reference-state.testing.js';

/**
 * Section 5. `replayed` tells what a neuron does in a tick of a replay (section 13): null for one that is updated as
 * ever, else whether it spikes.
 */
export function updateNeurons(
  board: Board,
  core: Core,
  replayed: (population: number, unit: number) => boolean | null,
): void {
  core.spiked = [];
  core.h.fill(0);
  for (const group of core.image.neuronGroups)
    for (let n = 0; n < group.count; n++) {
      const neuron = group.firstNeuron + n;
      const told = replayed(group.population, group.firstUnit + n);
      const spikes = told ?? updateNeuron(board, core, group, n);
      core.accumulated[neuron] = 0;
      if (spikes) core.spiked.push(neuron);
    }
}

/** One neuron; gives whether it spikes. */
function updateNeuron(board: Board, core: Core, group: NeuronGroupRecord, n: number): boolean {
  const { tick, image } = board;
  const { v, i, adaptation, refractory } = core;
  const neuron = group.firstNeuron + n;
  let drive = state24(core.accumulated[neuron]!);
  if (group.flags & 1) {
    if (isOnTurn(tick, group.iCadence)) i[neuron] = decayed(i[neuron]!, group.iKeep);
    drive = state24(i[neuron]! + drive);
    i[neuron] = drive;
  }
  const adaptive = (group.flags & 8) !== 0;
  const level = adaptive ? state24(group.threshold + adaptation[neuron]!) : group.threshold;
  if (adaptive && isOnTurn(tick, group.adaptCadence))
    adaptation[neuron] = decayed(adaptation[neuron]!, group.adaptKeep);
  if (refractory[neuron]! > 0) {
    refractory[neuron]!--;
    return false;
  }
  if (isOnTurn(tick, group.vCadence)) v[neuron] = decayed(v[neuron]!, group.vKeep);
  const bias = group.flags & 2 ? core.image.bias[group.biasOffset + n]! : group.bias;
  const noise = group.noise === 0 ? 0 : noiseOf(image.network.seed, tick, group.firstUnit + n, group.noise);
  const reached = state24(v[neuron]! + drive + bias + noise);
  v[neuron] = reached;
  if (group.flags & 16) core.h[neuron] = windowOf(group, Math.abs(reached - level));
  if (group.model === 2 || reached < level) return false;
  if (group.resetMode === 0) v[neuron] = group.resetValue;
  if (group.resetMode === 1) v[neuron] = state24(reached - group.threshold);
  refractory[neuron] = group.refractory;
  if (adaptive) adaptation[neuron] = state24(adaptation[neuron]! + group.adaptImpulse);
  return true;
}

/** The pseudo-derivative of section 5. */
function windowOf(group: NeuronGroupRecord, distance: number): number {
  if (distance > group.windowWidth) return 0;
  const steps = Math.min(Math.floor(distance / 2 ** group.windowShift), 65535);
  return Math.max(0, group.windowPeak - Math.floor((steps * group.windowSlope) / 65536));
}

/** Section 8.1. */
export function decayTraces({ tick }: Board, { image, x, y }: Core): void {
  const run = (trace: number[], first: number, count: number, keep: number, cadence: number) => {
    if (isOnTurn(tick, cadence))
      for (let n = first; n < first + count; n++) trace[n] = decayed(trace[n]!, keep);
  };
  for (const g of image.axonGroups) {
    run(x[0]!, g.firstAxon, g.count, g.x1Keep, g.x1Cadence);
    run(x[1]!, g.firstAxon, g.count, g.x2Keep, g.x2Cadence);
  }
  for (const g of image.neuronGroups) {
    run(y[0]!, g.firstNeuron, g.count, g.y1Keep, g.y1Cadence);
    run(y[1]!, g.firstNeuron, g.count, g.y2Keep, g.y2Cadence);
    run(y[2]!, g.firstNeuron, g.count, g.y3Keep, g.y3Cadence);
  }
}
