import { noisy } from '../framework/noisy-transport.js';
import type { HilCase } from '../framework/suite.js';
import { drawOf } from '../lockstep/drawn-set.js';
import { Pair } from '../lockstep/pair.js';
import { drawTraffic } from '../lockstep/traffic.js';
import { compileFor } from '../networks/for-target.js';
import { practiceNetwork } from '../networks/practice.js';

/** Faults wanted, and ticks after which there have been enough whatever came. */
const faults = 8;
const mostTicks = 20_000;
/** Few, so that a request is far shorter than the way between two faults: the third try of one is its last. */
const ticksAtOnce = 25;

export const noisyLineCases: readonly HilCase[] = [
  {
    name: 'a line that loses and changes bytes loses nothing of a run',
    seconds: 300,
    async run(context) {
      const draw = drawOf(context.options.seed);
      const test = compileFor(context.target, practiceNetwork());
      await (await context.board()).load(test.bytes);
      const noise = { oneIn: 3000, lost: 0, changed: 0 };
      const board = await context.board(noisy(await context.connect(), draw, noise));
      const pair = await Pair.start({ board, test, ...context.limits, signal: context.signal });
      const { script } = drawTraffic(draw, test.image, mostTicks);
      while (noise.lost + noise.changed < faults && pair.tick < mostTicks) {
        await pair.play(script, pair.tick + ticksAtOnce);
        context.progress((noise.lost + noise.changed) / faults, `${pair.tick} ticks`);
      }
      context.measure('bytes lost', noise.lost, 'bytes');
      context.measure('bytes changed', noise.changed, 'bytes');
      context.measure('ticks', pair.tick, 'ticks');
    },
  },
];
