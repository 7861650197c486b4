import { expect, test } from 'vitest';
import { isEngramError } from '../../src/errors/engram-error.js';
import { readImage } from '../../src/image/read.js';
import { smallImage } from '../../src/image/small-image.testing.js';
import { writeImage } from '../../src/image/write.js';
import { writeCheckpoint } from './checkpoint.js';
import { Episodes } from './episodes.js';
import { Machine } from './machine.js';
import { ModulatorState } from './modulators.js';
import { CoreState } from './state.js';

const image = readImage(writeImage(smallImage()));
const largest = 2 ** 23 - 1;

/** A checkpoint, sound in its sums, of a state that has been changed. */
function forged(change: (core: CoreState, modulators: ModulatorState) => void): Uint8Array {
  const core = new CoreState(image.cores[0]!, image);
  const modulators = new ModulatorState(image.modulators);
  change(core, modulators);
  const clock = { tick: 5, learning: true };
  return writeCheckpoint(
    image.contentHash,
    clock,
    [core],
    modulators,
    new Episodes(image.episodes[0]!, image),
  );
}

const put = (array: { fill(value: number, from: number, to: number): unknown }, at: number, value: number) =>
  array.fill(value, at, at + 1);

test.each<readonly [string, (core: CoreState, modulators: ModulatorState) => unknown]>([
  ['V', ({ v }) => put(v, 1, -largest - 1)],
  ['I', ({ i }) => put(i, 0, largest + 1)],
  ['y1 below 0', ({ y }) => put(y[0]!, 1, -1)],
  ['x1', ({ x }) => put(x[0]!, 0, largest + 1)],
  ['refractory ticks', ({ refractory }) => put(refractory, 1, 4)],
  ['W', ({ weights }) => put(weights, 3, -1)],
  ['T', ({ tags }) => put(tags, 2, -32768)],
  ['T2', ({ tags2 }) => put(tags2, 2, -32768)],
  ['M', (_, { m }) => put(m, 0, largest + 1)],
  ['B', (_, { baseline }) => put(baseline, 0, -largest - 1)],
  ['a spike in flight to an axon that is not there', ({ delayLine }) => delayLine.add(2, 6)],
])('a checkpoint with %s out of range is refused, and nothing changes', (_, change) => {
  const machine = new Machine(image);
  const before = machine.stateHash();
  let error: unknown;
  try {
    machine.restore(forged(change));
  } catch (thrown) {
    error = thrown;
  }
  expect(isEngramError(error, 'E0901')).toBe(true);
  expect(machine.stateHash()).toBe(before);
});

test('a checkpoint with every value at its bound is taken', () => {
  const machine = new Machine(image);
  machine.restore(
    forged(({ v, i, y, x, refractory, weights, tags, tags2, delayLine }, { m, baseline }) => {
      for (const array of [v, i, m, baseline]) array.fill(-largest);
      for (const array of [y[0]!, x[0]!]) array.fill(largest);
      refractory.fill(3);
      weights.fill(32512);
      for (const array of [tags, tags2]) array.fill(-32767);
      delayLine.add(1, 6);
    }),
  );
  expect(machine.tick).toBe(5);
});
