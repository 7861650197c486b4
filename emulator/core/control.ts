import type { ModulatorState } from './modulators.js';
import type { CoreState } from './state.js';

export const controlCodes = { clear: 1, learn: 2, episode: 3, replay: 4 } as const;
export const clearBits = { neurons: 1, traces: 2, tags: 4, inFlight: 8, modulators: 16 } as const;
export const allPopulations = 0xffff;

export interface ControlEvent {
  readonly code: number;
  readonly population: number;
  readonly argument: number;
}

/** Order of control events of one tick: by code, population, argument (`docs/core.md`, section 8). */
export function compareControl(a: ControlEvent, b: ControlEvent): number {
  return a.code - b.code || a.population - b.population || a.argument - b.argument;
}

/** CLEAR on one core. */
export function clearCore(state: CoreState, population: number, bits: number): void {
  const { image } = state;
  const named = (other: number) => population === allPopulations || population === other;
  for (const { population: own, firstNeuron: first, count } of image.neuronGroups) {
    if (!named(own)) continue;
    if (bits & clearBits.neurons)
      for (const values of [state.v, state.i, state.adaptation, state.refractory])
        values.fill(0, first, first + count);
    if (bits & clearBits.traces) for (const trace of state.y) trace.fill(0, first, first + count);
  }
  for (const { population: own, firstAxon: first, count } of image.axonGroups) {
    if (!named(own)) continue;
    if (bits & clearBits.traces) for (const trace of state.x) trace.fill(0, first, first + count);
    if (bits & clearBits.inFlight) state.delayLine.clear(first, count);
  }
  if (bits & clearBits.tags)
    for (const { block, base } of state.plasticBlocks) {
      const group = image.neuronGroups.find(
        ({ firstNeuron, count }) =>
          block.firstNeuron >= firstNeuron && block.firstNeuron < firstNeuron + count,
      );
      if (!group || !named(group.population)) continue;
      for (const tags of [state.tags, state.tags2]) tags.fill(0, base, base + block.synapseCount);
    }
}

/** CLEAR on the whole board. */
export function clearBoard(
  cores: readonly CoreState[],
  modulators: ModulatorState,
  { population, argument }: ControlEvent,
): void {
  for (const core of cores) clearCore(core, population, argument);
  if (argument & clearBits.modulators) modulators.clear();
}
