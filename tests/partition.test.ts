import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Machine } from '../emulator/core/machine.js';
import { compileGenerated } from '../src/compiler/generated.testing.js';
import { arbitraryNetwork } from '../src/network/arbitrary-network.testing.js';
import { resolveNetwork } from '../src/network/resolve.js';
import { driveAlike } from './drive.testing.js';

/** One core or many: the same spikes, the same state at every tick, and so the same weights. */
test('1 core and 8 cores give the same spikes, states and weights on generated networks', () => {
  let spikes = 0;
  let spread = 0;
  fc.assert(
    fc.property(arbitraryNetwork(), fc.nat(), (description, seed) => {
      const images = [1, 2, 3, 8].map((cores) => compileGenerated(description, cores));
      fc.pre(images[0] !== null);
      const machines = images.map((image) => new Machine(image!));
      spikes += driveAlike(machines, resolveNetwork(description), { ticks: 150, seed });
      spread = Math.max(spread, images[3]!.cores.length);
    }),
    { numRuns: 50 },
  );
  expect(spread).toBe(8);
  expect(spikes).toBeGreaterThan(1000);
});
