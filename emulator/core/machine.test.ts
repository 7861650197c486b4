import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileGenerated } from '../../src/compiler/generated.testing.js';
import { isEngramError } from '../../src/errors/engram-error.js';
import type { Image } from '../../src/image/image.js';
import { blockFlags, boardWide, neuronGroupFlags, variableCodes } from '../../src/image/layout.js';
import { readImage } from '../../src/image/read.js';
import { smallImage } from '../../src/image/small-image.testing.js';
import { writeImage } from '../../src/image/write.js';
import { arbitraryNetwork } from '../../src/network/arbitrary-network.testing.js';
import { drawsOf } from '../../src/tasks/draws.js';
import { ReferenceBoard } from '../reference/reference-board.testing.js';
import { Machine } from './machine.js';

/** What both readers of the specification take. */
interface Driven {
  addSpike(tick: number, unit: number): unknown;
  addReward(tick: number, channel: number, value: number): unknown;
  addControl(tick: number, code: number, population: number, argument: number): unknown;
}

/** Closing and forgetting episodes, and replays of all kinds. */
function episodeControl(draws: ReturnType<typeof drawsOf>): readonly [code: number, argument: number] {
  if (draws.uniform() < 0.3) return [3, draws.uniform() < 0.2 ? 1 : 0];
  return [4, draws.uniform() < 0.3 ? 0xffff : draws.integer(0, 3)];
}

/** Random input for one tick, the same for all boards given. */
function feed(
  boards: readonly Driven[],
  image: Image,
  tick: number,
  draws: ReturnType<typeof drawsOf>,
): void {
  for (const { model, firstUnit, size } of image.populations)
    for (let unit = firstUnit; model === 3 && unit < firstUnit + size; unit++)
      if (draws.uniform() < 0.12) for (const board of boards) board.addSpike(tick, unit);
  if (image.modulators.length > 0 && draws.uniform() < 0.08) {
    const channel = draws.integer(0, image.modulators.length - 1);
    const value = draws.integer(-(2 ** 22), 2 ** 22);
    for (const board of boards) board.addReward(tick, channel, value);
  }
  if (draws.uniform() < 0.03) {
    const population = draws.uniform() < 0.4 ? 0xffff : draws.integer(0, image.populations.length - 1);
    const code = draws.uniform() < 0.7 ? 1 : 2;
    const argument = code === 1 ? draws.integer(0, 31) : draws.integer(0, 1);
    for (const board of boards) board.addControl(tick, code, population, argument);
  }
  // A board without an episodic buffer ignores them.
  if (draws.uniform() < (image.episodes.length > 0 ? 0.05 : 0.01)) {
    const [code, argument] = episodeControl(draws);
    for (const board of boards) board.addControl(tick, code, 0xffff, argument);
  }
}

test('the emulator and an independent reader of docs/core.md hold the same state at every tick', () => {
  let spikes = 0;
  let plasticRuns = 0;
  let [replays, signals, second] = [0, 0, 0];
  fc.assert(
    fc.property(arbitraryNetwork(), fc.nat(), fc.integer({ min: 1, max: 4 }), (description, seed, cores) => {
      const image = compileGenerated(description, cores);
      fc.pre(image !== null);
      const [machine, reference] = [new Machine(image), new ReferenceBoard(image)];
      const draws = drawsOf(seed);
      expect(machine.stateHash()).toBe(reference.stateHash());
      for (let tick = 0; tick < 80; tick++) {
        feed([machine, reference], image, tick, draws);
        const units: number[] = [];
        machine.run(1, (_, list, count) => units.push(...list.subarray(0, count)));
        expect(units, `spikes of tick ${tick}`).toEqual(reference.step());
        expect(machine.stateHash(), `state after tick ${tick}`).toBe(reference.stateHash());
        spikes += units.length;
      }
      plasticRuns += Number(image.rules.length > 0 && machine.statistics.postEvents > 0);
      if (image.episodes.length > 0) replays += machine.read(boardWide, variableCodes.episode, 5, 1)[0]!;
      for (const { neuronGroups, blocks } of image.cores) {
        signals += neuronGroups.filter(({ flags }) => flags & neuronGroupFlags.signal).length;
        second += blocks.filter(({ flags }) => flags & blockFlags.tag2).length;
      }
    }),
    { numRuns: 60 },
  );
  expect(spikes).toBeGreaterThan(1000);
  expect(plasticRuns).toBeGreaterThan(5);
  expect(Math.min(replays, signals, second)).toBeGreaterThan(10);
});

describe('checkpoint', () => {
  test('restored in the middle, into another machine, it goes on bit for bit', () => {
    fc.assert(
      fc.property(arbitraryNetwork(), fc.nat(), (description, seed) => {
        const image = compileGenerated(description, 3);
        fc.pre(image !== null);
        const [first, second] = [new Machine(image), new Machine(image)];
        const draws = drawsOf(seed);
        for (let tick = 0; tick < 70; tick++) {
          feed([first], image, tick, draws);
          first.run(1);
        }
        const checkpoint = first.checkpoint();
        second.restore(checkpoint);
        // What a replay has put off waits in the queue, and that is in no checkpoint.
        if (first.queued > 0) first.restore(checkpoint);
        expect(second.stateHash()).toBe(first.stateHash());
        for (let tick = 70; tick < 140; tick++) {
          feed([first, second], image, tick, draws);
          first.run(1);
          second.run(1);
          expect(second.stateHash()).toBe(first.stateHash());
        }
      }),
      { numRuns: 30 },
    );
  });

  test('a damaged or foreign one is refused and nothing changes', () => {
    const image = readImage(writeImage(smallImage()));
    const machine = new Machine(image);
    machine.addSpike(0, 0);
    machine.run(20);
    const [bytes, hash] = [machine.checkpoint(), machine.stateHash()];
    const refused = (damaged: Uint8Array) => {
      try {
        machine.restore(damaged);
      } catch (error) {
        return isEngramError(error, 'E0901');
      }
      return false;
    };
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const damaged = bytes.slice();
      damaged[bit >>> 3]! ^= 1 << (bit & 7);
      expect(refused(damaged), `bit ${bit}`).toBe(true);
    }
    for (let length = 0; length < bytes.length; length++) expect(refused(bytes.slice(0, length))).toBe(true);
    const other = new Machine(
      readImage(writeImage({ ...smallImage(), network: { ...smallImage().network, seed: 8 } })),
    );
    expect(refused(other.checkpoint())).toBe(true);
    expect(machine.stateHash()).toBe(hash);
  });

  test('reset gives the state of the image', () => {
    const image = readImage(writeImage(smallImage()));
    const machine = new Machine(image);
    const start = machine.stateHash();
    machine.addSpike(3, 1);
    machine.addReward(5, 0, 1 << 20);
    machine.run(30);
    expect(machine.stateHash()).not.toBe(start);
    machine.reset();
    expect(machine.stateHash()).toBe(start);
  });
});

describe('state by variable', () => {
  const image = readImage(writeImage(smallImage()));

  test('what is written is read back and enters the hash', () => {
    const machine = new Machine(image);
    const before = machine.stateHash();
    machine.write(0, 33, 0, Int32Array.of(5, -5, 32767, -32767));
    expect([...machine.read(0, 33, 0, 4)]).toEqual([5, -5, 32767, -32767]);
    expect(machine.stateHash()).not.toBe(before);
  });

  test.each([
    ['a value out of range', 0, 32, 0, [1, 2, -1, 4]],
    ['an index beyond the end', 0, 0, 1, [1, 2]],
    ['a variable that is not there', 0, 40, 0, [1]],
    ['a core that is not there', 1, 0, 0, [1]],
    ['a trace the group does not have', 0, 4, 0, [1]],
    ['a modulator that is not there', 0xffff, 48, 1, [1]],
  ] as const)('%s is refused, and nothing is written', (_, core, variable, first, values) => {
    const machine = new Machine(image);
    const before = machine.stateHash();
    expect(() => machine.write(core, variable, first, Int32Array.from(values))).toThrow(
      expect.objectContaining({ code: 'E0902' }),
    );
    expect(machine.stateHash()).toBe(before);
  });
});

test('events for ticks that have passed are turned away, and double input spikes merged', () => {
  const machine = new Machine(readImage(writeImage(smallImage())));
  machine.run(3);
  expect([machine.addSpike(2, 0), machine.addReward(2, 0, 1), machine.addControl(2, 1, 0, 1)]).toEqual([
    false,
    false,
    false,
  ]);
  expect([machine.addSpike(3, 0), machine.addSpike(3, 0)]).toEqual([true, true]);
  expect(machine.statistics.mergedInputs).toBe(1);
  expect(() => machine.addSpike(3, 2)).toThrow(expect.objectContaining({ code: 'E0902' }));
});
