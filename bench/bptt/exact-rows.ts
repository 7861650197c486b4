import type { Row } from '../rows.js';
import { relativeDistance } from './compare.js';
import { bptt, patternGradient } from './cosines.js';
import { gradientError } from './finite-difference.js';
import { smallNetwork } from './small-network.js';

/** What must agree: the gradient with finite differences, and e-prop with BPTT where nothing is left out. */
export function exactRows(networks: number): Row[] {
  const worst = (name: string, values: readonly number[], limit: number): Row => {
    const value = Number(Math.max(...values).toPrecision(2));
    return { name, value, unit: 'relative error', goal: `< ${limit}`, met: value < limit };
  };
  const seeds = Array.from({ length: networks }, (_, n) => n + 1);
  return (['lif', 'alif'] as const).flatMap((neuron) => [
    worst(
      `exact/${neuron}/BPTT and finite differences`,
      seeds.map((seed) =>
        gradientError(smallNetwork(seed, { neuron, neurons: 10, steps: 40, spike: 'ramp', refractory: 0 })),
      ),
      1e-6,
    ),
    worst(
      `exact/${neuron}/e-prop and BPTT without recurrence`,
      seeds.flatMap((seed) => {
        const network = smallNetwork(seed, { neuron, recurrent: 0 });
        const eprop = patternGradient(network, { ...bptt, kind: 'eprop' }, 'forwards').gradient;
        const reference = patternGradient(network, bptt).gradient;
        return (['input', 'recurrent', 'output'] as const).map((layer) =>
          relativeDistance(eprop[layer], reference[layer]),
        );
      }),
      1e-12,
    ),
  ]);
}
