import { expect, test } from 'vitest';
import { Machine } from '../emulator/core/machine.js';
import { ReferenceBoard } from '../emulator/reference/reference-board.testing.js';
import { compileFor } from '../hil-tests/networks/for-target.js';
import { inputUnits } from '../hil-tests/networks/input-units.js';
import { epropNetwork } from '../hil-tests/networks/learning-core.js';
import { practiceNetwork } from '../hil-tests/networks/practice.js';
import { withFeedbackToNoNeuron, withTaggedStaticBlocks } from '../hil-tests/networks/uncommon-images.js';
import { loadTarget } from '../src/compiler/load-target.js';
import { isEngramError } from '../src/errors/engram-error.js';
import { readImage } from '../src/image/read.js';
import { writeImage } from '../src/image/write.js';
import { drawsOf } from '../src/tasks/draws.js';

/** Images that the format allows and no compiler makes; `engram hil` shows them to the firmware. */

const target = loadTarget('pico');

/** Runs the emulator beside the second reader of docs/core.md: equal state at every tick. */
function compare(machine: Machine, reference: ReferenceBoard): void {
  const draws = drawsOf(5);
  const channels = machine.image.modulators.length;
  for (let tick = 0; tick < 150; tick++) {
    for (const board of [machine, reference])
      if (tick % 20 === 3) board.addReward(tick, Math.floor(tick / 20) % channels, 2 ** 19);
    for (const unit of inputUnits(machine.image))
      if (draws.uniform() < 0.1) for (const board of [machine, reference]) board.addSpike(tick, unit);
    machine.run(1);
    reference.step();
    expect(machine.stateHash(), `state after tick ${tick}`).toBe(reference.stateHash());
  }
}

test('a static block has no tags, whatever its flags say', () => {
  const plain = compileFor(target, practiceNetwork());
  const flagged = withTaggedStaticBlocks(plain.image);
  expect(flagged.image.contentHash).not.toBe(plain.image.contentHash);
  const machine = new Machine(flagged.image);
  compare(machine, new ReferenceBoard(flagged.image));
  expect(machine.checkpoint().length).toBe(new Machine(plain.image).checkpoint().length);
});

test('feedback to a unit without a neuron goes nowhere', () => {
  const plain = compileFor(target, epropNetwork(3));
  const { image } = withFeedbackToNoNeuron(plain.image);
  expect(image.cores[0]!.blocks.length).toBe(plain.image.cores[0]!.blocks.length + 1);
  compare(new Machine(image), new ReferenceBoard(image));
});

test('neuron groups that are not in the order of their units are refused, as the firmware does', () => {
  const { image } = compileFor(target, practiceNetwork());
  const [core] = image.cores;
  const again = core!.neuronGroups[0]!;
  const { neuronCount } = core!.core;
  const starts = Array.from({ length: again.count }, () => core!.routeStart.at(-1)!);
  const bytes = writeImage({
    ...image,
    cores: [
      {
        ...core!,
        core: { ...core!.core, neuronCount: neuronCount + again.count },
        neuronGroups: [...core!.neuronGroups, { ...again, firstNeuron: neuronCount }],
        routeStart: Uint32Array.of(...core!.routeStart, ...starts),
      },
    ],
  });
  let refusal: unknown = null;
  try {
    readImage(bytes);
  } catch (error) {
    refusal = error;
  }
  expect(isEngramError(refusal) && refusal.message).toMatch('not in the order of their units');
});
