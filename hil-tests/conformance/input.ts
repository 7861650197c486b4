import { controlCodes } from '../../firmware-protocol/declaration/events.js';
import { answerName, type BareHost, describeTold } from '../framework/bare-host.js';
import { check, fail, same } from '../framework/check.js';
import type { CaseContext } from '../framework/context.js';
import { type HilCase, NotApplicable } from '../framework/suite.js';
import { practiceUnits } from '../networks/practice.js';
import { emptyHost, loadedHost, runFields, spikesAt } from './loaded.js';

const { CLEAR, LEARN } = controlCodes.value;
const reward = (tick: number, channel = 0) => ({ tick, channel, value: 1 << 20 });
const clear = (tick: number, population: number) => ({ tick, code: CLEAR, population, argument: 1 });
const free = async (host: BareHost) => (await host.ok('PING', {})).inputFree;

/** The last tick an event may be stamped with now: the largest there is, or what TICK_FAR says. */
async function lastTick(host: BareHost): Promise<number> {
  const told = await host.ask('REWARD', { events: [reward(0xffff_fffe)] });
  if (told.name === 'OK') return 0xffff_fffe;
  check(told.name === 'ERROR' && answerName(told) === 'TICK_FAR', 'an event far ahead', {
    expected: 'OK or TICK_FAR',
    found: describeTold(told),
  });
  return told.fields.detail;
}

/** docs/wire.md: Running, SPIKES_IN, REWARD, CONTROL. */
export const inputCases: readonly HilCase[] = [
  {
    name: 'without an image what needs one is NO_IMAGE',
    seconds: 120,
    async run(context) {
      const host = await emptyHost(context);
      const read = { core: 0, variable: 0, first: 0, count: 1 };
      await host.refused('RESET', {}, 'NO_IMAGE');
      await host.refused('RUN_LOCKSTEP', runFields, 'NO_IMAGE');
      await host.refused('SPIKES_IN', spikesAt([[0, 0]]), 'NO_IMAGE');
      await host.refused('REWARD', { events: [reward(0)] }, 'NO_IMAGE');
      await host.refused('CONTROL', { events: [clear(0, 0)] }, 'NO_IMAGE');
      await host.refused('SPIKES_SELECT', { population: 0, on: 1 }, 'NO_IMAGE');
      await host.refused('PROBE_SET', { probe: 0, ...read, everyTicks: 1 }, 'NO_IMAGE');
      await host.refused('STATE_READ', read, 'NO_IMAGE');
      await host.refused('STATE_HASH', {}, 'NO_IMAGE');
      await host.refused('DOWNLOAD_BEGIN', { kind: 2 }, 'NO_IMAGE');
      await host.refused('UPLOAD_BEGIN', { kind: 2, total: 10, crc: 0, hash: 0 }, 'NO_IMAGE', 'WRONG_IMAGE');
      const info = await host.expectReply('INFO', {}, 'INFO_REPLY');
      same([info.cores, info.populations, info.units], [0, 0, 0], 'INFO of the image that is not there');
      await host.ok('STOP', {});
      await host.ok('PROBE_CLEAR', { probe: 0xffff });
      await host.ok('UPLOAD_CANCEL', {});
      await host.ok('DOWNLOAD_END', {});
    },
  },
  {
    name: 'INFO says what the image uses',
    async run(context) {
      const { host, image } = await loadedHost(context);
      const info = await host.expectReply('INFO', {}, 'INFO_REPLY');
      const { cores, populations, units, channels } = info;
      same(
        { cores, populations, units, channels },
        {
          cores: image.cores.length,
          populations: image.populations.length,
          units: image.network.unitCount,
          channels: image.modulators.length,
        },
        'INFO of the practice network',
      );
      check(info.memoryFree <= info.memoryBytes, 'more memory is free than there is');
      check(info.streamCapacity >= host.hello.maxPayload + 8, 'the stream ring does not hold a frame');
      same(await free(host), info.inputCapacity, 'free places of the empty queue');
    },
  },
  {
    name: 'events of the past are refused with the next tick, whole',
    async run(context) {
      const { host } = await loadedHost(context);
      await host.ok('RUN_LOCKSTEP', { ...runFields, ticks: 10 });
      await host.runOutput();
      const before = await free(host);
      same(
        await host.refused(
          'SPIKES_IN',
          spikesAt([
            [9, 0],
            [12, 1],
          ]),
          'TICK_PAST',
        ),
        10,
        'detail of TICK_PAST',
      );
      same(await host.refused('REWARD', { events: [reward(12), reward(9)] }, 'TICK_PAST'), 10, 'detail');
      same(await host.refused('CONTROL', { events: [clear(12, 0), clear(0, 0)] }, 'TICK_PAST'), 10, 'detail');
      same(await free(host), before, 'free places after refusals');
      await host.ok('SPIKES_IN', spikesAt([[10, 0]]));
      await host.ok('RUN_LOCKSTEP', runFields);
      const done = (await host.runOutput()).at(-1);
      same(done?.name === 'RUN_DONE' && done.fields.spikesIn, 1, 'input spikes of the next tick');
    },
  },
  {
    name: 'an event too far ahead is TICK_FAR, with the last tick it takes',
    async run(context) {
      const { host } = await loadedHost(context);
      const last = await lastTick(host);
      await host.ok('RESET', {});
      await host.ok('REWARD', { events: [reward(last)] });
      if (last === 0xffff_fffe) return;
      const detail = await host.refused('REWARD', { events: [reward(1), reward(last + 1)] }, 'TICK_FAR');
      same(detail, last, 'detail of TICK_FAR');
      same(
        await host.refused('SPIKES_IN', spikesAt([[last + 1, 0]]), 'TICK_FAR'),
        last,
        'detail of TICK_FAR',
      );
    },
  },
  {
    name: 'unknown units, channels, controls and populations are named, and nothing is taken',
    async run(context) {
      const { host, image } = await loadedHost(context);
      const before = await free(host);
      const { firstNeuron } = practiceUnits;
      const { unitCount } = image.network;
      for (const unit of [firstNeuron, unitCount - 1, unitCount, 0xffff])
        same(
          await host.refused(
            'SPIKES_IN',
            spikesAt([
              [1, 0],
              [2, unit],
            ]),
            'UNKNOWN_UNIT',
          ),
          unit,
          'unit',
        );
      const wide = { baseTick: 0, groups: [{ tickOffset: 0, narrow: [0], wide: [0x7fff_ffff] }] };
      same(await host.refused('SPIKES_IN', wide, 'UNKNOWN_UNIT'), 0x7fff_ffff, 'unit in the detail');
      for (const channel of [image.modulators.length, 255])
        same(
          await host.refused('REWARD', { events: [reward(1), reward(2, channel)] }, 'UNKNOWN_CHANNEL'),
          channel,
          'channel in the detail',
        );
      for (const population of [image.populations.length, 0xfffe])
        same(
          await host.refused(
            'CONTROL',
            { events: [clear(1, 0), clear(2, population)] },
            'UNKNOWN_POPULATION',
          ),
          population,
          'population in the detail',
        );
      same(await free(host), before, 'free places after refusals');
      await host.ok('CONTROL', {
        events: [clear(1, 0xffff), { tick: 1, code: LEARN, population: 0xffff, argument: 1 }],
      });
    },
  },
  {
    name: 'groups whose ticks fall are BAD_VALUE',
    async run(context) {
      const { host } = await loadedHost(context);
      const group = (tickOffset: number) => ({ tickOffset, narrow: [0], wide: [] });
      await host.refused('SPIKES_IN', { baseTick: 5, groups: [group(3), group(2)] }, 'BAD_VALUE');
      await host.refused(
        'SPIKES_IN',
        { baseTick: 0xffff_fff0, groups: [group(0xffff)] },
        'BAD_VALUE',
        'TICK_FAR',
      );
      await host.ok('SPIKES_IN', { baseTick: 5, groups: [] });
    },
  },
  {
    name: 'a spike that comes twice counts as one and is counted',
    async run(context) {
      const { host } = await loadedHost(context);
      await host.ok('STATISTICS_CLEAR', {});
      await host.ok(
        'SPIKES_IN',
        spikesAt([
          [0, 3],
          [0, 3],
          [0, 4],
        ]),
      );
      await host.ok('SPIKES_IN', spikesAt([[0, 4]]));
      await host.ok('RUN_LOCKSTEP', runFields);
      await host.runOutput();
      const { spikesIn, duplicateSpikes } = await host.expectReply('STATISTICS_READ', {}, 'STATISTICS');
      same({ spikesIn, duplicateSpikes }, { spikesIn: 2, duplicateSpikes: 2 }, 'spikes in');
    },
  },
  {
    name: 'a full queue refuses with the room left; RESET empties it',
    seconds: 120,
    run: fillQueue,
  },
  {
    name: 'a run past the last tick is TICK_LIMIT',
    async run(context) {
      const { host } = await loadedHost(context);
      await host.ok('RUN_LOCKSTEP', { ...runFields, ticks: 3 });
      await host.runOutput();
      const ticks = 0xffff_ffff;
      same(
        await host.refused('RUN_LOCKSTEP', { ...runFields, ticks }, 'TICK_LIMIT'),
        ticks - 3,
        'ticks left',
      );
    },
  },
];

async function fillQueue(context: CaseContext): Promise<void> {
  const { host } = await loadedHost(context);
  const capacity = context.facts.info.inputCapacity;
  const last = await lastTick(host);
  const perTick = practiceUnits.inputs;
  if (last < capacity / perTick)
    throw new NotApplicable(`events can be queued ${last} ticks ahead only, which does not fill the queue`);
  const board = await context.board();
  await board.reset();
  const left = 7;
  const count = capacity - left;
  const slice = 1 << 14;
  for (let done = 0; done < count; done += slice) {
    const numbers = Array.from({ length: Math.min(slice, count - done) }, (_, n) => done + n);
    await board.sendSpikes(
      numbers.map((n) => Math.floor(n / perTick)),
      numbers.map((n) => n % perTick),
    );
    context.progress(done / count, `${done} events`);
  }
  const bare = await context.host();
  same(await free(bare), left, `free places after ${count} spikes`);
  const tick = Math.ceil(count / perTick) + 1;
  const rewards = (n: number) => Array.from({ length: n }, (_, k) => clear(tick + k, 0));
  same(await bare.refused('CONTROL', { events: rewards(left + 1) }, 'QUEUE_FULL'), left, 'room left');
  same(await free(bare), left, 'free places after QUEUE_FULL');
  const { inputFree } = await bare.ok('CONTROL', { events: rewards(left) });
  same(inputFree, 0, 'free places when it is full');
  same(await bare.refused('SPIKES_IN', spikesAt([[tick, 0]]), 'QUEUE_FULL'), 0, 'room left');
  await bare.ok('RESET', {});
  same(await free(bare), capacity, 'free places after RESET');
  if (capacity === 0) fail('the queue holds nothing');
}
