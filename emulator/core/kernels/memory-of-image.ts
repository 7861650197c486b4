import type { BlockRecord, CoreImage, Image } from '../../../src/image/image.js';
import { blockFlags } from '../../../src/image/layout.js';
import { arrayBytes, BoardMemory, largestMemory } from './board-memory.js';
import { mostPhases } from './rows-by-phase.js';

/** Most arrays and records of a core beside those of its blocks and groups. */
const arraysOfCore = 48;
/** Record and plan of a block, and of each sweep; records and flags of a group beside what grows with its size. */
const bytesOfBlock = 512;
const bytesOfSweep = 512;
const bytesOfGroup = 1024;

/**
 * A memory that holds the state of the image's board and all that its kernels need; null if no memory is that large, or
 * the engine has none to give.
 */
export function memoryOf(image: Image, shared: boolean): BoardMemory | null {
  const { inputCount } = image.network;
  const board = 1024 * image.modulators.length + 24 * inputCount + 4 * image.inputRoutes.length + 0x1_0000;
  const bytes = image.cores.reduce((sum, core) => sum + bytesOf(core), board);
  if (bytes > largestMemory) return null;
  try {
    return new BoardMemory(bytes, shared);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** At least what a core takes; memory that is not used costs nothing. */
function bytesOf(image: CoreImage): number {
  const { neuronCount, axonCount, maxDelay } = image.core;
  const arrays = [
    image.index,
    image.targets,
    image.columnAxons,
    image.bias,
    image.routeStart,
    image.routes,
    image.axons,
  ];
  const groups = image.neuronGroups.length + image.axonGroups.length;
  const delayLine = 2 * (maxDelay + 1) * (axonCount / 8 + 4);
  return (
    arraysOfCore * arrayBytes(0) +
    arrays.reduce((sum, { byteLength }) => sum + byteLength, 0) +
    6 * image.weights16.length +
    64 * neuronCount +
    24 * axonCount +
    delayLine +
    image.blocks.reduce((sum, block) => sum + bytesOfSynapses(block), 0) +
    bytesOfGroup * groups +
    0x1000
  );
}

/** A block: the weights of a static one, the row tables of a plastic one's sweeps, four at most. */
function bytesOfSynapses({ flags, axonCount, synapseCount }: BlockRecord): number {
  if ((flags & blockFlags.plastic) === 0) return bytesOfBlock + synapseCount;
  return bytesOfBlock + 4 * (bytesOfSweep + 4 * axonCount + 4 * mostPhases(axonCount));
}
