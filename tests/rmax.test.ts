import { expect, test } from 'vitest';
import { Machine } from '../emulator/core/machine.js';
import { compile } from '../src/compiler/compile.js';
import { loadTarget } from '../src/compiler/load-target.js';
import { variableCodes } from '../src/image/layout.js';
import { readImage } from '../src/image/read.js';
import { resolveNetwork } from '../src/network/resolve.js';

/**
 * `rmax` takes h for the chance of a spike. So spikes by h must not depend on how strongly a neuron is driven, if its
 * window is as wide as its noise. The tags count both: h in t, spikes in t2.
 */
test.each([0.03, 0.035, 0.04, 0.045, 0.05, 0.06])('spikes by h, with a bias of %f a tick', (bias) => {
  const network = resolveNetwork({
    engram: 1,
    name: 'escape',
    populations: {
      input: { model: 'input', size: 1 },
      cell: { model: 'lif', size: 1, bias, noise: 0.2, surrogate: { width: 0.2, dampening: 1 } },
    },
    rules: {
      count: {
        dt: 'h*h0',
        dt2: 'y0',
        dw: '0*w',
        tag: { tau: 'none', range: 20_000 },
        tag2: { tau: 'none', range: 20_000 },
      },
    },
    projections: {
      count: { from: 'input', to: 'cell', weight: 0.1, plasticity: { rule: 'count', weightRange: [0, 1] } },
    },
  });
  const image = readImage(compile(network, loadTarget('pico')).image);
  const machine = new Machine(image);
  machine.run(20_000);
  const { tagExponent, tag2Exponent } = image.host.projections[0]!;
  const chance = machine.read(0, variableCodes.tag, 0, 1)[0]! * 2 ** tagExponent!;
  const spikes = machine.read(0, variableCodes.tag2, 0, 1)[0]! * 2 ** tag2Exponent!;
  expect(spikes).toBeGreaterThan(200);
  expect(spikes / chance).toBeGreaterThan(0.32);
  expect(spikes / chance).toBeLessThan(0.45);
});
