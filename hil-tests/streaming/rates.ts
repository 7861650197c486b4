import type { Board } from '../../src/runtime/board.js';
import type { RunResult } from '../../src/runtime/run-output.js';
import { check, same } from '../framework/check.js';
import type { CaseContext } from '../framework/context.js';
import type { HilCase } from '../framework/suite.js';
import { compileFor } from '../networks/for-target.js';
import { metronomeNetwork } from '../networks/metronome.js';
import { relayNetwork } from '../networks/relay.js';

const lines = 100;
const metronomes = 200;
/** Bytes a second that bulk transfers of full-speed USB can carry: 19 packets of 64 bytes a millisecond. */
const fullSpeedBulk = 19 * 64 * 1000;

/** Spikes of a case: more where they come faster. */
const spikesOf = ({ device }: CaseContext) => (device.emulated ? 20_000 : 400_000);

export const rateCases: readonly HilCase[] = [
  {
    name: 'spikes in and out at once: all arrive, in order, each one tick after the one that caused it',
    seconds: 300,
    run: relay,
  },
  {
    name: 'spikes in: all are taken',
    seconds: 300,
    async run(context) {
      const board = await context.board();
      await board.load(compileFor(context.target, relayNetwork(lines)).bytes);
      await board.selectSpikes(0xffff, false);
      const rates = await startRates(context, 'in');
      let sent = 0;
      await pipelined(context, board, spikesOf(context), (batch, { done }) => {
        sent += batch.units.length;
        same([done.spikesIn, done.spikesOut], [batch.units.length, 0], 'spikes in, spikes out');
      });
      await rates.measure({ 'spikes in': sent });
      await nothingDropped(board, sent);
    },
  },
  {
    name: 'spikes out: all come, in order',
    seconds: 300,
    async run(context) {
      const board = await context.board();
      await board.load(compileFor(context.target, metronomeNetwork(metronomes)).bytes);
      const ticks = Math.ceil(spikesOf(context) / metronomes);
      const rates = await startRates(context, 'out');
      const { spikes, complete } = await board.run(ticks);
      check(complete, 'the output of a lockstep run is not complete');
      same(spikes.count, ticks * metronomes, 'spikes that came');
      for (let n = 0; n < spikes.count; n++)
        if (spikes.ticks[n] !== Math.floor(n / metronomes) || spikes.units[n] !== 1 + (n % metronomes))
          same(
            [spikes.ticks[n], spikes.units[n]],
            [Math.floor(n / metronomes), 1 + (n % metronomes)],
            `spike ${n}`,
          );
      await rates.measure({ 'spikes out': spikes.count });
      await nothingDropped(board, 0);
    },
  },
];

async function relay(context: CaseContext): Promise<void> {
  const board = await context.board();
  await board.load(compileFor(context.target, relayNetwork(lines)).bytes);
  const rates = await startRates(context, 'both ways');
  let [sent, came] = [0, 0];
  await pipelined(context, board, spikesOf(context), ({ ticks, units }, { spikes, complete }) => {
    check(complete, 'the output of a lockstep run is not complete');
    sent += ticks.length;
    came += spikes.count;
    same(spikes.count, 2 * ticks.length, 'spikes that came out');
    // Tick by tick: first what its input lines did, then the copies of the tick before.
    const byTick = new Map<number, number[]>();
    const add = (tick: number, unit: number) => byTick.set(tick, [...(byTick.get(tick) ?? []), unit]);
    ticks.forEach((tick, n) => {
      add(tick, units[n]!);
    });
    ticks.forEach((tick, n) => {
      add(tick + 1, lines + units[n]!);
    });
    const expected = [...byTick]
      .sort(([a], [b]) => a - b)
      .flatMap(([tick, at]) => at.map((unit) => [tick, unit]));
    for (const [n, [tick, unit]] of expected.entries())
      if (spikes.ticks[n] !== tick || spikes.units[n] !== unit)
        same([spikes.ticks[n], spikes.units[n]], [tick, unit], `spike ${n} of a run`);
  });
  await rates.measure({ 'spikes in': sent, 'spikes out': came });
  await nothingDropped(board, sent);
}

interface Batch {
  readonly ticks: number[];
  readonly units: number[];
}

/** Runs batch after batch of spikes on every line; while one runs, the next is sent. */
async function pipelined(
  context: CaseContext,
  board: Board,
  total: number,
  look: (batch: Batch, result: RunResult) => void,
): Promise<void> {
  // Two batches are in the queue at a time; a batch ends with a tick without input, for the last copies.
  const length = Math.max(1, Math.min(40, Math.floor(context.limits.capacity / 2 / lines)));
  const batchAt = (from: number): Batch => ({
    ticks: Array.from({ length: length * lines }, (_, n) => from + Math.floor(n / lines)),
    units: Array.from({ length: length * lines }, (_, n) => n % lines),
  });
  let batch = batchAt(board.tick);
  await board.sendSpikes(batch.ticks, batch.units);
  for (let sent = 0; sent < total; sent += batch.ticks.length) {
    const running = board.run(length + 1);
    running.catch(() => {});
    const next = batchAt(batch.ticks[0]! + length + 1);
    await board.sendSpikes(next.ticks, next.units);
    look(batch, await running);
    batch = next;
    context.progress(sent / total, `${sent} spikes`);
  }
}

/** Takes the time and the bytes from now on. */
async function startRates(context: CaseContext, way: string) {
  const clock = await context.clock();
  const before = { ...context.traffic };
  return {
    async measure(counts: Readonly<Record<string, number>>): Promise<void> {
      const seconds = await clock();
      const toBoard = (context.traffic.toBoard - before.toBoard) / seconds;
      const fromBoard = (context.traffic.fromBoard - before.fromBoard) / seconds;
      for (const [name, count] of Object.entries(counts))
        context.measure(`${way}: ${name}`, Math.round(count / seconds), 'spikes/s');
      context.measure(`${way}: bytes to the board`, Math.round(toBoard), 'B/s');
      context.measure(`${way}: bytes from the board`, Math.round(fromBoard), 'B/s');
      if (context.target.usb.length > 0 && (await context.device.cycles()) !== null)
        context.measure(
          `${way}: of the full-speed bulk limit`,
          ((toBoard + fromBoard) / fullSpeedBulk) * 100,
          '%',
        );
    },
  };
}

async function nothingDropped(board: Board, sent: number): Promise<void> {
  const { spikesIn, droppedEvents, droppedRecords, lateEvents } = await board.statistics();
  same([spikesIn, droppedEvents, droppedRecords, lateEvents], [sent, 0, 0, 0], 'spikes in, dropped, late');
}
