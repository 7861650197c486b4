import { network } from '../../src/network/builder.js';
import type { NetworkDescription } from '../../src/network/description.js';

/** Neurons that all spike in every tick by themselves, and leave the board. */
export function metronomeNetwork(size: number): NetworkDescription {
  const metronome = network({ name: 'metronome', tick: '1 ms', seed: 1 });
  const input = metronome.input('input', 1);
  const beat = metronome.lif('beat', { size, tauMembrane: 'none', threshold: 1, reset: 0, bias: 1.5 });
  metronome.project(input, beat, { weight: 0.1 });
  metronome.probe('out', beat, 'spikes');
  return metronome.build();
}
