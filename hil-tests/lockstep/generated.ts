import { fail, same } from '../framework/check.js';
import type { CaseContext } from '../framework/context.js';
import type { HilCase } from '../framework/suite.js';
import { scriptPart } from '../replay/script.js';
import { Coverage, dynamicFeatures, staticFeatures } from './coverage.js';
import { drawnNetwork } from './drawn-set.js';
import { Pair } from './pair.js';
import { drawTraffic } from './traffic.js';
import { askWrong, wrongRequests } from './wrong-requests.js';

/** From so many networks and ticks on, what they do not cover is a failure. */
const enoughNetworks = 30;
const enoughTicks = 200;
const ticksBetweenWrongs = 50;

export const generatedCases: readonly HilCase[] = [
  {
    name: 'generated networks have the emulator’s state after every tick',
    seconds: 7200,
    run: runGenerated,
  },
];

async function runGenerated(context: CaseContext): Promise<void> {
  const { networks, ticks, seed } = context.options;
  const coverage = new Coverage();
  const refused = new Set<string>();
  let [hashes, spikes, asked] = [0, 0, 0];
  const board = await context.board();
  for (let number = 0; number < networks; number++) {
    const { test, draw } = drawnNetwork(context.target, seed, number, coverage);
    const { script, features } = drawTraffic(draw, test.image, ticks);
    coverage.add(features);
    coverage.next();
    const pair = await Pair.start({
      board,
      test,
      ...context.limits,
      signal: context.signal,
      onTick: (machine) => coverage.watch(machine),
    });
    for (let tick = 0; tick < ticks; tick += ticksBetweenWrongs) {
      const end = Math.min(ticks, tick + ticksBetweenWrongs);
      await pair.play(scriptPart(script, tick, end), end);
      const wrong = await askWrong(pair, asked++);
      if (wrong !== null) refused.add(wrong);
    }
    same(await board.checkpoint(), pair.machine.checkpoint(), 'checkpoint of the board');
    hashes += pair.hashesCompared;
    spikes += pair.spikesCompared;
    context.progress((number + 1) / networks, `${number + 1} networks, ${hashes} hashes`);
  }
  context.measure('state hashes compared', hashes, 'hashes');
  context.measure('spikes compared', spikes, 'spikes');
  reportCoverage(context, coverage, refused);
}

function reportCoverage(context: CaseContext, coverage: Coverage, refused: ReadonlySet<string>): void {
  const all = staticFeatures.length + dynamicFeatures.length;
  const missing = [
    ...coverage.missing(),
    ...wrongRequests.map(({ name }) => name).filter((name) => !refused.has(name)),
  ];
  context.measure('features covered', all - coverage.missing().length, `of ${all}`);
  context.measure('refusals covered', refused.size, `of ${wrongRequests.length}`);
  const { networks, ticks } = context.options;
  if (missing.length > 0 && networks >= enoughNetworks && ticks >= enoughTicks)
    fail('the generated networks do not cover everything', { missing });
}
