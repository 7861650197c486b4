import type { BlockRecord, CoreImage, Image, NeuronGroupRecord, TermRecord } from '../../src/image/image.js';

/** State of one core; synapses are numbered inside their block. */
export interface Core {
  readonly image: CoreImage;
  readonly v: number[];
  readonly i: number[];
  readonly refractory: number[];
  readonly adaptation: number[];
  readonly accumulated: number[];
  /** h and l of this tick. */
  readonly h: number[];
  readonly l: number[];
  readonly y: number[][];
  readonly x: number[][];
  readonly weights: number[][];
  readonly tags: number[][];
  readonly tags2: number[][];
  /** Axons due, by tick. */
  readonly pending: Map<number, Set<number>>;
  spiked: number[];
}

export interface Channel {
  m: number;
  baseline: number;
  sum: number;
  history: number[];
}

/** What the steps of a tick share. */
export interface Board {
  readonly image: Image;
  readonly cores: readonly Core[];
  readonly channels: readonly Channel[];
  tick: number;
  learning: boolean;
}

export const zeros = (count: number) => new Array<number>(count).fill(0);
export const isPlastic = (block: BlockRecord) => (block.flags & 1) !== 0;

export function newBoard(image: Image): Board {
  return {
    image,
    tick: 0,
    learning: true,
    cores: image.cores.map(newCore),
    channels: image.modulators.map(() => ({ m: 0, baseline: 0, sum: 0, history: zeros(64) })),
  };
}

function newCore(core: CoreImage): Core {
  const { neuronCount, axonCount } = core.core;
  const v = zeros(neuronCount);
  for (const group of core.neuronGroups)
    for (let n = 0; n < group.count; n++)
      if (group.flags & 4) v[group.firstNeuron + n] = core.initial[group.initialOffset + n]!;
  return {
    image: core,
    v,
    i: zeros(neuronCount),
    refractory: zeros(neuronCount),
    adaptation: zeros(neuronCount),
    accumulated: zeros(neuronCount),
    h: zeros(neuronCount),
    l: zeros(neuronCount),
    y: [zeros(neuronCount), zeros(neuronCount), zeros(neuronCount)],
    x: [zeros(axonCount), zeros(axonCount)],
    weights: core.blocks.map((block) => {
      const all = isPlastic(block) ? core.weights16 : core.weights8;
      return [...all.slice(block.weightOffset, block.weightOffset + block.synapseCount)];
    }),
    tags: core.blocks.map((block) => zeros(block.synapseCount)),
    tags2: core.blocks.map((block) => zeros(block.synapseCount)),
    pending: new Map(),
    spiked: [],
  };
}

export function groupOf({ image }: Core, neuron: number): NeuronGroupRecord {
  return image.neuronGroups.find((g) => neuron >= g.firstNeuron && neuron < g.firstNeuron + g.count)!;
}

export function unitOf(core: Core, neuron: number): number {
  const { firstUnit, firstNeuron } = groupOf(core, neuron);
  return firstUnit + neuron - firstNeuron;
}

/** Unit id of the source of an axon. */
export const sourceOf = ({ image }: Core, axon: number) => image.axons[axon]! % 2 ** 31;

export function populationOf({ populations }: Image, unit: number): number {
  return populations.findIndex((p) => unit >= p.firstUnit && unit < p.firstUnit + p.size);
}

export function termsOf({ image }: Board, { rule }: BlockRecord): TermRecord[] {
  const { firstTerm, termCount } = image.rules[rule]!;
  return image.terms.slice(firstTerm, firstTerm + termCount);
}

/** The factor codes of a term. */
export function codesOf({ factor1, factor2, factor3 }: TermRecord): number[] {
  return factor3 === 255 ? [factor1, factor2] : [factor1, factor2, factor3];
}

/** The acting weight (section 1). */
export function actingWeight(core: Core, b: number, synapse: number): number {
  const weight = core.weights[b]![synapse]!;
  return isPlastic(core.image.blocks[b]!) ? weight >> 8 : weight;
}

type Visit = (synapse: number, neuron: number) => void;

/** The synapses of one axon in a block. */
export function forRow({ image }: Core, block: BlockRecord, axon: number, visit: Visit): void {
  const row = axon - block.firstAxon;
  if (block.kind === 0)
    for (let n = 0; n < block.neuronCount; n++) visit(row * block.neuronCount + n, block.firstNeuron + n);
  else
    for (let k = image.index[block.rowOffset + row]!; k < image.index[block.rowOffset + row + 1]!; k++)
      visit(k, block.firstNeuron + image.targets[block.targetOffset + k]!);
}

/** All synapses of a block. */
export function forBlock(
  core: Core,
  block: BlockRecord,
  visit: (synapse: number, neuron: number, axon: number) => void,
): void {
  for (let axon = block.firstAxon; axon < block.firstAxon + block.axonCount; axon++)
    forRow(core, block, axon, (synapse, neuron) => {
      visit(synapse, neuron, axon);
    });
}
