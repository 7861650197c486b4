import { expect, test, vi } from 'vitest';
import type { TermRecord } from '../../../src/image/image.js';
import { eventCodes, factorCodes, modelCodes, noFactor, targetCodes } from '../../../src/image/layout.js';
import { readImage } from '../../../src/image/read.js';
import { smallImage } from '../../../src/image/small-image.testing.js';
import { type ImageContent, writeImage } from '../../../src/image/write.js';
import { Machine } from '../machine.js';

/** Kernels and plain TypeScript on an image that the format just allows. */
function pairOf(content: ImageContent): readonly [quick: Machine, plain: Machine] {
  const image = readImage(writeImage(content));
  return [new Machine(image), new Machine(image, { kernels: 'typescript' })];
}

const term: TermRecord = {
  target: targetCodes.t,
  event: eventCodes.pre,
  factor1: factorCodes.w,
  factor2: factorCodes.w,
  factor3: noFactor,
  mantissa: 1,
  preShift: 0,
  shift: 7,
};

/** A first term that is larger with W = -32768 than with any other factor, and a second that lets it be seen. */
test.each<readonly [string, readonly [TermRecord, TermRecord]]>([
  [
    'the clamp of an increment',
    [term, { ...term, factor1: factorCodes.one, factor2: factorCodes.one, mantissa: -5, shift: 4 }],
  ],
  [
    'the saturation before a third factor',
    [
      { ...term, factor3: factorCodes.one, preShift: 15, shift: 5 },
      { ...term, factor1: factorCodes.one, factor2: factorCodes.one, mantissa: -1, shift: 5 },
    ],
  ],
])('%s with the lowest W that 16 bits hold', (_, terms) => {
  const content = smallImage();
  const [core] = content.cores;
  const pair = pairOf({
    ...content,
    rules: [{ firstTerm: 0, termCount: 2 }],
    terms,
    cores: [
      {
        ...core!,
        blocks: core!.blocks.map((block) => ({ ...block, flags: block.flags & ~4, wMin: -32768 })),
        weights16: Int16Array.of(-32768, -32767, 0, 32512),
      },
    ],
  });
  for (const machine of pair) {
    machine.addSpikes(0, Uint32Array.of(0, 1));
    machine.run(2);
  }
  const [quick, plain] = pair.map((machine) => [...machine.read(0, 33, 0, 4)]);
  expect(plain![0]).not.toBe(0);
  expect(quick).toEqual(plain);
});

test('units that no core has a neuron for take no memory', () => {
  const content = smallImage();
  const size = 2 ** 31 - 1 - content.network.unitCount;
  const [quick, plain] = pairOf({
    ...content,
    network: { ...content.network, unitCount: 2 ** 31 - 1 },
    populations: [
      ...content.populations,
      {
        firstUnit: content.network.unitCount,
        size,
        firstInput: 0,
        model: modelCodes.lif,
        flags: 0,
        reserved: 0,
      },
    ],
  });
  for (const machine of [quick, plain]) {
    machine.addSpikes(0, Uint32Array.of(0, 1));
    machine.run(20);
  }
  expect(quick.stateHash()).toBe(plain.stateHash());
  // One number for each of them would be 8 GiB.
  expect(process.memoryUsage().arrayBuffers).toBeLessThan(2 ** 32);
});

test('where the engine has no memory to give, an image runs in TypeScript', () => {
  class NoMemory {
    constructor() {
      throw new RangeError('could not allocate memory');
    }
  }
  const none = vi.spyOn(WebAssembly, 'Memory').mockImplementation(NoMemory as never);
  try {
    const [quick, plain] = pairOf(smallImage());
    for (const machine of [quick, plain]) machine.run(20);
    expect(none).toHaveBeenCalled();
    expect(quick.stateHash()).toBe(plain.stateHash());
  } finally {
    none.mockRestore();
  }
});
