import { compile } from '../../src/compiler/compile.js';
import type { Target } from '../../src/compiler/target.js';
import { resolveNetwork } from '../../src/network/resolve.js';
import type { Board } from '../../src/runtime/board.js';
import type { Row } from '../rows.js';
import { busyNetwork, relayNetwork } from './networks.js';

const lines = 200;
/** 19 packets of 64 bytes in a frame of 1 ms: what full-speed bulk transfers can carry (USB 2.0, table 5-9). */
const bulkBytesPerSecond = 19 * 64 * 1000;
const spikesPerBatch = 800;
const batches = 30;

interface Flow {
  /** Spikes a second of the board's time. */
  readonly rate: number;
  /** Share of that time that ticks took; the rest is the link. */
  readonly ticking: number;
}

/** Spikes a second over the link, in the board's own time, and the round trip of a request. */
export async function measureLink(
  board: Board,
  target: Target,
  seconds: () => Promise<number>,
): Promise<Row[]> {
  const load = (description: Parameters<typeof resolveNetwork>[0]) =>
    board.load(compile(resolveNetwork(description), target).image);
  const timed = async (spikes: number, work: () => Promise<unknown>): Promise<Flow> => {
    await board.clearStatistics();
    const from = await seconds();
    await work();
    const taken = (await seconds()) - from;
    const { cyclesLow, cyclesHigh } = await board.statistics();
    const ticking = (cyclesHigh * 2 ** 32 + cyclesLow) / target.clockHz;
    return { rate: spikes / taken, ticking: ticking / taken };
  };

  await load(relayNetwork(lines));
  await board.selectSpikes(0xffff, false);
  const into = await timed(batches * spikesPerBatch, () => sendBatches(board));
  await board.selectSpikes(1, true);
  const both = await timed(batches * spikesPerBatch, () => sendBatches(board));
  await load(busyNetwork(lines));
  const ticks = 100;
  const out = await timed(ticks * lines, () => board.run(ticks));
  const roundTrips = 50;
  const pings = await timed(roundTrips, async () => {
    for (let n = 0; n < roundTrips; n++) await board.ping();
  });

  const row = (name: string, value: number, unit: string): Row => ({
    name,
    value: value < 10 ? Math.round(value * 100) / 100 : Math.round(value),
    unit,
    goal: null,
    met: null,
  });
  const flow = (name: string, { rate, ticking }: Flow, bytes: number): Row[] => [
    row(name, rate, 'spikes/s'),
    row(`${name}: of the bulk limit`, (100 * rate * bytes) / bulkBytesPerSecond, '%'),
    row(`${name}: time in ticks`, 100 * ticking, '%'),
  ];
  // A spike takes two bytes on the wire.
  return [
    ...flow('spikes in', into, 2),
    ...flow('spikes out', out, 2),
    ...flow('spikes in and out again', both, 4),
    row('round trip of a request', 1000 / pings.rate, 'ms'),
    row('round trip of a request in ticks of 1 ms', 1000 / pings.rate, 'ticks'),
  ];
}

/** Every line in every tick, a few ticks at a time. */
async function sendBatches(board: Board): Promise<void> {
  const ticksPerBatch = spikesPerBatch / lines;
  for (let n = 0; n < batches; n++) {
    const from = board.tick;
    const units = Array.from({ length: spikesPerBatch }, (_, k) => k % lines);
    await board.sendSpikes(
      units.map((_, k) => from + Math.floor(k / lines)),
      units,
    );
    await board.run(ticksPerBatch);
  }
}
