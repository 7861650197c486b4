import type { Episodes } from './episodes.js';
import type { ModulatorState } from './modulators.js';
import type { CoreState } from './state.js';

export type StateArray = Int32Array | Uint32Array | Int16Array | Uint16Array;

/** Arrays of the modulators, in the order of a checkpoint. */
export function modulatorArrays({ m, baseline, sum, history }: ModulatorState): readonly StateArray[] {
  return [m, baseline, sum, history];
}

/** Arrays of a core, in the order of a checkpoint. */
export function coreArrays(core: CoreState): readonly StateArray[] {
  return [
    core.v,
    core.i,
    core.adaptation,
    ...core.y,
    ...core.x,
    core.delayLine.bits,
    core.refractory,
    core.weights,
    core.tags,
    core.tags2,
  ];
}

/** Everything that evolves, in the order of a checkpoint (`docs/image.md`): modulators, episodes, then core by core. */
export function stateArrays(
  cores: readonly CoreState[],
  modulators: ModulatorState,
  episodes: Episodes | null,
): readonly StateArray[] {
  return [...modulatorArrays(modulators), ...(episodes?.arrays ?? []), ...cores.flatMap(coreArrays)];
}
