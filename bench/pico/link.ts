import { compile } from '../../src/compiler/compile.js';
import type { Target } from '../../src/compiler/target.js';
import { resolveNetwork } from '../../src/network/resolve.js';
import type { Board } from '../../src/runtime/board.js';
import type { Row } from '../rows.js';
import { relayNetwork } from './networks.js';

const lines = 200;
/** 19 packets of 64 bytes in a frame of 1 ms: what full-speed bulk transfers can carry (USB 2.0, table 5-9). */
const bulkBytesPerSecond = 19 * 64 * 1000;
/** On the wire a spike below 65,536 takes two bytes, and each tick four. */
const spikeBytes = 2;

/** Spikes a second over the link in the board's own time, and round trips. */
export async function measureLink(
  board: Board,
  target: Target,
  seconds: () => Promise<number>,
): Promise<Row[]> {
  await board.load(compile(resolveNetwork(relayNetwork(lines)), target).image);
  const timed = async (work: () => Promise<unknown>) => {
    const from = await seconds();
    await work();
    return (await seconds()) - from;
  };

  const batches = 40;
  const perBatch = 800;
  const into = await timed(async () => {
    for (let n = 0; n < batches; n++) {
      const from = board.tick + 1;
      const ticks = Array.from({ length: perBatch }, (_, k) => from + Math.floor(k / lines));
      await board.sendSpikes(
        ticks,
        ticks.map((_, k) => k % lines),
      );
      await board.run(perBatch / lines + 2);
    }
  });
  const silentTicks = batches * (perBatch / lines + 2);
  const empty = await timed(async () => {
    for (let n = 0; n < batches; n++) await board.run(silentTicks / batches);
  });
  const roundTrips = 50;
  const pings = await timed(async () => {
    for (let n = 0; n < roundTrips; n++) await board.ping();
  });
  const both = (2 * batches * perBatch) / into;
  const row = (name: string, value: number, unit: string): Row => ({
    name,
    value: Math.round(value),
    unit,
    goal: null,
    met: null,
  });
  return [
    row('spikes in, as many out, computed and answered', (batches * perBatch) / into, 'spikes/s each way'),
    row('bytes of spikes both ways', both * spikeBytes, 'bytes/s'),
    row('full-speed bulk limit', bulkBytesPerSecond, 'bytes/s'),
    row('of that time in ticks without spikes', (100 * empty) / into, '%'),
    { ...row('round trip of a request', 0, 'ms'), value: Math.round((pings / roundTrips) * 1e5) / 100 },
  ];
}
