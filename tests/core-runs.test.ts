import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Machine } from '../emulator/core/machine.js';
import { messages } from '../firmware-protocol/declaration/messages.js';
import { helloFlags, helloReplyFlags } from '../firmware-protocol/declaration/session.js';
import { transferKinds } from '../firmware-protocol/declaration/upload.js';
import { runFields, spikesAt, upload } from '../hil-tests/conformance/loaded.js';
import { BareHost } from '../hil-tests/framework/bare-host.js';
import { loadTarget } from '../src/compiler/load-target.js';
import { crc32 } from '../src/image/checksum.js';
import { readImage } from '../src/image/read.js';
import { inputs, learningImage } from '../src/runtime/board.testing.js';
import type { StartedBoard } from '../src/runtime/board-kind.js';
import { posixKind } from '../targets/posix/board.js';

/** Runs of the C core where a host does something in the middle of them, under sanitizers. */
const image = learningImage(1, loadTarget('posix'));
const hash = readImage(image).contentHash;
const units = Array.from({ length: inputs }, (_, unit) => unit);
let board: StartedBoard;
let host: BareHost;

beforeAll(async () => {
  board = await posixKind('sanitized').start({ serial: 'core' });
}, 120_000);
afterAll(() => board?.close());
beforeEach(async () => {
  host = new BareHost(await board.connect(), 1);
  await host.sayHello();
  await upload(host, image, hash);
  await host.ok('SPIKES_SELECT', { population: 0xffff, on: 1 });
});

test('counters cleared in a run do not change what RUN_DONE tells of it', async () => {
  await host.ok('SPIKES_IN', spikesAt([0, 1, 2].map((tick) => [tick, 0] as const)));
  await host.ok('RUN_LOCKSTEP', { ...runFields, ticks: 5 });
  await host.stream('RUN_DONE');
  host.told = [];
  await host.ok('SPIKES_IN', spikesAt([5, 6].map((tick) => [tick, 0] as const)));
  // Behind the spikes the run stands still until there is credit.
  host.autoCredit = false;
  await host.credit(host.expected, 0);
  await host.ok('RUN_LOCKSTEP', { ...runFields, ticks: 100, hashEvery: 1 });
  await host.ok('STATISTICS_CLEAR', {});
  host.autoCredit = true;
  await host.credit();
  expect(await host.stream('RUN_DONE')).toMatchObject({
    spikesIn: 2,
    ticksRun: 100,
    lateEvents: 0,
    overrunTicks: 0,
  });
});

test('records dropped in real time are told from the first on, also those that waited for their frame', async () => {
  const ticks = 400;
  const units = [0];
  host.autoCredit = false;
  await host.sayHello({ streamWindow: 0 });
  for (let baseTick = 0; baseTick < ticks; baseTick += 100)
    await host.ok('SPIKES_IN', {
      baseTick,
      groups: Array.from({ length: 100 }, (_, tickOffset) => ({ tickOffset, narrow: units, wide: [] })),
    });
  // Fills what a board keeps long before the end.
  await host.ok('PROBE_SET', { probe: 0, core: 0, variable: 32, first: 0, count: 200, everyTicks: 1 });
  await host.ok('RUN_REALTIME', { ...runFields, ticks, tickMicroseconds: 1000 });
  for (;;) if ((await host.ok('PING', {})).tick === ticks) break;
  host.autoCredit = true;
  await host.credit(0, 1 << 20);
  const told = await host.runOutput();
  const loss = told.find(({ name }) => name === 'STREAM_LOSS');
  const [spikes, samples] = [new Set<number>(), new Set<number>()];
  for (const { name, fields } of told.slice(0, loss ? told.indexOf(loss) : 0)) {
    if (name === 'PROBE_DATA') samples.add(fields.tick);
    if (name !== 'SPIKES_OUT') continue;
    for (const { tickOffset } of fields.groups) spikes.add(fields.baseTick + tickOffset);
  }
  let first = 0;
  while (spikes.has(first) && samples.has(first)) first++;
  expect(loss?.name === 'STREAM_LOSS' && loss.fields.firstTick).toBe(first);
}, 30_000);

test('a new host that takes smaller frames gets no larger ones of a run that goes on', async () => {
  await host.sayHello({ maxPayload: 1024 });
  const groups = Array.from({ length: 40 }, (_, tickOffset) => ({ tickOffset, narrow: units, wide: [] }));
  await host.ok('SPIKES_IN', { baseTick: 0, groups: groups.slice(0, 20) });
  await host.ok('RUN_REALTIME', { ...runFields, ticks: 0, tickMicroseconds: 1000, hashEvery: 1 });
  for (;;) if ((await host.ok('PING', {})).tick > 15) break;
  const before = host.hello.maxPayload;
  await host.sayHello({ maxPayload: 256, session: host.session + 1 });
  await host.ok('STOP', {});
  const told = await host.runOutput();
  expect(before).toBe(1024);
  expect(Math.max(...told.map(({ bytes }) => bytes))).toBeLessThanOrEqual(256);
});

test('a session is not resumed with frames smaller than those that are kept', async () => {
  const { RESUME } = helloFlags.value;
  const resumed = () => host.hello.flags & helloReplyFlags.value.RESUMED;
  await host.sayHello({ maxPayload: 512, flags: RESUME });
  expect(resumed()).toBe(0);
  await host.sayHello({ maxPayload: 1024, flags: RESUME });
  expect(resumed()).toBe(helloReplyFlags.value.RESUMED);
});

test('a run without end does not go past the last tick', async () => {
  const bytes = new Uint8Array(new Machine(readImage(image)).checkpoint());
  const view = new DataView(bytes.buffer);
  view.setUint32(12, 0xffff_fffd, true);
  view.setUint32(28, crc32(bytes.subarray(0, 28)), true);
  await upload(host, bytes, hash, { kind: transferKinds.value.CHECKPOINT });
  const endless = { ...runFields, ticks: 0, tickMicroseconds: 1000 };
  await host.ok('RUN_REALTIME', endless);
  expect(await host.stream('RUN_DONE')).toMatchObject({ ticksRun: 2, tick: 0xffff_ffff });
  expect(await host.refused('RUN_REALTIME', endless, 'TICK_LIMIT')).toBe(0);
});

test('credit for frames that were never sent is ignored, and RESEND behind them is not', async () => {
  /** Stream frames since `settle`, by number. */
  const numbers = () =>
    host.told.filter(({ name }) => messages[name].role === 'stream').map(({ sequence }) => sequence);
  let ran = 0;
  const runUnheard = async () => {
    await host.sayHello({ streamWindow: 0 });
    await host.ok('RUN_LOCKSTEP', { ...runFields, progressEvery: 1 });
    for (ran++; (await host.ok('PING', {})).tick < ran; );
    await host.settle();
  };
  host.autoCredit = false;
  await runUnheard();
  await host.credit(1, 1 << 16);
  expect(await host.settle()).toEqual([]);
  await host.credit(0, 1 << 16);
  await host.stream('RUN_DONE');
  expect(numbers()[0]).toBe(0);
  await runUnheard();
  await host.ok('RESEND', { next: 1, window: 1 << 16 });
  await host.stream('RUN_DONE');
  expect(numbers()[0]).toBe(1);
});
