import { EngramError } from '../errors/engram-error.js';
import type { BlockRecord, CoreImage, Image } from '../image/image.js';
import { blockFlags, blockKindCodes, primaryAxon } from '../image/layout.js';

/** Values of a projection's synapses, in order of source and target neuron (in their populations). */
export interface SynapseValues {
  readonly pre: Uint32Array;
  readonly post: Uint32Array;
  /** In membrane units (weights) or units of the tag. */
  readonly values: Float64Array;
  /** Plastic weights in membrane units with the 8 bits below the acting weight. */
  readonly fine?: Float64Array;
}

/** A run of synapses of one core that belongs to a projection. */
export interface SynapseRun {
  readonly core: number;
  readonly first: number;
  readonly count: number;
  readonly plastic: boolean;
}

/** Number of a projection. Throws E0804 if the network has none of that name. */
export function projectionIndex(image: Image, name: string): number {
  const index = image.host.projections.findIndex((projection) => projection.name === name);
  if (index >= 0) return index;
  throw new EngramError('E0804', `the network has no projection '${name}'`, {
    facts: [
      ['projections', image.host.projections.map((projection) => projection.name).join(', ') || 'none'],
    ],
  });
}

/** Where a projection's synapses stand. */
export function synapseRuns(image: Image, projection: number): SynapseRun[] {
  return image.cores.flatMap(({ blocks }, core) =>
    blocks
      .filter((block) => block.projection === projection)
      .map((block) => ({
        core,
        first: block.firstSynapse,
        count: block.synapseCount,
        plastic: (block.flags & blockFlags.plastic) !== 0,
      })),
  );
}

/** Puts values read run by run (in the order of `synapseRuns`) into the order of neurons. */
export function inNeuronOrder(
  image: Image,
  projection: number,
  values: readonly Float64Array[],
): SynapseValues {
  const { from, to } = image.host.projections[projection]!;
  const [firstPre, firstPost] = [image.populations[from]!.firstUnit, image.populations[to]!.firstUnit];
  const pre: number[] = [];
  const post: number[] = [];
  const flat: number[] = [];
  let run = 0;
  for (const core of image.cores)
    for (const block of core.blocks) {
      if (block.projection !== projection) continue;
      const own = values[run++]!;
      forEachSynapse(core, block, (synapse, source, target) => {
        pre.push(source - firstPre);
        post.push(target - firstPost);
        flat.push(own[synapse]!);
      });
    }
  const order = Uint32Array.from(pre, (_, n) => n).sort((a, b) => pre[a]! - pre[b]! || post[a]! - post[b]!);
  return {
    pre: Uint32Array.from(order, (n) => pre[n]!),
    post: Uint32Array.from(order, (n) => post[n]!),
    values: Float64Array.from(order, (n) => flat[n]!),
  };
}

function forEachSynapse(
  core: CoreImage,
  block: BlockRecord,
  visit: (synapse: number, sourceUnit: number, targetUnit: number) => void,
): void {
  const group = core.neuronGroups.find(
    ({ firstNeuron, count }) => block.firstNeuron >= firstNeuron && block.firstNeuron < firstNeuron + count,
  )!;
  const firstUnit = group.firstUnit + block.firstNeuron - group.firstNeuron;
  const dense = block.kind === blockKindCodes.dense;
  for (let row = 0; row < block.axonCount; row++) {
    const source = core.axons[block.firstAxon + row]! & ~primaryAxon;
    const first = dense ? row * block.neuronCount : core.index[block.rowOffset + row]!;
    const end = dense ? first + block.neuronCount : core.index[block.rowOffset + row + 1]!;
    for (let synapse = first; synapse < end; synapse++) {
      const target = dense ? synapse - first : core.targets[block.targetOffset + synapse]!;
      visit(synapse, source, firstUnit + target);
    }
  }
}
