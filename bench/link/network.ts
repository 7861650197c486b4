import { network } from '../../src/network/builder.js';
import type { NetworkDescription } from '../../src/network/description.js';

/** Input lines whose spikes leave the board again in the same tick; one readout beside them, so that little is computed. */
export function echoNetwork(size: number): NetworkDescription {
  const net = network({ name: 'echo', tick: '1 ms', seed: 1 });
  const input = net.input('input', size);
  const sink = net.readout('sink', { size: 1, tauMembrane: '20 ms' });
  net.project(input, sink, { weight: 0.0005 });
  net.probe('out', input, 'spikes');
  return net.build();
}
