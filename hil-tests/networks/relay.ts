import { network } from '../../src/network/builder.js';
import type { NetworkDescription } from '../../src/network/description.js';

/** Every input line makes its own neuron spike one tick later; both leave the board. */
export function relayNetwork(size: number): NetworkDescription {
  const relay = network({ name: 'relay', tick: '1 ms', seed: 1 });
  const input = relay.input('input', size);
  const copy = relay.lif('copy', { size, tauMembrane: 'none', threshold: 1, reset: 0 });
  relay.project(input, copy, { connect: 'one-to-one', weight: 1.5 });
  relay.probe('in', input, 'spikes');
  relay.probe('out', copy, 'spikes');
  return relay.build();
}
