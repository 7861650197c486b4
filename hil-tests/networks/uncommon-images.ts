import type { CoreImage, Image } from '../../src/image/image.js';
import {
  blockFlags,
  blockKindCodes,
  modelCodes,
  primaryAxon,
  traceModeCodes,
} from '../../src/image/layout.js';
import { readImage } from '../../src/image/read.js';
import { type ImageContent, writeImage } from '../../src/image/write.js';
import type { TestImage } from './for-target.js';

/** Images that the format allows and no compiler makes. */

function testImage(content: ImageContent): TestImage {
  const bytes = writeImage(content);
  return { bytes, image: readImage(bytes) };
}

/** Static blocks say that they have tags, and no block has a second one: there must be none in state and checkpoint. */
export function withTaggedStaticBlocks(image: Image): TestImage {
  const change = (core: CoreImage): CoreImage => ({
    ...core,
    blocks: core.blocks.map((block) =>
      block.flags & blockFlags.plastic
        ? block
        : { ...block, flags: block.flags | blockFlags.tag | blockFlags.tag2 },
    ),
  });
  return testImage({ ...image, cores: image.cores.map(change) });
}

/**
 * One population more that no core has neurons for, with axons that stem from it and a feedback block of the same
 * channels as another: its errors go nowhere. The image must have one core and a feedback block.
 */
export function withFeedbackToNoNeuron(image: Image): TestImage {
  const [core] = image.cores;
  const like = core?.blocks.find(({ flags }) => flags & blockFlags.feedback);
  const source = core?.axonGroups[0];
  if (!core || !like || !source) throw new Error('the image has no feedback block');
  const units = 3;
  const { unitCount } = image.network;
  const { axonCount, synapseCount } = core.core;
  const weights = Int8Array.from({ length: units * like.neuronCount }, (_, n) => 40 - 9 * n);
  return testImage({
    ...image,
    network: { ...image.network, unitCount: unitCount + units },
    populations: [
      ...image.populations,
      { firstUnit: unitCount, size: units, firstInput: 0, model: modelCodes.lif, flags: 0, reserved: 0 },
    ],
    host: { ...image.host, populations: [...image.host.populations, { name: 'nowhere', exponent: 16 }] },
    cores: [
      {
        ...core,
        core: {
          ...core.core,
          axonCount: axonCount + units,
          synapseCount: synapseCount + weights.length,
        },
        axonGroups: [
          ...core.axonGroups,
          {
            ...source,
            firstAxon: axonCount,
            count: units,
            population: image.populations.length,
            delay: 1,
            x1Mode: traceModeCodes.absent,
            x2Mode: traceModeCodes.absent,
          },
        ],
        axons: Uint32Array.of(
          ...core.axons,
          ...Array.from({ length: units }, (_, n) => primaryAxon + unitCount + n),
        ),
        blocks: [
          ...core.blocks,
          {
            ...like,
            firstAxon: axonCount,
            axonCount: units,
            firstSynapse: synapseCount,
            synapseCount: weights.length,
            weightOffset: core.weights8.length,
            kind: blockKindCodes.dense,
            flags: blockFlags.feedback | blockFlags.silent,
          },
        ],
        weights8: Int8Array.of(...core.weights8, ...weights),
      },
    ],
  });
}
