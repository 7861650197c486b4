import type { BlockRecord, CoreImage, Image } from '../../src/image/image.js';
import { blockKindCodes, primaryAxon } from '../../src/image/layout.js';

/** Whose a value is. */
export interface Place {
  readonly unit: number | null;
  readonly where: string;
}

/** `act[3]` for a unit id. */
export function unitName(image: Image, unit: number): string {
  const population = image.populations.findIndex(
    ({ firstUnit, size }) => unit >= firstUnit && unit < firstUnit + size,
  );
  if (population < 0) return `unit ${unit}`;
  return `${image.host.populations[population]!.name}[${unit - image.populations[population]!.firstUnit}]`;
}

export function neuronPlace(image: Image, core: CoreImage, neuron: number): Place {
  const unit = unitOfNeuron(core, neuron);
  return { unit, where: unitName(image, unit) };
}

export function axonPlace(image: Image, core: CoreImage, axon: number): Place {
  const unit = sourceOf(core, axon);
  const group = core.axonGroups.find(({ firstAxon, count }) => axon >= firstAxon && axon < firstAxon + count);
  return { unit, where: `${unitName(image, unit)}, delay ${group?.delay ?? 0}` };
}

export function synapsePlace(image: Image, core: CoreImage, synapse: number): Place {
  const block = core.blocks.find(
    ({ firstSynapse, synapseCount }) => synapse >= firstSynapse && synapse < firstSynapse + synapseCount,
  );
  if (!block) return { unit: null, where: `synapse ${synapse}` };
  const { axon, neuron } = endsOf(core, block, synapse - block.firstSynapse);
  const [pre, post] = [sourceOf(core, axon), unitOfNeuron(core, neuron)];
  const projection = image.host.projections[block.projection]?.name ?? `projection ${block.projection}`;
  return { unit: post, where: `${unitName(image, pre)} → ${unitName(image, post)} of ${projection}` };
}

function endsOf(core: CoreImage, block: BlockRecord, at: number): { axon: number; neuron: number } {
  if (block.kind === blockKindCodes.dense)
    return {
      axon: block.firstAxon + Math.floor(at / block.neuronCount),
      neuron: block.firstNeuron + (at % block.neuronCount),
    };
  let row = 0;
  while (core.index[block.rowOffset + row + 1]! <= at) row++;
  return { axon: block.firstAxon + row, neuron: block.firstNeuron + core.targets[block.targetOffset + at]! };
}

function sourceOf(core: CoreImage, axon: number): number {
  return core.axons[axon]! & ~primaryAxon;
}

function unitOfNeuron(core: CoreImage, neuron: number): number {
  const group = core.neuronGroups.find(
    ({ firstNeuron, count }) => neuron >= firstNeuron && neuron < firstNeuron + count,
  );
  return group ? group.firstUnit + neuron - group.firstNeuron : neuron;
}
