import type { Target } from '../../src/compiler/target.js';
import { network } from '../../src/network/builder.js';
import type { NetworkDescription } from '../../src/network/description.js';

/** A network whose synapses alone need more than so many bytes. */
export function largeNetwork(bytes: number): NetworkDescription {
  const size = Math.ceil(Math.sqrt(bytes * 1.1));
  const large = network({ name: 'large', tick: '1 ms', seed: 1 });
  const input = large.input('input', size);
  const act = large.lif('act', { size, tauMembrane: '20 ms' });
  large.project(input, act, { weight: 0.001 });
  return large.build();
}

/** The same target without its limits, for images that do not fit it. */
export function unlimited(target: Target): Target {
  return {
    ...target,
    perCore: { neurons: 65_536, axons: 1 << 20, synapses: 2 ** 30, memoryBytes: 2 ** 30 },
    imageBytes: 2 ** 30,
  };
}
