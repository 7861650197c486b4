import { Machine } from '../../emulator/core/machine.js';
import { controlCodes } from '../../firmware-protocol/declaration/events.js';
import { runDoneFlags } from '../../firmware-protocol/declaration/run.js';
import { check, same } from '../framework/check.js';
import type { CaseContext } from '../framework/context.js';
import type { HilCase } from '../framework/suite.js';
import { compileFor } from '../networks/for-target.js';
import { practiceNetwork, practiceSpikes } from '../networks/practice.js';
import { relayNetwork } from '../networks/relay.js';

const lines = 20;
/** Long enough that a host on a slow line still talks while the run is on. */
const calmTick = 20_000;
const { HASH } = runDoneFlags.value;

export const inputCases: readonly HilCase[] = [
  {
    name: 'input sent ahead does what it does in lockstep',
    needs: ['REALTIME'],
    run: ahead,
  },
  {
    name: 'late events act at the next tick and are counted',
    needs: ['REALTIME'],
    run: late,
  },
];

async function ahead(context: CaseContext): Promise<void> {
  const test = compileFor(context.target, practiceNetwork());
  const board = await context.board();
  await board.load(test.bytes, { skipSame: true });
  await board.reset();
  const ticks = 60;
  const input = practiceSpikes(0, ticks);
  await board.sendSpikes(input.ticks, input.units);
  await board.reward([{ tick: 30, channel: 0, value: 1 }]);
  const { done, spikes } = await board.runRealtime({ ticks, tickMicroseconds: 2000, hash: true });
  const machine = new Machine(test.image);
  input.ticks.forEach((tick, n) => {
    machine.addSpike(tick, input.units[n]!);
  });
  machine.addReward(30, 0, 2 ** 20);
  const expected: [number, number][] = [];
  machine.run(ticks, (tick, units, count) => {
    for (let n = 0; n < count; n++) expected.push([tick, units[n]!]);
  });
  same([done.flags & HASH, done.hash], [HASH, machine.stateHash()], 'state hash of the run');
  same(done.lateEvents, 0, 'late events');
  const found = Array.from(spikes.ticks, (tick, n) => [tick, spikes.units[n]]);
  same(found, expected, 'spikes that came out');
}

async function late(context: CaseContext): Promise<void> {
  const test = compileFor(context.target, relayNetwork(lines));
  const board = await context.board();
  await board.load(test.bytes, { skipSame: true });
  await board.reset();
  const ticks = 100;
  const running = board.runRealtime({ ticks, tickMicroseconds: calmTick, hash: true });
  running.catch(() => {});
  while (board.tick < 5) {
    context.signal.throwIfAborted();
    // A board in this process runs its ticks while this one waits, and not while it answers.
    await new Promise((resolve) => setTimeout(resolve, 5));
    await board.ping();
  }
  const begun = board.tick;
  await board.sendSpikes([0, 2], [4, 9]);
  // It changes nothing, so that the state does not hang on the tick at which it acts.
  await board.control([{ tick: 1, code: controlCodes.value.LEARN, population: 0, argument: 1 }]);
  const { done, spikes } = await running;
  same([done.lateEvents, done.spikesIn], [3, 2], 'late events, spikes in');
  const inputs = Array.from(spikes.ticks, (tick, n) => ({ tick, unit: spikes.units[n]! })).filter(
    ({ unit }) => unit < lines,
  );
  same(
    inputs.map(({ unit }) => unit).sort((a, b) => a - b),
    [4, 9],
    'units of the late spikes',
  );
  for (const { tick } of inputs)
    check(tick >= begun && tick < ticks, 'a late spike acted in a tick that had passed', { tick, begun });
  // At the ticks the board says, the same input in lockstep gives the same state: spikes, copies and all.
  const machine = new Machine(test.image);
  for (const { tick, unit } of inputs) machine.addSpike(tick, unit);
  machine.run(ticks);
  same(done.hash, machine.stateHash(), 'state hash, with the spikes at the ticks the board says');
  same((await board.statistics()).lateEvents, 3, 'late events in the statistics');
}
