import { compile } from '../../src/compiler/compile.js';
import type { Target } from '../../src/compiler/target.js';
import type { Image } from '../../src/image/image.js';
import { readImage } from '../../src/image/read.js';
import type { NetworkDescription } from '../../src/network/description.js';
import { resolveNetwork } from '../../src/network/resolve.js';

/** An image as bytes and as its reader sees it. */
export interface TestImage {
  readonly bytes: Uint8Array;
  readonly image: Image;
}

/** Compiles a description for the board under test. Throws E0401 where it does not fit, E0403 for a number out of reach. */
export function compileFor(target: Target, description: NetworkDescription): TestImage {
  const bytes = compile(resolveNetwork(description), target).image;
  return { bytes, image: readImage(bytes) };
}
