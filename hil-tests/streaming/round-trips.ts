import { check, same } from '../framework/check.js';
import type { CaseContext } from '../framework/context.js';
import type { HilCase } from '../framework/suite.js';
import { compileFor } from '../networks/for-target.js';
import { relayNetwork } from '../networks/relay.js';

const rounds = 200;
const lines = 10;

export const roundTripCases: readonly HilCase[] = [
  {
    name: 'the round trip of a request',
    async run(context) {
      const board = await context.board();
      await measure(context, 'round trip', async () => {
        await board.ping();
      });
    },
  },
  {
    name: 'the round trip of a closed loop: spikes in, a tick, spikes out',
    async run(context) {
      const board = await context.board();
      await board.load(compileFor(context.target, relayNetwork(lines)).bytes);
      await measure(context, 'closed loop', async () => {
        await board.sendSpikes([board.tick], [3]);
        const { spikes } = await board.run(2);
        same([...spikes.units], [3, lines + 3], 'spikes that came out');
      });
      check(board.tick === 2 * rounds, 'ticks were lost', { tick: board.tick });
    },
  },
];

/** Mean by the board's clock where its cycles are counted, else the median and the slowest in a hundred. */
async function measure(context: CaseContext, name: string, once: () => Promise<void>): Promise<void> {
  const clock = await context.clock();
  const times: number[] = [];
  for (let n = 0; n < rounds; n++) {
    const start = performance.now();
    await once();
    times.push((performance.now() - start) * 1000);
  }
  const mean = ((await clock()) * 1e6) / rounds;
  times.sort((a, b) => a - b);
  const byBoard = (await context.device.cycles()) !== null;
  const middle = byBoard ? mean : times[rounds >> 1]!;
  context.measure(name, Math.round(middle), byBoard ? 'µs of the board’s clock, mean' : 'µs, median');
  if (!byBoard)
    context.measure(`${name}, slowest of a hundred`, Math.round(times[Math.floor(rounds * 0.99)]!), 'µs');
  context.measure(`${name}, in ticks of 1 ms`, Math.round(middle / 10) / 100, 'ticks');
}
