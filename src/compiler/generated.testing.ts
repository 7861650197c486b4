import { isEngramError } from '../errors/engram-error.js';
import type { Image } from '../image/image.js';
import { readImage } from '../image/read.js';
import type { NetworkDescription } from '../network/description.js';
import { resolveNetwork } from '../network/resolve.js';
import { compile } from './compile.js';
import { loadTarget } from './load-target.js';

const manycore = loadTarget('manycore');

/**
 * Compiles a generated network for at most so many cores of `manycore`. Null where the compiler refuses a number that
 * the core cannot hold (E0403), which a generator may well make; nothing else may go wrong.
 */
export function compileGenerated(description: NetworkDescription, cores: number): Image | null {
  const network = resolveNetwork(description);
  const neurons = network.populations.reduce(
    (sum, { model, size }) => sum + (model === 'input' ? 0 : size),
    0,
  );
  try {
    return readImage(compile(network, manycore, { cores: Math.min(cores, Math.max(1, neurons)) }).image);
  } catch (error) {
    if (isEngramError(error, 'E0403')) return null;
    throw error;
  }
}
