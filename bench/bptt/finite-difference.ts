import { relativeDistance } from './compare.js';
import { bptt, patternGradient } from './cosines.js';
import type { SmallNetwork } from './small-network.js';

/** How far a weight is moved either way. */
const step = 1e-5;

/**
 * Central differences of the loss by every weight, against the gradient by BPTT: length of the difference over the
 * length of the gradient, the worst of the three layers. The network must be of the `ramp` kind.
 */
export function gradientError(network: SmallNetwork): number {
  const { gradient } = patternGradient(network, bptt);
  const { neurons } = network.model;
  return Math.max(
    ...(['input', 'recurrent', 'output'] as const).map((layer) => {
      const values = network.weights[layer];
      const differences = Float64Array.from(values, (value, n) => {
        if (layer === 'recurrent' && n % neurons === Math.floor(n / neurons)) return 0;
        const lossAt = (moved: number) => {
          values[n] = moved;
          const { loss } = patternGradient(network, bptt);
          values[n] = value;
          return loss;
        };
        return (lossAt(value + step) - lossAt(value - step)) / (2 * step);
      });
      return relativeDistance(differences, gradient[layer]);
    }),
  );
}
