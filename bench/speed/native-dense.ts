import type { BlockRecord, CoreImage } from '../../src/image/image.js';
import { blockKindCodes, resetCodes } from '../../src/image/layout.js';
import { expectShape, type NativeNetwork, onlyCore } from './native-network.js';
import type { Workload } from './workload.js';

/** Columns of the first layer come in tiles of this many, those of the second in one vector: as `dense.c` has it. */
const tile = 128;
const vector = 16;

/** The bare loop's form of S4: two dense layers, their rows padded with zeros, and the spikes of the images. */
export function nativeDense({ image, ticks, input, clearEvery }: Workload): NativeNetwork {
  const core = onlyCore(image);
  const [hidden, classes] = core.neuronGroups;
  const [first, second] = core.blocks;
  expectShape(core.neuronGroups.length === 2 && core.blocks.length === 2, 'layers');
  expectShape(first!.firstNeuron === 0 && second!.firstNeuron === hidden!.count, 'order of the layers');
  expectShape(input !== null && clearEvery !== null, 'no images');
  expectShape(
    core.axonGroups.every(({ delay }) => delay === 1),
    'delays of more than a tick',
  );
  const width = Math.ceil(hidden!.count / tile) * tile;
  return {
    source: 'dense',
    constants: {
      TICKS: ticks,
      IMAGE_TICKS: clearEvery,
      PIXELS: first!.axonCount,
      HIDDEN: hidden!.count,
      CLASSES: classes!.count,
      ...layerConstants('H', core, 0, first!),
      ...layerConstants('C', core, 1, second!),
    },
    arrays: [
      paddedRows(core, first!, width),
      paddedRows(core, second!, vector),
      input.start.slice(0, ticks + 1),
      Uint16Array.from(input.lines.subarray(0, input.start[ticks])),
    ],
  };
}

function layerConstants(
  prefix: string,
  { neuronGroups }: CoreImage,
  group: number,
  { shift }: BlockRecord,
): Record<string, number> {
  const { flags, vKeep, vCadence, threshold, resetMode, resetValue, refractory, bias, noise } =
    neuronGroups[group]!;
  expectShape(flags === 0 && vCadence === 0 && vKeep < 65536 && resetMode === resetCodes.hard, 'neurons');
  expectShape(refractory === 0 && bias === 0 && noise === 0, 'refractory time, bias or noise');
  return {
    [`${prefix}_V_KEEP`]: vKeep,
    [`${prefix}_THRESHOLD`]: threshold,
    [`${prefix}_RESET`]: resetValue,
    [`${prefix}_SHIFT`]: shift,
  };
}

function paddedRows({ weights8 }: CoreImage, block: BlockRecord, width: number): Int8Array {
  const { axonCount, neuronCount, weightOffset } = block;
  expectShape(block.kind === blockKindCodes.dense && neuronCount <= width, 'rows that are not dense');
  const rows = new Int8Array(axonCount * width);
  for (let row = 0; row < axonCount; row++) {
    const from = weightOffset + row * neuronCount;
    rows.set(weights8.subarray(from, from + neuronCount), row * width);
  }
  return rows;
}
