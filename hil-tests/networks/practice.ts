import { network } from '../../src/network/builder.js';
import type { NetworkDescription } from '../../src/network/description.js';

/** A small network with something of everything a request can name. Units: input 0 … 19, act 20 … 29, out 30 … 34. */
export function practiceNetwork(seed = 1): NetworkDescription {
  const practice = network({ name: 'practice', tick: '1 ms', seed });
  const input = practice.input('input', 20);
  const act = practice.lif('act', {
    size: 10,
    tauMembrane: '20 ms',
    tauSynapse: '5 ms',
    refractory: '2 ms',
    noise: 0.1,
  });
  const out = practice.lif('out', { size: 5, tauMembrane: '20 ms' });
  const reward = practice.modulator('reward', { tau: '100 ms', baseline: { events: 10 } });
  practice.project(input, act, {
    name: 'input-act',
    weight: 0.25,
    plasticity: { rule: 'rstdp', modulator: reward, weightRange: [0, 0.5], rate: 1e-3 },
  });
  practice.project(act, out, { name: 'act-out', weight: 0.5, delay: '3 ms' });
  practice.probe('act-spikes', act, 'spikes');
  practice.probe('out-spikes', out, 'spikes');
  practice.probe('membrane', act, 'v', { every: '25 ms' });
  return practice.build();
}

export const practiceUnits = { inputs: 20, firstNeuron: 20, neurons: 10 } as const;

/** The same spikes for the same ticks: about one unit in sixteen. */
export function practiceSpikes(from: number, to: number): { ticks: number[]; units: number[] } {
  const ticks: number[] = [];
  const units: number[] = [];
  for (let tick = from; tick < to; tick++)
    for (let unit = 0; unit < practiceUnits.inputs; unit++)
      if (Math.imul(tick * 31 + unit * 17 + 7, 0x9e3779b1) >>> 28 === 3) {
        ticks.push(tick);
        units.push(unit);
      }
  return { ticks, units };
}
