import type { Target } from '../../src/compiler/target.js';
import { isEngramError } from '../../src/errors/engram-error.js';
import { network } from '../../src/network/builder.js';
import type { NetworkDescription } from '../../src/network/description.js';
import { compileFor, type TestImage } from './for-target.js';

/** Lines and neurons at most, so that a target with much memory is not kept busy for minutes. */
const mostUnits = 256;

/** The largest network of its kind that fits a target: plastic from its input, sparse and static among its neurons. */
export function fillingNetwork(target: Target): TestImage {
  let [fits, tooLarge] = [1, mostUnits + 1];
  let best = compileFor(target, plasticNetwork(fits));
  while (tooLarge - fits > 1) {
    const size = (fits + tooLarge) >>> 1;
    try {
      best = compileFor(target, plasticNetwork(size));
      fits = size;
    } catch (error) {
      if (!isEngramError(error, 'E0401')) throw error;
      tooLarge = size;
    }
  }
  return best;
}

function plasticNetwork(size: number): NetworkDescription {
  const filling = network({ name: 'filling', tick: '1 ms', seed: 3 });
  const input = filling.input('input', size);
  const act = filling.lif('act', {
    size,
    tauMembrane: '20 ms',
    tauSynapse: '5 ms',
    refractory: '2 ms',
    noise: 0.05,
  });
  const reward = filling.modulator('reward', { tau: '100 ms' });
  filling.project(input, act, {
    weight: { distribution: 'uniform', low: 0, high: 6 / size },
    plasticity: { rule: 'rstdp', modulator: reward, weightRange: [0, 12 / size], rate: 1e-3 },
  });
  filling.project(act, act, {
    name: 'among',
    connect: { kind: 'probability', p: 0.05 },
    weight: { distribution: 'uniform', low: -0.2, high: 0.1 },
    delay: { distribution: 'uniform', low: '1 ms', high: '8 ms' },
  });
  filling.probe('act-spikes', act, 'spikes');
  return filling.build();
}
