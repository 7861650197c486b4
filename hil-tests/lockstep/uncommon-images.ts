import { same } from '../framework/check.js';
import type { CaseContext } from '../framework/context.js';
import type { HilCase } from '../framework/suite.js';
import { compileFor, type TestImage } from '../networks/for-target.js';
import { epropNetwork } from '../networks/learning-core.js';
import { practiceNetwork } from '../networks/practice.js';
import { withFeedbackToNoNeuron, withTaggedStaticBlocks } from '../networks/uncommon-images.js';
import { drawOf } from './drawn-set.js';
import { Pair } from './pair.js';
import { drawTraffic } from './traffic.js';

const ticks = 120;

async function play(context: CaseContext, test: TestImage): Promise<void> {
  const { limits, signal, options } = context;
  const pair = await Pair.start({ board: await context.board(), test, ...limits, signal });
  const { script } = drawTraffic(drawOf(options.seed), test.image, ticks);
  await pair.play(script, ticks / 2);
  // Either goes on from the other's checkpoint; they are the same.
  const checkpoint = await pair.board.checkpoint();
  same(checkpoint, pair.machine.checkpoint(), 'checkpoint of the board');
  await pair.board.restore(checkpoint);
  await pair.play(script, ticks);
}

/** What the format allows and no compiler makes: a board must take it as `docs/core.md` says. */
export const uncommonImageCases: readonly HilCase[] = [
  {
    name: 'static blocks with the flags of tags have none, and none in a checkpoint',
    seconds: 300,
    run: async (context) => {
      const { image } = compileFor(context.target, practiceNetwork(context.options.seed));
      await play(context, withTaggedStaticBlocks(image));
    },
  },
  {
    name: 'feedback to a unit that no core has a neuron for goes nowhere',
    seconds: 300,
    run: async (context) => {
      const { image } = compileFor(context.target, epropNetwork(context.options.seed));
      await play(context, withFeedbackToNoNeuron(image));
    },
  },
];
