import { Machine } from '../../emulator/core/machine.js';
import { checkpointHeaderLayout } from '../../src/image/checkpoint-layout.js';
import { crc32 } from '../../src/image/checksum.js';
import type { Image } from '../../src/image/image.js';
import { readRecord, writeRecord } from '../../src/image/record.js';
import type { BareHost } from '../framework/bare-host.js';
import { check, same } from '../framework/check.js';
import type { CaseContext } from '../framework/context.js';
import type { HilCase } from '../framework/suite.js';
import { practiceUnits } from '../networks/practice.js';
import { endStuckRun, loadedHost, reached, runFields, spikesAt, startStuckRun, upload } from './loaded.js';

const lastTick = 0xffff_ffff;

/** docs/wire.md, Running: what a run tells when a host does something in the middle of it, and where runs end. */
export const interventionCases: readonly HilCase[] = [
  {
    name: 'counters cleared in a run do not change what RUN_DONE tells of it',
    run: clearInRun,
  },
  {
    name: 'a new session with smaller frames gets no larger ones of a run that goes on',
    needs: ['REALTIME'],
    run: smallerFrames,
  },
  {
    name: 'a run without end ends with the last tick, and behind it every run is TICK_LIMIT',
    needs: ['REALTIME'],
    run: endlessAtTheEnd,
  },
];

async function clearInRun(context: CaseContext): Promise<void> {
  const { host } = await loadedHost(context);
  await host.ok('SPIKES_IN', spikesAt([0, 1, 2].map((tick) => [tick, 0] as const)));
  await host.ok('RUN_LOCKSTEP', { ...runFields, ticks: 5 });
  await host.runOutput();
  await host.ok('SPIKES_IN', spikesAt([5, 6].map((tick) => [tick, 0] as const)));
  await startStuckRun(host);
  const stuckAt = await standing(host);
  check(stuckAt > 7, 'the run stands still before its spikes', { tick: stuckAt });
  await host.ok('STATISTICS_CLEAR', {});
  const cleared = await host.expectReply('STATISTICS_READ', {}, 'STATISTICS');
  same([cleared.spikesIn, cleared.ticks], [0, 0], 'spikesIn, ticks of the statistics, cleared');
  const done = await endStuckRun(host);
  same(done.ticksRun, done.tick - 5, 'ticksRun');
  const { spikesIn, duplicateSpikes, lateEvents, overrunTicks } = done;
  same(
    { spikesIn, duplicateSpikes, lateEvents, overrunTicks },
    { spikesIn: 2, duplicateSpikes: 0, lateEvents: 0, overrunTicks: 0 },
    'counters of RUN_DONE',
  );
}

/** Waits until a run stands still; gives its tick. */
async function standing(host: BareHost): Promise<number> {
  for (let before = -1; ; ) {
    const { tick } = await host.ok('PING', {});
    if (tick === before) return tick;
    before = tick;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function smallerFrames(context: CaseContext): Promise<void> {
  const { host } = await loadedHost(context);
  await host.ok('SPIKES_SELECT', { population: 0xffff, on: 1 });
  // Few enough for any board's queue.
  const narrow = Array.from({ length: practiceUnits.inputs / 4 }, (_, unit) => unit);
  for (const baseTick of [0, 20, 40])
    await host.ok('SPIKES_IN', {
      baseTick,
      groups: Array.from({ length: 20 }, (_, tickOffset) => ({ tickOffset, narrow, wide: [] })),
    });
  await host.ok('RUN_REALTIME', { ...runFields, ticks: 0, tickMicroseconds: 4000, hashEvery: 1 });
  // Hashes of so many ticks wait for their frame to be full, and are more than a small one holds.
  await reached(host, 50, context.signal);
  host.session = host.session === 1 ? 2 : host.session - 1;
  await host.sayHello({ maxPayload: 256 });
  await host.ok('STOP', {});
  const sizes = (await host.runOutput()).map(({ bytes }) => bytes);
  check(Math.max(...sizes) <= 256, 'a frame is larger than the session allows', { sizes });
}

async function endlessAtTheEnd(context: CaseContext): Promise<void> {
  const { host, image } = await loadedHost(context);
  const told = await upload(host, checkpointAt(image, lastTick - 2), image.contentHash, { kind: 2 });
  same(told.name, 'OK', 'answer to a checkpoint two ticks before the end');
  const endless = { ...runFields, ticks: 0, tickMicroseconds: 1000 };
  await host.ok('RUN_REALTIME', endless);
  const { ticksRun, tick } = await host.stream('RUN_DONE');
  same([ticksRun, tick], [2, lastTick], 'ticksRun, tick of a run without end');
  same(await host.refused('RUN_REALTIME', endless, 'TICK_LIMIT'), 0, 'ticks left');
  same(await host.refused('RUN_LOCKSTEP', runFields, 'TICK_LIMIT'), 0, 'ticks left');
  await host.ok('RESET', {});
}

/** A checkpoint of the image's first state, with the clock at another tick. */
function checkpointAt(image: Image, tick: number): Uint8Array {
  const bytes = new Uint8Array(new Machine(image).checkpoint());
  const view = new DataView(bytes.buffer);
  const header = { ...readRecord(checkpointHeaderLayout, view, 0), tick };
  writeRecord(checkpointHeaderLayout, view, 0, header);
  const headerCrc = crc32(bytes.subarray(0, 28));
  writeRecord(checkpointHeaderLayout, view, 0, { ...header, headerCrc });
  return bytes;
}
