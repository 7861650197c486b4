import { describe, expect, test } from 'vitest';
import { Machine } from '../emulator/core/machine.js';
import { ReferenceBoard } from '../emulator/reference/reference-board.testing.js';
import { epropNetwork, replayNetwork } from '../hil-tests/networks/learning-core.js';
import { compile } from '../src/compiler/compile.js';
import { loadTarget } from '../src/compiler/load-target.js';
import { boardWide, modelCodes, variableCodes } from '../src/image/layout.js';
import { readImage } from '../src/image/read.js';
import type { NetworkDescription } from '../src/network/description.js';
import { resolveNetwork } from '../src/network/resolve.js';
import { type Draws, drawsOf } from '../src/tasks/draws.js';

type Board = Pick<Machine, 'addSpike' | 'addReward' | 'addControl'> | ReferenceBoard;

const ticks = 700;
const imageOf = (description: NetworkDescription, cores: number) =>
  readImage(compile(resolveNetwork(description), loadTarget('manycore'), { cores }).image);

/** Bursts of input and silence, rewards on all channels, control events: the same for every board. */
function feed(boards: readonly Board[], tick: number, draws: Draws, image: Machine['image']): void {
  for (const { model, firstUnit, size } of image.populations)
    for (let unit = firstUnit; model === modelCodes.input && unit < firstUnit + size; unit++)
      if (draws.uniform() < (tick % 173 < 60 ? 0.12 : 0.004))
        for (const board of boards) board.addSpike(tick, unit);
  if (draws.uniform() < 0.03) {
    const channel = draws.integer(0, image.modulators.length - 1);
    const value = Math.round((draws.uniform() * 2 - 1) * 2 ** 20);
    for (const board of boards) board.addReward(tick, channel, value);
  }
  if (draws.uniform() < 0.01) {
    const code = draws.integer(1, 4);
    const argument = [0, draws.integer(1, 31), draws.integer(0, 3), draws.integer(0, 1), draws.integer(0, 6)][
      code
    ]!;
    const asked = code === 4 && argument === 6 ? 0xffff : argument;
    for (const board of boards) board.addControl(tick, code, 0xffff, asked);
  }
}

/** The emulator on one core and on several, and the second reader of docs/core.md: equal state at every tick. */
function compare(description: NetworkDescription, seed: number): Machine {
  const machines = [1, 2, 3].map((cores) => new Machine(imageOf(description, cores)));
  const { image } = machines[0]!;
  const reference = new ReferenceBoard(image);
  const draws = drawsOf(seed);
  for (let tick = 0; tick < ticks; tick++) {
    feed([...machines, reference], tick, draws, image);
    const expected = reference.step();
    for (const machine of machines) {
      let spikes: number[] = [];
      machine.run(1, (_tick, units, count) => {
        spikes = [...units.subarray(0, count)];
      });
      expect(spikes, `spikes of tick ${tick}`).toEqual(expected);
      expect(machine.stateHash(), `state before tick ${tick + 1}`).toBe(reference.stateHash());
    }
  }
  return machines[0]!;
}

describe('an independent reader of docs/core.md holds the same state as one, two and three cores', () => {
  test.each([1, 2, 3])('e-prop, with all it takes, seed %i', (seed) => {
    const machine = compare(epropNetwork(seed), seed);
    const before = new Machine(machine.image);
    const { synapseCount } = machine.image.cores[0]!.core;
    const weights = (of: Machine) => [...of.read(0, variableCodes.weight, 0, synapseCount)];
    expect(weights(machine)).not.toEqual(weights(before));
  });

  test.each([
    { earlier: 2, settle: '20 ms' },
    { speed: 4, order: 'reverse', settle: '0 ms', events: 9, opens: ['action'] },
    { earlier: 7, speed: 2, slots: 3, clear: ['membranes', 'traces', 'tags', 'flying', 'modulators'] },
  ] as const)('episodes %j', (episodes) => {
    const machine = compare(replayNetwork(5, episodes as never), 5);
    const [recorded = 0, , replayed = 0] = machine.read(boardWide, variableCodes.episode, 3, 3);
    expect(Math.min(recorded, replayed)).toBeGreaterThan(3);
  });
});
