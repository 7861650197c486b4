import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileGenerated } from '../../../src/compiler/generated.testing.js';
import type { Image } from '../../../src/image/image.js';
import { arbitraryNetwork } from '../../../src/network/arbitrary-network.testing.js';
import { drawsOf } from '../../../src/tasks/draws.js';
import { ModulatorState } from '../modulators.js';
import { CoreState } from '../state.js';
import { BoardKernels } from './board-kernels.js';
import type { BoardMemory } from './board-memory.js';
import { memoryOf } from './memory-of-image.js';

/** Cores on a memory, their axons due at random, and ticks run by the kernels alone. */
function run(image: Image, memory: BoardMemory, seed: number): void {
  const cores = image.cores.map((core) => new CoreState(core, image, memory));
  const modulators = new ModulatorState(image.modulators, memory);
  const delays = cores.map(({ image: { axons } }) => new Uint8Array(axons.length).fill(1));
  const kernels = new BoardKernels(image, cores, modulators, delays, memory, null);
  const counts = { synapticEvents: 0, postEvents: 0, sweptSynapses: 0 };
  const draws = drawsOf(seed);
  for (let tick = 0; tick < 60; tick++) {
    for (const { delayLine, image: core } of cores)
      for (let axon = 0; axon < core.core.axonCount; axon++)
        if (draws.uniform() < 0.2) delayLine.add(axon, tick);
    modulators.m.fill(((tick % 5) - 2) * 200_000);
    modulators.sum.fill(tick * 300_000);
    kernels.wake();
    kernels.tick(tick, true, counts);
    kernels.route();
  }
}

test('kernels write nothing outside the arrays that the board has taken', () => {
  fc.assert(
    fc.property(arbitraryNetwork(), fc.integer({ min: 1, max: 4 }), fc.nat(), (description, cores, seed) => {
      const image = compileGenerated(description, cores);
      fc.pre(image !== null);
      const memory = memoryOf(image, false)!;
      run(image, memory, seed);
      const bytes = new Uint8Array(memory.memory.buffer);
      for (const { address, bytes: length } of memory.taken) bytes.fill(0, address, address + length);
      // What is left is what lies between and behind them: vectors reach there, and must leave it as it was.
      const [first] = memory.taken;
      expect(bytes.subarray(first!.address).findIndex((byte) => byte !== 0)).toBe(-1);
    }),
    { numRuns: 60 },
  );
});
