import { EngramError } from '../../../errors/engram-error.js';
import type { ResolvedPopulation } from '../../../network/resolved.js';
import type { QuantizedWindow } from './quantized.js';

/** h stays below 1 in the core's 2^-12: so a product of h and another factor cannot saturate. */
const peakLimit = 4096;
const widthLimit = 2 ** 24 - 1;
const distanceLimit = 65536;
const slopeLimit = 65535;

/**
 * The pseudo-derivative of a population in the core's integers. h = dampening / threshold at the level, in spikes per
 * membrane unit; its unit is the power of two that leaves the peak 12 bits, or fewer where the slope would be too steep.
 * Throws E0403 where the window is out of reach.
 */
export function quantizeWindow(
  { name, surrogate, threshold }: ResolvedPopulation,
  stateExponent: number,
): QuantizedWindow | null {
  if (surrogate === null) return null;
  const width = Math.round(surrogate.width * threshold * 2 ** stateExponent);
  if (width < 1 || width > widthLimit)
    throw outOfReach(name, `its width, ${surrogate.width} thresholds, is ${width} steps of the membrane`);
  const height = surrogate.dampening / threshold;
  const shift = Math.max(0, Math.ceil(Math.log2((width + 1) / distanceLimit)));
  const span = Math.max(1, width >> shift);
  for (let exponent = Math.ceil(Math.log2(height / peakLimit)); ; exponent++) {
    const peak = Math.round(height * 2 ** -exponent);
    if (peak < 1)
      throw outOfReach(name, `its width, ${surrogate.width} thresholds, is too narrow for its height`);
    const slope = surrogate.shape === 'box' ? 0 : Math.round((peak * distanceLimit) / span);
    if (peak < peakLimit && slope <= slopeLimit) return { exponent, width, peak, slope, shift };
  }
}

function outOfReach(name: string, message: string): EngramError {
  return new EngramError('E0403', `surrogate of population '${name}': ${message}`, {
    fix: ['give it a width of 0.01 to 10 thresholds'],
  });
}
