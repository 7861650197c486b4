import { frameBytes, frameFlags } from '../../firmware-protocol/declaration/frame.js';
import { messages } from '../../firmware-protocol/declaration/messages.js';
import { runDoneFlags, runEnds } from '../../firmware-protocol/declaration/run.js';
import type { BareHost, Told } from '../framework/bare-host.js';
import { check, same } from '../framework/check.js';
import type { HilCase } from '../framework/suite.js';
import { endStuckRun, loadedHost, reached, runFields, startStuckRun, stateHash } from './loaded.js';

/** So that a handful of frames, unacknowledged, fits what any board keeps. */
const smallFrames = { maxPayload: 256 } as const;
const isStream = ({ name }: Told) => messages[name].role === 'stream';
const bytesOf = (told: readonly Told[]) => told.reduce((sum, { bytes }) => sum + frameBytes(bytes), 0);
const content = ({ name, fields, sequence }: Told) => ({ name, fields, sequence });

/** Stream frames told so far, once the board has nothing more to say. */
async function heard(host: BareHost): Promise<Told[]> {
  // An emulated chip on a busy computer may be slow to say the next.
  for (let quiet = 0, last = -1; quiet < 5; ) {
    await host.ok('PING', {});
    const now = host.told.filter(isStream).length;
    quiet = now === last ? quiet + 1 : 0;
    last = now;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  return host.told.filter(isStream);
}

/** docs/wire.md: Streams, Running. */
export const streamCases: readonly HilCase[] = [
  {
    name: 'a run’s output has rising numbers, spikes in order, and RUN_DONE last',
    async run(context) {
      const { host } = await loadedHost(context);
      await host.ok('SPIKES_SELECT', { population: 0xffff, on: 1 });
      await host.ok('SPIKES_IN', {
        baseTick: 0,
        groups: Array.from({ length: 20 }, (_, tickOffset) => ({
          tickOffset,
          narrow: Array.from({ length: 20 }, (_, unit) => unit),
          wide: [],
        })),
      });
      await host.ok('RUN_LOCKSTEP', {
        ...runFields,
        ticks: 50,
        hashEvery: 10,
        progressEvery: 20,
        options: 1,
      });
      const output = await host.runOutput();
      same(
        output.map(({ sequence }) => sequence),
        output.map((_, n) => n),
        'stream sequence',
      );
      const spikes = output.flatMap((told) =>
        told.name === 'SPIKES_OUT'
          ? told.fields.groups.flatMap(({ tickOffset, narrow, wide }) =>
              [...narrow, ...wide].map((unit) => (told.fields.baseTick + tickOffset) * 1000 + unit),
            )
          : [],
      );
      check(spikes.length >= 400, 'input spikes are missing in the output', { spikes: spikes.length });
      check(
        spikes.every((one, n) => n === 0 || one > spikes[n - 1]!),
        'spikes do not rise by tick and unit',
      );
      const hashes = output.flatMap((told) => (told.name === 'HASHES' ? [...told.fields.hashes] : []));
      same(
        hashes.map(({ tick }) => tick),
        [10, 20, 30, 40, 50],
        'ticks of the hashes',
      );
      const progress = output.flatMap((told) => (told.name === 'RUN_PROGRESS' ? [told.fields.tick] : []));
      check(progress.length >= 2, 'RUN_PROGRESS did not come', { progress });
      const last = output.at(-1);
      if (last?.name !== 'RUN_DONE') return check(false, 'the last stream message is not RUN_DONE');
      const { end, flags, tick, ticksRun, hash, spikesIn, spikesOut } = last.fields;
      same([end, tick, ticksRun], [runEnds.value.COMPLETED, 50, 50], 'end, tick, ticksRun');
      same(flags, runDoneFlags.value.HASH, 'flags of RUN_DONE');
      same([hash, hash], [hashes[4]!.hash, await stateHash(host)], 'hash of RUN_DONE');
      same([spikesIn, spikesOut], [400, spikes.length], 'spikes of RUN_DONE');
    },
  },
  {
    name: 'without the option RUN_DONE has no hash',
    async run(context) {
      const { host } = await loadedHost(context);
      await host.ok('RUN_LOCKSTEP', runFields);
      const { flags, hash, lateEvents, droppedRecords, overrunTicks } = await host.stream('RUN_DONE');
      same({ flags, hash, lateEvents, droppedRecords, overrunTicks }, zeros, 'RUN_DONE of one quiet tick');
    },
  },
  {
    name: 'no more than the window is ever under way, and a lockstep run waits for credit',
    async run(context) {
      const { host } = await loadedHost(context);
      const window = frameBytes(host.hello.maxPayload);
      host.autoCredit = false;
      await host.sayHello({ streamWindow: window });
      await host.ok('RUN_LOCKSTEP', { ...runFields, ticks: 1200, hashEvery: 1 });
      let taken: Told[] = [];
      let rounds = 0;
      while (taken.at(-1)?.name !== 'RUN_DONE') {
        const now = await heard(host);
        check(bytesOf(now) <= window, 'more is under way than the window', { bytes: bytesOf(now), window });
        check(now.length > 0, 'nothing comes although there is credit for a frame', { taken: taken.length });
        taken = [...taken, ...now];
        host.told = [];
        await host.credit(host.expected, window);
        rounds++;
        context.progress(0, `${taken.length} frames`);
      }
      check(rounds > 3, 'the run did not wait for credit', { rounds });
      same(
        taken.map(({ sequence }) => sequence),
        taken.map((_, n) => n),
        'stream sequence',
      );
      const ticks = taken.flatMap((told) =>
        told.name === 'HASHES' ? told.fields.hashes.map((h) => h.tick) : [],
      );
      same(ticks.length, 1200, 'hashes that came');
    },
    seconds: 120,
  },
  {
    name: 'RESEND sends again from its number, in order, flagged REPEATED',
    async run(context) {
      const { host } = await loadedHost(context);
      host.autoCredit = false;
      await host.sayHello({ streamWindow: 1 << 16, ...smallFrames });
      await host.ok('RUN_LOCKSTEP', { ...runFields, ticks: 120, hashEvery: 1 });
      const { sequence: last } = await doneFrame(host);
      const first = host.told.filter(isStream);
      check(first.length >= 3, 'the run made too few frames', { frames: first.length });
      for (const next of [0, 1, last]) {
        host.told = [];
        await host.ok('RESEND', { next, window: 1 << 16 });
        const again = await heard(host);
        same(again.map(content), first.slice(next).map(content), `frames sent again from ${next} on`);
        const { REPEATED } = frameFlags.value;
        check(
          again.every(({ flags }) => (flags & REPEATED) !== 0),
          'a frame sent again is not flagged REPEATED',
        );
      }
      check(
        first.every(({ flags }) => (flags & frameFlags.value.REPEATED) === 0),
        'a first sending is REPEATED',
      );
    },
  },
  {
    name: 'frames acknowledged or not yet made are STREAM_GONE; an old CREDIT does no harm',
    async run(context) {
      const { host } = await loadedHost(context);
      host.autoCredit = false;
      const window = 1 << 16;
      await host.sayHello({ streamWindow: window, ...smallFrames });
      await host.ok('RUN_LOCKSTEP', { ...runFields, ticks: 120, hashEvery: 1 });
      const { sequence: last } = await doneFrame(host);
      await host.credit(2, window);
      same(await host.refused('RESEND', { next: 1, window }, 'STREAM_GONE'), 2, 'oldest frame kept');
      same(await host.refused('RESEND', { next: last + 2, window }, 'STREAM_GONE'), 2, 'oldest frame kept');
      for (const stale of [1, 0, last + 5, 0xffff]) await host.credit(stale, 0);
      host.told = [];
      await host.ok('RESEND', { next: 2, window });
      same((await heard(host)).length, last - 1, 'frames sent again after stale credits');
      await host.credit(last + 1, window);
      await host.credit(last + 1, window);
      host.told = [];
      await host.ok('RESEND', { next: last + 1, window });
      same(await heard(host), [], 'frames after all was acknowledged');
    },
  },
  {
    name: 'CREDIT for frames that were never sent is ignored, and RESEND behind them is not',
    async run(context) {
      const { host } = await loadedHost(context);
      const window = 1 << 16;
      host.autoCredit = false;
      for (const [tick, askFor] of [
        [1, 0],
        [2, 1],
      ] as const) {
        await host.sayHello({ streamWindow: 0 });
        await host.ok('RUN_LOCKSTEP', { ...runFields, progressEvery: 1 });
        await reached(host, tick, context.signal);
        await heard(host);
        host.told = [];
        if (askFor === 0) {
          await host.credit(1, window);
          same(await heard(host), [], 'stream frames after credit for one that was not sent');
          await host.credit(0, window);
        } else await host.ok('RESEND', { next: askFor, window });
        const told = await heard(host);
        same(told[0]?.sequence, askFor, 'first stream frame sent');
        same(told.at(-1)?.name, 'RUN_DONE', 'last stream frame');
      }
    },
  },
  {
    name: 'a lost CREDIT is made good by RESEND, and STOP ends a waiting run',
    async run(context) {
      const { host } = await loadedHost(context);
      await startStuckRun(host);
      same(await heard(host), [], 'stream frames without credit');
      await host.ok('RESEND', { next: 0, window: 4 * frameBytes(host.hello.maxPayload) });
      check((await heard(host)).length > 0, 'nothing came after RESEND gave credit');
      const done = await endStuckRun(host);
      same(done.end, runEnds.value.STOPPED, 'why the run ended');
      same(done.ticksRun, done.tick, 'ticks run');
      const hashes = host.told.flatMap((told) => (told.name === 'HASHES' ? [...told.fields.hashes] : []));
      same(hashes.length, done.ticksRun, 'hashes that came, one a tick');
      await host.ok('STOP', {});
    },
  },
];

const zeros = { flags: 0, hash: 0, lateEvents: 0, droppedRecords: 0, overrunTicks: 0 };

async function doneFrame(host: BareHost): Promise<Told> {
  await host.stream('RUN_DONE');
  return host.told.find(({ name }) => name === 'RUN_DONE')!;
}
