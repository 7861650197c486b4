import type { BlockRecord, CoreImage, Image, NeuronGroupRecord, TermRecord } from '../../src/image/image.js';
import {
  blockFlags,
  blockKindCodes,
  eventCodes,
  factorCodes,
  neuronGroupFlags,
  noFactor,
  primaryAxon,
  resetCodes,
  targetCodes,
  traceModeCodes,
} from '../../src/image/layout.js';
import type { Reward } from './workload.js';

/** A network as a bare loop takes it: constants for the C compiler, and arrays in the order in which it reads them. */
export interface NativeNetwork {
  readonly source: 'static' | 'plastic' | 'dense';
  readonly constants: Readonly<Record<string, number>>;
  readonly arrays: readonly (Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array)[];
}

/** Fails where an image is not of the shape that the bare loops are written for. */
export function expectShape(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`the bare loop was not written for this image: ${what}`);
}

export function onlyCore({ cores }: Image): CoreImage {
  expectShape(cores.length === 1, 'more than one core');
  return cores[0]!;
}

/** The bare loop's form of S1: all rows, by delay and source. */
export function nativeStatic(image: Image, ticks: number): NativeNetwork {
  const core = onlyCore(image);
  const neurons = neuronConstants(image, core);
  const delays = core.axonGroups.map(({ delay }) => delay);
  const firstDelay = Math.min(...delays);
  const count = Math.max(...delays) - firstDelay + 1;
  const rows = staticRows(core, core.blocks, count, (axon) => delayOf(core, axon) - firstDelay);
  return {
    source: 'static',
    constants: {
      ...neurons,
      TICKS: ticks,
      DELAYS: count,
      FIRST_DELAY: firstDelay,
      SLOTS: 2 ** Math.ceil(Math.log2(Math.max(...delays) + 1)),
    },
    arrays: [rows.start, rows.shift, rows.target, rows.weight, initialMembranes(core)],
  };
}

/** The bare loop's form of S2 and S3: plastic rows of the first axons with their transposed index, static rows of the others. */
export function nativePlastic(image: Image, ticks: number, rewards: readonly Reward[]): NativeNetwork {
  const core = onlyCore(image);
  const plastic = core.blocks.filter(({ flags }) => flags & blockFlags.plastic);
  expectShape(plastic.length === 1, 'more than one plastic block');
  const block = plastic[0]!;
  expectShape(
    block.kind === blockKindCodes.sparse && block.firstNeuron === 0,
    'plastic rows that are not sparse',
  );
  const excitatory = block.axonCount;
  for (let axon = 0; axon < excitatory; axon++)
    expectShape(sourceOf(core, block.firstAxon + axon) === axon, 'axons that are not the first neurons');
  expectShape(
    core.axonGroups.every(({ delay }) => delay === 1),
    'delays of more than a tick',
  );
  const group = core.axonGroups.find(({ firstAxon }) => firstAxon === block.firstAxon)!;
  const [neuronGroup] = core.neuronGroups as [NeuronGroupRecord];
  expectShape(
    group.x1Mode === traceModeCodes.additive && neuronGroup.y1Mode === traceModeCodes.additive,
    'traces that are not additive',
  );
  expectShape(
    group.x1Cadence === 0 && neuronGroup.y1Cadence === 0,
    'traces that decay more seldom than each tick',
  );
  const tagged = (block.flags & blockFlags.tag) !== 0;
  const { firstTerm, termCount } = image.rules[block.rule]!;
  const terms = image.terms.slice(firstTerm, firstTerm + termCount);
  const fixed = staticRows(
    core,
    core.blocks.filter((other) => other !== block),
    1,
    () => 0,
  );
  const { index } = core;
  const size = block.synapseCount;
  return {
    source: 'plastic',
    constants: {
      ...neuronConstants(image, core),
      TICKS: ticks,
      EXCITATORY: excitatory,
      WEIGHT_SHIFT: block.shift,
      W_MIN: block.wMin,
      W_MAX: block.wMax,
      X_KEEP: group.x1Keep,
      Y_KEEP: neuronGroup.y1Keep,
      X_IMPULSE: group.x1Impulse,
      Y_IMPULSE: neuronGroup.y1Impulse,
      TAGGED: tagged ? 1 : 0,
      ...termConstants('PRE', terms, eventCodes.pre, factorCodes.y1),
      ...termConstants('POST', terms, eventCodes.post, factorCodes.x1),
      ...(tagged ? tagConstants(image, block, terms, rewards) : {}),
    },
    arrays: [
      fixed.start,
      packed(fixed),
      index.slice(block.rowOffset, block.rowOffset + excitatory + 1),
      core.targets.slice(block.targetOffset, block.targetOffset + size),
      core.weights16.slice(block.weightOffset, block.weightOffset + size),
      index.slice(block.columnOffset, block.columnOffset + core.core.neuronCount + 1),
      index.slice(block.columnSynapseOffset, block.columnSynapseOffset + size),
      core.columnAxons.slice(block.columnAxonOffset, block.columnAxonOffset + size),
      initialMembranes(core),
      ...(tagged ? rewardArrays(rewards) : []),
    ],
  };
}

function tagConstants(
  image: Image,
  block: BlockRecord,
  terms: readonly TermRecord[],
  rewards: readonly Reward[],
): Record<string, number> {
  const [modulator] = image.modulators;
  expectShape(
    image.modulators.length === 1 && modulator!.flags === 0 && modulator!.cadence === 0,
    'modulators',
  );
  return {
    ...termConstants('REWARD', terms, eventCodes.sweep, factorCodes.t),
    TAG_KEEP: block.tagKeep,
    TAG_PERIOD: block.tagPeriod,
    SWEEP_PERIOD: block.sweepPeriod,
    REWARD_KEEP: modulator!.keep,
    REWARDS: rewards.length,
  };
}

/** One more than there are: the loop reads past no end. */
function rewardArrays(rewards: readonly Reward[]): [Uint32Array, Int32Array] {
  return [
    Uint32Array.from([...rewards.map(({ tick }) => tick), 0xffff_ffff]),
    Int32Array.from([...rewards.map(({ value }) => value), 0]),
  ];
}

/** Mantissa and shift of the one term of an event: value of `factor` times one, or, in sweeps, times the modulator. */
function termConstants(
  prefix: string,
  terms: readonly TermRecord[],
  event: number,
  factor: number,
): Record<string, number> {
  const own = terms.filter((term) => term.event === event);
  expectShape(own.length === 1, `${own.length} terms of one event`);
  const { factor1, factor2, factor3, mantissa, shift, target } = own[0]!;
  const other = event === eventCodes.sweep ? factorCodes.modulator : factorCodes.one;
  const factors = [factor1, factor2];
  expectShape(
    factors.includes(factor) && factors.includes(other) && factor3 === noFactor && shift > 0,
    'factors of a term',
  );
  expectShape(
    event !== eventCodes.sweep || target === targetCodes.w,
    'a sweep term that is not of the weight',
  );
  return { [`${prefix}_MANTISSA`]: mantissa, [`${prefix}_SHIFT`]: shift };
}

export function neuronConstants(image: Image, { neuronGroups }: CoreImage): Record<string, number> {
  expectShape(neuronGroups.length === 1, 'more than one neuron group');
  const [group] = neuronGroups as [NeuronGroupRecord];
  const allowed = neuronGroupFlags.initialArray;
  expectShape((group.flags & ~allowed) === 0 && group.resetMode === resetCodes.hard, 'neurons');
  expectShape(group.firstUnit === 0 && group.vKeep < 65536, 'unit numbers or an integrator');
  return {
    SEED: image.network.seed,
    NEURONS: group.count,
    V_KEEP: group.vKeep,
    V_CADENCE: group.vCadence,
    THRESHOLD: group.threshold,
    RESET: group.resetValue,
    REFRACTORY: group.refractory,
    BIAS: group.bias,
    NOISE: group.noise,
  };
}

/** Initial membranes, up to a multiple of 64 neurons. */
function initialMembranes({ neuronGroups, initial, core }: CoreImage): Int32Array {
  const membranes = new Int32Array(Math.ceil(core.neuronCount / 64) * 64);
  for (const { flags, firstNeuron, count, initialOffset } of neuronGroups)
    if (flags & neuronGroupFlags.initialArray)
      membranes.set(initial.subarray(initialOffset, initialOffset + count), firstNeuron);
  return membranes;
}

const sourceOf = ({ axons }: CoreImage, axon: number) => axons[axon]! & ~primaryAxon;

function delayOf({ axonGroups }: CoreImage, axon: number): number {
  return axonGroups.find(({ firstAxon, count }) => axon >= firstAxon && axon < firstAxon + count)!.delay;
}

/** Static sparse rows; row = part · neurons + source. */
interface StaticRows {
  readonly start: Uint32Array;
  /** By row. */
  readonly shift: Uint8Array;
  readonly target: Uint16Array;
  readonly weight: Int8Array;
}

function staticRows(
  core: CoreImage,
  blocks: readonly BlockRecord[],
  parts: number,
  partOf: (axon: number) => number,
): StaticRows {
  const neurons = core.core.neuronCount;
  const { index, targets, weights8 } = core;
  const start = new Uint32Array(parts * neurons + 1);
  const shift = new Uint8Array(parts * neurons);
  const visitRows = (visit: (block: BlockRecord, row: number, first: number, end: number) => void) => {
    for (const block of blocks) {
      expectShape(block.kind === blockKindCodes.sparse && (block.flags & blockFlags.plastic) === 0, 'rows');
      const part = partOf(block.firstAxon);
      for (let n = 0; n < block.axonCount; n++) {
        const at = block.rowOffset + n;
        visit(block, part * neurons + sourceOf(core, block.firstAxon + n), index[at]!, index[at + 1]!);
      }
    }
  };
  visitRows((block, row, first, end) => {
    expectShape(start[row + 1] === 0, 'a row in two blocks');
    start[row + 1] = end - first;
    shift[row] = block.shift;
  });
  for (let row = 0; row < parts * neurons; row++) start[row + 1] = start[row + 1]! + start[row]!;
  const target = new Uint16Array(start[parts * neurons]!);
  const weight = new Int8Array(target.length);
  visitRows(({ firstNeuron, targetOffset, weightOffset }, row, first, end) => {
    expectShape(firstNeuron === 0, 'rows that do not begin with the first neuron');
    target.set(targets.subarray(targetOffset + first, targetOffset + end), start[row]);
    weight.set(weights8.subarray(weightOffset + first, weightOffset + end), start[row]);
  });
  return { start, shift, target, weight };
}

/** Weight and target of each synapse in one word: weight << 16 | target. */
function packed({ start, shift, target, weight }: StaticRows): Uint32Array {
  const words = new Uint32Array(target.length);
  for (let row = 0; row + 1 < start.length; row++)
    for (let k = start[row]!; k < start[row + 1]!; k++) {
      const scaled = weight[k]! << shift[row]!;
      expectShape(scaled >= -32768 && scaled < 32768, 'a weight of more than 16 bits');
      words[k] = (scaled << 16) | target[k]!;
    }
  return words;
}
