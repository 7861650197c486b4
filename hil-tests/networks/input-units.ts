import type { Image } from '../../src/image/image.js';
import { modelCodes } from '../../src/image/layout.js';

/** Units that spikes can be sent to. */
export function inputUnits({ populations }: Image): number[] {
  return populations
    .filter(({ model }) => model === modelCodes.input)
    .flatMap(({ firstUnit, size }) => Array.from({ length: size }, (_, n) => firstUnit + n));
}
