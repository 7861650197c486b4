import type { CoreImage, Image } from '../../../src/image/image.js';
import { arrayBytes, BoardMemory, largestMemory } from './board-memory.js';

/** Most arrays and records of a core beside its blocks and groups. */
const arraysOfCore = 40;
/** Records, plans and row tables of a block, and records and flags of a group, beside what grows with its size. */
const bytesOfBlock = 4 * 16_448 + 2048;
const bytesOfGroup = 1024;

/** A memory that holds the state of the image's board and all that its kernels need; null if no memory is that large. */
export function memoryOf(image: Image, shared: boolean): BoardMemory | null {
  const { inputCount } = image.network;
  const board = 1024 * image.modulators.length + 24 * inputCount + 4 * image.inputRoutes.length + 0x1_0000;
  const bytes = image.cores.reduce((sum, core) => sum + bytesOf(core), board);
  return bytes > largestMemory ? null : new BoardMemory(bytes, shared);
}

/** At least what a core takes; memory that is not used costs nothing. */
function bytesOf(image: CoreImage): number {
  const { neuronCount, axonCount, maxDelay } = image.core;
  const arrays = [
    image.index,
    image.targets,
    image.weights8,
    image.columnAxons,
    image.bias,
    image.routeStart,
    image.routes,
    image.axons,
  ];
  const groups = image.neuronGroups.length + image.axonGroups.length;
  const rows = image.blocks.reduce((sum, { axonCount: count }) => sum + 16 * count, 0);
  const delayLine = 2 * (maxDelay + 1) * (axonCount / 8 + 4);
  return (
    arraysOfCore * arrayBytes(0) +
    arrays.reduce((sum, { byteLength }) => sum + byteLength, 0) +
    6 * image.weights16.length +
    64 * neuronCount +
    24 * axonCount +
    delayLine +
    rows +
    bytesOfBlock * image.blocks.length +
    bytesOfGroup * groups +
    0x1000
  );
}
