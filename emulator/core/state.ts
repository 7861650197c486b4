import type { BlockRecord, CoreImage, Image } from '../../src/image/image.js';
import { blockFlags, neuronGroupFlags, traceModeCodes } from '../../src/image/layout.js';
import { DelayLine } from './delay-line.js';
import { type RulePrograms, rulePrograms } from './program.js';
import { ownArrays, type Storage } from './storage.js';

/** Places behind a list of neurons: kernels write four numbers at a time and count those that are meant. */
const listRoom = 4;

/** A plastic block with its place in the core's W and T, and its rule. */
export interface PlasticBlock {
  readonly block: BlockRecord;
  /** Place of the block's first synapse in `weights` and `tags`. */
  readonly base: number;
  readonly programs: RulePrograms;
  readonly decaysTag: boolean;
  readonly decaysTag2: boolean;
  /** Whether step 4 has anything to do with it. */
  readonly sweeps: boolean;
}

/** Everything that evolves on a core, and what its loops look up. */
export class CoreState {
  readonly image: CoreImage;
  readonly v: Int32Array;
  readonly i: Int32Array;
  readonly refractory: Uint16Array;
  /** A by neuron; empty if no group is adaptive. */
  readonly adaptation: Int32Array;
  readonly accumulator: Int32Array;
  /** h by neuron, of this tick; empty if no group has a window. */
  readonly window: Int16Array;
  /** Neurons whose h is not 0 in this tick. */
  readonly near: Uint32Array;
  nearCount = 0;
  /** l by neuron, and the sum it is made of; empty if no group has it. Not state: made anew in each tick. */
  readonly signal: Int16Array;
  readonly signalSum: Int32Array;
  /** y1, y2, y3 by neuron; empty if no group has it. */
  readonly y: readonly Int32Array[];
  /** x1, x2 by axon; empty if no group has it. */
  readonly x: readonly Int32Array[];
  /** Plastic weights W and tags T, in the order of the image's 16-bit weights. */
  readonly weights: Int16Array;
  readonly tags: Int16Array;
  /** T2 likewise; empty if no plastic block has it. */
  readonly tags2: Int16Array;
  readonly delayLine: DelayLine;
  readonly due: Uint32Array;
  readonly spiked: Uint32Array;
  spikeCount = 0;
  readonly plasticBlocks: readonly PlasticBlock[];
  readonly staticBlocks: readonly BlockRecord[];

  constructor(image: CoreImage, board: Image, storage: Storage = ownArrays) {
    this.image = image;
    const { neuronCount, axonCount, maxDelay } = image.core;
    const { neuronGroups, axonGroups, blocks } = image;
    this.v = storage.int32(neuronCount);
    this.i = storage.int32(neuronCount);
    this.refractory = storage.uint16(neuronCount);
    this.accumulator = storage.int32(neuronCount);
    const has = (flag: number) => neuronGroups.some(({ flags }) => (flags & flag) !== 0);
    this.adaptation = storage.int32(has(neuronGroupFlags.adaptive) ? neuronCount : 0);
    const windows = has(neuronGroupFlags.window) ? neuronCount : 0;
    const signals = has(neuronGroupFlags.signal) ? neuronCount : 0;
    this.window = storage.int16(windows);
    this.near = storage.uint32(windows + listRoom);
    this.signal = storage.int16(signals);
    this.signalSum = storage.int32(signals);
    const hasY = (['y1Mode', 'y2Mode', 'y3Mode'] as const).map((mode) =>
      neuronGroups.some((group) => group[mode] !== traceModeCodes.absent),
    );
    const hasX = (['x1Mode', 'x2Mode'] as const).map((mode) =>
      axonGroups.some((group) => group[mode] !== traceModeCodes.absent),
    );
    this.y = hasY.map((present) => storage.int32(present ? neuronCount : 0));
    this.x = hasX.map((present) => storage.int32(present ? axonCount : 0));
    this.weights = storage.int16(image.weights16.length);
    this.tags = storage.int16(image.weights16.length);
    // A static block has no tags, whatever its flags say.
    const second = blockFlags.plastic | blockFlags.tag2;
    const hasTags2 = blocks.some(({ flags }) => (flags & second) === second);
    this.tags2 = storage.int16(hasTags2 ? image.weights16.length : 0);
    this.delayLine = new DelayLine(axonCount, maxDelay, storage);
    this.due = storage.uint32(axonCount);
    this.spiked = storage.uint32(neuronCount + listRoom);
    // A silent static block delivers nothing: it only carries errors back.
    this.staticBlocks = blocks.filter(
      ({ flags }) => (flags & (blockFlags.plastic | blockFlags.silent)) === 0,
    );
    this.plasticBlocks = blocks
      .filter(({ flags }) => (flags & blockFlags.plastic) !== 0)
      .map((block): PlasticBlock => {
        const programs = rulePrograms(board.rules[block.rule]!, board.terms);
        const decays = (flag: number, keep: number) => (block.flags & flag) !== 0 && keep !== 65536;
        const decaysTag = decays(blockFlags.tag, block.tagKeep);
        const decaysTag2 = decays(blockFlags.tag2, block.tag2Keep);
        return {
          block,
          base: block.weightOffset,
          programs,
          decaysTag,
          decaysTag2,
          sweeps: decaysTag || decaysTag2 || programs.ratedSweep !== null || programs.modulatedSweep !== null,
        };
      });
    this.reset();
  }

  /** The state of the image: section 11. */
  reset(): void {
    const { neuronGroups, initial, weights16 } = this.image;
    for (const state of [this.v, this.i, this.refractory, this.accumulator, this.tags, this.tags2])
      state.fill(0);
    for (const values of [this.delayLine.bits, this.window, this.signal, this.signalSum]) values.fill(0);
    for (const values of [...this.x, ...this.y, this.adaptation]) values.fill(0);
    for (const { flags, firstNeuron, count, initialOffset } of neuronGroups)
      if (flags & neuronGroupFlags.initialArray)
        this.v.set(initial.subarray(initialOffset, initialOffset + count), firstNeuron);
    this.weights.set(weights16);
    this.spikeCount = 0;
    this.nearCount = 0;
  }
}
