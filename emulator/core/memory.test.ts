import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileGenerated } from '../../src/compiler/generated.testing.js';
import type { Image } from '../../src/image/image.js';
import { modelCodes } from '../../src/image/layout.js';
import { arbitraryNetwork } from '../../src/network/arbitrary-network.testing.js';
import { drawsOf } from '../../src/tasks/draws.js';
import { Machine } from './machine.js';

/**
 * Every typed array that the emulator makes or is given is wrapped for this test, so that a read or write outside it
 * throws instead of giving `undefined` or being lost.
 */
type Numbers = Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array;

let outside = 0;

function guarded<A extends Numbers>(array: A): A {
  const check = (name: string | symbol) => {
    if (typeof name !== 'string' || !/^-?\d+$|^NaN$|^undefined$/.test(name)) return;
    if (!(Number(name) >= 0 && Number(name) < array.length)) outside++;
  };
  return new Proxy(array, {
    get(target, name) {
      check(name);
      const value = Reflect.get(target, name, target) as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
    set(target, name, value) {
      check(name);
      return Reflect.set(target, name, value, target);
    },
  });
}

/** Replaces the constructors for the time of `run`. */
function withGuardedArrays<T>(run: () => T): T {
  const names = [
    'Int8Array',
    'Uint8Array',
    'Int16Array',
    'Uint16Array',
    'Int32Array',
    'Uint32Array',
  ] as const;
  const originals = names.map((name) => globalThis[name]);
  names.forEach((name, n) => {
    const Original = originals[n]! as new (...args: unknown[]) => Numbers;
    const Guarded = new Proxy(Original, {
      construct: (target, args) => guarded(Reflect.construct(target, args) as Numbers),
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (name !== 'from' && name !== 'of') return value;
        return (...args: unknown[]) => guarded(Reflect.apply(value as () => Numbers, target, args));
      },
    });
    Object.assign(globalThis, { [name]: Guarded });
  });
  try {
    return run();
  } finally {
    names.forEach((name, n) => {
      Object.assign(globalThis, { [name]: originals[n] });
    });
  }
}

function guardImage(image: Image): Image {
  const guardAll = <T extends object>(object: T): T =>
    Object.fromEntries(
      Object.entries(object).map(([name, value]) => [
        name,
        ArrayBuffer.isView(value) ? guarded(value as Numbers) : value,
      ]),
    ) as T;
  return { ...guardAll(image), cores: image.cores.map(guardAll) };
}

test('the guard sees a stray access', () => {
  const array = guarded(new Int32Array(2));
  outside = 0;
  array[1] = 5;
  expect([array[1], array[2], outside]).toEqual([5, undefined, 1]);
});

test('compile, then emulate: no access outside any array', () => {
  outside = 0;
  let events = 0;
  fc.assert(
    fc.property(arbitraryNetwork(), fc.integer({ min: 1, max: 5 }), fc.nat(), (description, cores, seed) => {
      const image = compileGenerated(description, cores);
      fc.pre(image !== null);
      const draws = drawsOf(seed);
      withGuardedArrays(() => {
        const machine = new Machine(guardImage(image), { kernels: 'typescript' });
        for (let tick = 0; tick < 40; tick++) {
          for (const { model, firstUnit, size } of image.populations)
            for (let n = 0; model === modelCodes.input && n < size; n++)
              if (draws.uniform() < 0.2) machine.addSpike(tick, firstUnit + n);
          if (image.modulators.length > 0 && tick % 10 === 5) machine.addReward(tick, 0, 1 << 20);
          if (tick === 20) machine.addControl(tick, 1, 0xffff, 31);
          if (tick === 22) machine.addControl(tick, 4, 0xffff, 0);
          machine.run(1);
        }
        machine.stateHash();
        machine.restore(machine.checkpoint());
        events += machine.statistics.synapticEvents;
      });
      expect(outside).toBe(0);
    }),
    { numRuns: 40 },
  );
  expect(events).toBeGreaterThan(1000);
});
