import type { BlockRecord, Image } from '../../src/image/image.js';
import {
  blockFlags,
  blockKindCodes,
  neuronGroupFlags,
  noChannel,
  primaryAxon,
} from '../../src/image/layout.js';
import { sat16 } from './arithmetic.js';
import type { ModulatorState } from './modulators.js';
import type { CoreState } from './state.js';

/** A feedback block, and where the neurons stand that its rows stem from. */
interface Feedback {
  readonly state: CoreState;
  readonly block: BlockRecord;
  /** By row: where the sums of its source stand, and the source's place there; null where no core has its neuron. */
  readonly sources: readonly (UnitPlace | null)[];
}

interface UnitPlace {
  readonly core: number;
  readonly neuron: number;
}

/** Step 0 (`docs/core.md`, section 6): learning signals of all neurons that have one. */
export class LearningSignals {
  readonly #cores: readonly CoreState[];
  readonly #modulators: ModulatorState;
  readonly #period: number;
  readonly #feedback: readonly Feedback[];
  /** Channels that any signal reads. */
  readonly #channels: readonly number[];
  readonly #means: Int32Array;
  /** False while all signals are 0, so that quiet ticks cost nothing. */
  #any = false;

  constructor(image: Image, cores: readonly CoreState[], modulators: ModulatorState) {
    this.#cores = cores;
    this.#modulators = modulators;
    this.#period = image.network.signalPeriod;
    this.#means = new Int32Array(image.modulators.length);
    this.#feedback = cores.flatMap((state) =>
      state.image.blocks
        .filter(({ flags }) => (flags & blockFlags.feedback) !== 0)
        .map((block) => feedbackOf(state, block, image)),
    );
    const channels = new Set<number>();
    for (const { block } of this.#feedback)
      for (let n = 0; n < block.neuronCount; n++) channels.add(block.feedbackChannel + n);
    for (const { image: core } of cores)
      for (const group of core.neuronGroups)
        if (group.flags & neuronGroupFlags.signal && group.signalChannel !== noChannel)
          for (let n = 0; n < group.count; n++) channels.add(group.signalChannel + n);
    this.#channels = [...channels];
  }

  /** Brings all l up to date for this tick. */
  update(tick: number): void {
    if (this.#channels.length === 0) return;
    let any = false;
    for (const channel of this.#channels) {
      const mean = this.#modulators.mean(channel, tick, this.#period);
      this.#means[channel] = mean;
      any ||= mean !== 0;
    }
    if (!any && !this.#any) return;
    this.#any = any;
    for (const { signalSum } of this.#cores) signalSum.fill(0);
    for (const feedback of this.#feedback) this.#add(feedback);
    for (const core of this.#cores) this.#finish(core);
  }

  #add({ state, block, sources }: Feedback): void {
    const { index, targets, weights8 } = state.image;
    const dense = block.kind === blockKindCodes.dense;
    const plastic = (block.flags & blockFlags.plastic) !== 0;
    for (let row = 0; row < block.axonCount; row++) {
      const source = sources[row]!;
      if (source === null) continue;
      const first = dense ? row * block.neuronCount : index[block.rowOffset + row]!;
      const end = dense ? first + block.neuronCount : index[block.rowOffset + row + 1]!;
      let sum = 0;
      for (let k = first; k < end; k++) {
        const target = dense ? k - first : targets[block.targetOffset + k]!;
        const at = block.weightOffset + k;
        const weight = plastic ? state.weights[at]! >> 8 : weights8[at]!;
        sum += weight * this.#means[block.feedbackChannel + target]!;
      }
      const { signalSum } = this.#cores[source.core]!;
      if (signalSum.length > 0) signalSum[source.neuron] = signalSum[source.neuron]! + sum;
    }
  }

  #finish({ image, signal, signalSum }: CoreState): void {
    for (const { flags, firstNeuron, count, signalShift, signalChannel } of image.neuronGroups) {
      if (!(flags & neuronGroupFlags.signal)) continue;
      for (let n = 0; n < count; n++) {
        const own = signalChannel === noChannel ? 0 : this.#means[signalChannel + n]!;
        signal[firstNeuron + n] = sat16((signalSum[firstNeuron + n]! >> signalShift) + own);
      }
    }
  }
}

function feedbackOf(state: CoreState, block: BlockRecord, image: Image): Feedback {
  const axons = state.image.axons.subarray(block.firstAxon, block.firstAxon + block.axonCount);
  return { state, block, sources: Array.from(axons, (axon) => placeOf(image, axon & ~primaryAxon)) };
}

/** Where the neuron of a unit stands; null if no core has it. */
function placeOf({ cores }: Image, unit: number): UnitPlace | null {
  for (const [core, { neuronGroups }] of cores.entries())
    for (const { firstUnit, firstNeuron, count } of neuronGroups)
      if (unit >= firstUnit && unit < firstUnit + count)
        return { core, neuron: firstNeuron + unit - firstUnit };
  return null;
}
