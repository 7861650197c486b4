import { Machine } from '../../emulator/core/machine.js';
import { runDoneFlags } from '../../firmware-protocol/declaration/run.js';
import { stateVariables } from '../../firmware-protocol/declaration/state.js';
import { check, same } from '../framework/check.js';
import type { CaseContext } from '../framework/context.js';
import type { HilCase } from '../framework/suite.js';
import { compileFor, type TestImage } from '../networks/for-target.js';
import { metronomeNetwork } from '../networks/metronome.js';
import { practiceNetwork } from '../networks/practice.js';

const { INCOMPLETE, OVERRUN, HASH } = runDoneFlags.value;
const metronomes = 200;
/** Ticks of a microsecond: more of them for a board that is that fast, or that forgives a lag. */
const shortRuns = [400, 4_000, 40_000, 400_000] as const;

export const limitCases: readonly HilCase[] = [
  {
    name: 'ticks that take longer than they may are counted, and the run says so; the state is the same',
    needs: ['REALTIME'],
    seconds: 120,
    run: overruns,
  },
  {
    name: 'records without credit are dropped, counted, and reported where they are missing; the state is the same',
    needs: ['REALTIME'],
    seconds: 300,
    run: losses,
  },
];

function hashAfter({ image }: TestImage, ticks: number): number {
  const machine = new Machine(image);
  machine.run(ticks);
  return machine.stateHash();
}

async function overruns(context: CaseContext): Promise<void> {
  const test = compileFor(context.target, practiceNetwork());
  const board = await context.board();
  await board.load(test.bytes, { skipSame: true });
  for (const ticks of shortRuns) {
    await board.reset();
    const { done } = await board.runRealtime({ ticks, tickMicroseconds: 1, hash: true });
    same(done.ticksRun, ticks, 'ticks run');
    same(done.hash, hashAfter(test, ticks), `state hash after ${ticks} ticks of 1 µs`);
    same((done.flags & OVERRUN) !== 0, done.overrunTicks > 0, 'flag OVERRUN, beside overrunTicks');
    same((await board.statistics()).overrunTicks, done.overrunTicks, 'overruns in the statistics');
    if (done.overrunTicks === 0) continue;
    context.measure('ticks of 1 µs that overran', done.overrunTicks, `of ${ticks}`);
    context.measure('longest tick', done.worstTick, 'µs');
    return;
  }
  check(false, 'ticks of 1 µs never overran');
}

async function losses(context: CaseContext): Promise<void> {
  const test = compileFor(context.target, metronomeNetwork(metronomes));
  const board = await context.board();
  await board.load(test.bytes);
  const host = await context.host();
  host.autoCredit = false;
  await host.sayHello({ streamWindow: 0 });
  // Samples are dropped at their tick, spikes in batches of several ticks.
  const sample = { probe: 0, core: 0, variable: stateVariables.value.V, first: 0, count: 40, everyTicks: 1 };
  await host.ok('PROBE_SET', sample);
  // A spike takes two bytes: enough to fill what the board keeps, and as much again that is lost.
  const ticks = 200 + Math.ceil(context.facts.info.streamCapacity / metronomes);
  await host.ok('RUN_REALTIME', { ticks, tickMicroseconds: 500, hashEvery: 0, progressEvery: 0, options: 1 });
  for (let tick = 0; tick < ticks; { tick } = await host.ok('PING', {})) {
    context.signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 10));
    context.progress(tick / ticks, `${tick} ticks without credit`);
  }
  host.autoCredit = true;
  await host.credit();
  const output = await host.runOutput();
  const done = output.at(-1)!;
  if (done.name !== 'RUN_DONE') return same(done.name, 'RUN_DONE', 'last record of the run');
  const told = output.flatMap((one) =>
    one.name === 'SPIKES_OUT'
      ? one.fields.groups.map(
          ({ tickOffset, narrow }) => [one.fields.baseTick + tickOffset, narrow.length] as const,
        )
      : [],
  );
  const lost = output.flatMap((one) => (one.name === 'STREAM_LOSS' ? [one.fields] : []));
  const toldSpikes = told.reduce((sum, [, count]) => sum + count, 0);
  const lostSpikes = lost.reduce((sum, { spikes }) => sum + spikes, 0);
  check(lost.length > 0 && lostSpikes > 0, 'STREAM_LOSS is missing', { told: toldSpikes, ticks });
  same([done.fields.flags & INCOMPLETE, done.fields.flags & HASH], [INCOMPLETE, HASH], 'flags of RUN_DONE');
  same(toldSpikes + lostSpikes, ticks * metronomes, 'spikes that came and spikes reported as lost');
  same(done.fields.spikesOut, ticks * metronomes, 'output spikes of RUN_DONE');
  same(
    lost.reduce((sum, { spikes, samples, logs }) => sum + spikes + samples + logs, 0),
    done.fields.droppedRecords,
    'records dropped, by STREAM_LOSS and by RUN_DONE',
  );
  const statistics = await host.expectReply('STATISTICS_READ', {}, 'STATISTICS');
  same(statistics.droppedRecords, done.fields.droppedRecords, 'records dropped in the statistics');
  const byTick = new Map<number, number>();
  for (const [tick, count] of told) byTick.set(tick, (byTick.get(tick) ?? 0) + count);
  const sampled = new Set(output.flatMap((one) => (one.name === 'PROBE_DATA' ? [one.fields.tick] : [])));
  for (let tick = 0; tick < ticks; tick++)
    if (!lost.some(({ firstTick, lastTick }) => tick >= firstTick && tick <= lastTick)) {
      same(byTick.get(tick), metronomes, `spikes of tick ${tick}, of which no loss is reported`);
      check(sampled.has(tick), 'a sample is missing of which no loss is reported', { tick });
    }
  for (const { firstTick } of lost)
    check(
      byTick.get(firstTick) !== metronomes || !sampled.has(firstTick),
      'STREAM_LOSS names a first tick of which nothing is missing',
      { firstTick },
    );
  same(done.fields.hash, hashAfter(test, ticks), 'state hash of a run with losses');
  context.measure('spikes lost without credit', lostSpikes, `of ${ticks * metronomes}`);
}
