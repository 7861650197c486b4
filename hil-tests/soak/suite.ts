import { same } from '../framework/check.js';
import type { CaseContext } from '../framework/context.js';
import { suite } from '../framework/suite.js';
import { Coverage } from '../lockstep/coverage.js';
import { drawnNetwork } from '../lockstep/drawn-set.js';
import { Pair } from '../lockstep/pair.js';
import { drawTraffic } from '../lockstep/traffic.js';

const ticksEach = 500;

/** The same board, on and on. */
export const soak = suite('soak', 'image after image, for as long as asked', [
  {
    name: 'random networks, traffic, checkpoints and new sessions leave nothing behind',
    seconds: 7200,
    run,
  },
]);

async function run(context: CaseContext): Promise<void> {
  const { options, target, signal, limits } = context;
  const coverage = new Coverage();
  const end = performance.now() + options.soak * 1000;
  let [networks, ticks] = [0, 0];
  let first: Awaited<ReturnType<typeof play>> | null = null;
  do {
    // Every few images the first once more: nothing may have been left behind by what came between.
    const number = networks % 4 === 3 ? 0 : networks;
    const played = await play(number);
    if (number === 0) {
      if (first) same(played, first, 'the first image, once more: state hash, free memory');
      first = played;
    }
    networks++;
    ticks += ticksEach;
    context.progress(
      Math.min(1, 1 - (end - performance.now()) / (options.soak * 1000)),
      `${networks} networks`,
    );
  } while (performance.now() < end || networks < 4);
  context.measure('networks', networks, 'networks');
  context.measure('ticks', ticks, 'ticks');

  async function play(number: number): Promise<{ hash: number; free: number }> {
    const board = await context.board();
    const { test, draw } = drawnNetwork(
      target,
      options.seed + 1,
      number,
      number === 0 ? new Coverage() : coverage,
    );
    const { script } = drawTraffic(draw, test.image, ticksEach);
    const pair = await Pair.start({ board, test, ...limits, hashEvery: 64, signal });
    await pair.play(script, ticksEach);
    const statistics = await board.statistics();
    same(
      [statistics.ticks, statistics.droppedEvents, statistics.droppedRecords, statistics.lateEvents],
      [ticksEach, 0, 0, 0],
      'statistics: ticks, events and records dropped, late events',
    );
    const link = await context.link();
    const info = (await link.request('INFO', {})).fields as { memoryFree: number };
    return { hash: pair.machine.stateHash(), free: info.memoryFree };
  }
}
