import { Machine } from '../emulator/core/machine.js';
import { compile } from '../src/compiler/compile.js';
import { loadTarget } from '../src/compiler/load-target.js';
import { readImage } from '../src/image/read.js';
import type { NetworkDescription } from '../src/network/description.js';
import { resolveNetwork } from '../src/network/resolve.js';
import { banditNetwork } from '../src/tasks/delayed-bandit/network.js';
import { banditOptions } from '../src/tasks/delayed-bandit/options.js';
import { printRows, type Row } from './rows.js';

/** `npm run bench:quiet`: ticks a second of the emulator while nothing happens, in the network of the delayed bandit. */
const noisy = banditNetwork(banditOptions.parse({}));
const { noise: _, ...action } = noisy.populations.action as { model: 'lif'; size: number; noise: number };
const silent: NetworkDescription = { ...noisy, populations: { ...noisy.populations, action } };

/** Ticks a second of the processor's time over runs of `span` ticks, after a cue and a reward have been. */
function ticksPerSecond(network: NetworkDescription, span: number): number {
  const machine = new Machine(readImage(compile(resolveNetwork(network), loadTarget('pico')).image));
  for (let tick = 0; tick < 200; tick += 2) machine.addSpike(tick, tick % 10);
  machine.addReward(300, 0, 2 ** 20);
  machine.run(2000);
  const seconds = () => process.cpuUsage().user / 1e6;
  const start = seconds();
  let ticks = 0;
  do for (const end = ticks + Math.max(span, 20_000); ticks < end; ticks += span) machine.run(span);
  while (seconds() - start < 1);
  return ticks / (seconds() - start);
}

const row = (name: string, network: NetworkDescription, span: number, goal: number | null): Row => {
  const value = Math.round(ticksPerSecond(network, span) / 1e5) / 10;
  const met = goal === null ? null : value >= goal;
  return { name, value, unit: 'million ticks/s', goal: goal === null ? null : `>= ${goal}`, met };
};
printRows([
  row('noise/tick by tick', noisy, 1, null),
  row('noise/spans of 1 s', noisy, 1000, 5),
  row('noise/spans of 1 h', noisy, 3_600_000, 5),
  row('no noise/spans of 1 s', silent, 1000, null),
  row('no noise/spans of 1 h', silent, 3_600_000, 100),
]);
