import type { Target } from '../../src/compiler/target.js';
import { isEngramError } from '../../src/errors/engram-error.js';
import type { NetworkDescription } from '../../src/network/description.js';
import { drawNetwork } from '../../src/network/drawn-network.js';
import type { Draw } from '../../src/network/drawn-values.js';
import { drawsOf } from '../../src/tasks/draws.js';
import { compileFor, type TestImage } from '../networks/for-target.js';
import type { Coverage } from './coverage.js';

export interface DrawnNetwork {
  readonly description: NetworkDescription;
  readonly test: TestImage;
  /** For what else is drawn for this network. */
  readonly draw: Draw;
}

const candidates = 40;

/** Draws from a seed, as the generators of networks want them. */
export function drawOf(seed: number): Draw {
  const draws = drawsOf(seed);
  return {
    integer: (low, high) => draws.integer(low, high),
    // Short, because it becomes the text of a time or a weight.
    real: (low, high) => Number((low + (draws.integer(0, 1000) / 1000) * (high - low)).toPrecision(6)),
    oneOf: (...choices) => choices[draws.integer(0, choices.length - 1)]!,
    flag: () => draws.uniform() < 0.5,
  };
}

/**
 * Network `number` of the set with that seed, compiled for the target. While the set lacks something, the first of some
 * candidates that has it; those that do not fit the target are passed over.
 */
export function drawnNetwork(target: Target, seed: number, number: number, coverage: Coverage): DrawnNetwork {
  let fallback: DrawnNetwork | null = null;
  for (let candidate = 0; candidate < candidates; candidate++) {
    const draw = drawOf(seed * 1_000_003 + number * 1009 + candidate);
    const description = drawNetwork(draw);
    const test = compiled(target, description);
    if (!test) continue;
    const network = { description, test, draw };
    const added = coverage.newIn(description, test.image);
    if (added.length === 0) {
      fallback ??= network;
      if (coverage.missingStatic().length === 0) break;
      continue;
    }
    coverage.add(added);
    return network;
  }
  if (fallback) return fallback;
  throw new Error(`none of ${candidates} drawn networks fits ${target.name}`);
}

/** Null where the network does not fit, which the compiler says (E0401, E0403). */
function compiled(target: Target, description: NetworkDescription): TestImage | null {
  try {
    return compileFor(target, description);
  } catch (error) {
    if (isEngramError(error, 'E0401') || isEngramError(error, 'E0403')) return null;
    throw error;
  }
}
