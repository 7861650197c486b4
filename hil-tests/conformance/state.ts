import { stateVariables } from '../../firmware-protocol/declaration/state.js';
import type { BareHost } from '../framework/bare-host.js';
import { same } from '../framework/check.js';
import type { HilCase } from '../framework/suite.js';
import { practiceUnits } from '../networks/practice.js';
import { endStuckRun, loadedHost, runFields, spikesAt, startStuckRun, stateHash } from './loaded.js';

const { V, REFRACTORY, W, T, M, X1 } = stateVariables.value;
const wholeBoard = 0xffff;

async function read(host: BareHost, core: number, variable: number, first: number, count: number) {
  const { values16, values32 } = await host.expectReply(
    'STATE_READ',
    { core, variable, first, count },
    'STATE_DATA',
  );
  return [...values16, ...values32];
}

const wide = (...values: number[]) => ({ values16: [], values32: values });
const narrow = (...values: number[]) => ({ values16: values, values32: [] });

/** docs/wire.md: State, Probes, SPIKES_SELECT, Statistics. */
export const stateCases: readonly HilCase[] = [
  {
    name: 'state is written and read back',
    async run(context) {
      const { host } = await loadedHost(context);
      const before = await stateHash(host);
      await host.ok('STATE_WRITE', { core: 0, variable: V, first: 2, ...wide(-1000, 1234, 8_388_607) });
      same(await read(host, 0, V, 1, 5), [0, -1000, 1234, 8_388_607, 0], 'V');
      const weights = await read(host, 0, W, 0, 3);
      await host.ok('STATE_WRITE', { core: 0, variable: W, first: 0, ...narrow(1, 2, 3) });
      same(await read(host, 0, W, 0, 3), [1, 2, 3], 'W');
      await host.ok('STATE_WRITE', { core: 0, variable: T, first: 1, ...narrow(-32767) });
      same(await read(host, 0, T, 0, 3), [0, -32767, 0], 'T');
      await host.ok('STATE_WRITE', { core: wholeBoard, variable: M, first: 0, ...wide(-77) });
      same(await read(host, wholeBoard, M, 0, 1), [-77], 'M');
      await host.ok('STATE_WRITE', { core: 0, variable: V, first: 2, ...wide(0, 0, 0) });
      await host.ok('STATE_WRITE', { core: 0, variable: W, first: 0, ...narrow(...weights) });
      await host.ok('STATE_WRITE', { core: 0, variable: T, first: 1, ...narrow(0) });
      await host.ok('STATE_WRITE', { core: wholeBoard, variable: M, first: 0, ...wide(0) });
      same(await stateHash(host), before, 'state hash when all is as before');
    },
  },
  {
    name: 'an address that does not exist is refused by its name',
    async run(context) {
      const { host, image } = await loadedHost(context);
      const [core] = image.cores;
      const { neuronCount, synapseCount, axonCount } = core!.core;
      const at = (fields: object) => ({ core: 0, variable: V, first: 0, count: 1, ...fields });
      const cores = image.cores.length;
      same(await host.refused('STATE_READ', at({ core: cores }), 'UNKNOWN_CORE'), cores, 'core');
      for (const variable of [7, 35, 99])
        same(await host.refused('STATE_READ', at({ variable }), 'UNKNOWN_VARIABLE'), variable, 'variable');
      same(await host.refused('STATE_READ', at({ variable: M }), 'UNKNOWN_VARIABLE'), M, 'M of a core');
      same(
        await host.refused('STATE_READ', at({ core: wholeBoard }), 'UNKNOWN_VARIABLE'),
        V,
        'V of the board',
      );
      const lengths = [
        [V, neuronCount],
        [W, synapseCount],
        [X1, axonCount],
      ] as const;
      for (const [variable, length] of lengths)
        for (const [first, count] of [
          [length, 1],
          [0, length + 1],
          [1, 0xffff_ffff],
          [0xffff_ffff, 1],
          [0xffff_ffff, 2],
        ] as const)
          same(
            await host.refused('STATE_READ', { core: 0, variable, first, count }, 'OUT_OF_RANGE'),
            length,
            `length of variable ${variable}`,
          );
    },
  },
  {
    name: 'what cannot be written is refused, and nothing is written',
    async run(context) {
      const { host, image } = await loadedHost(context);
      const before = await stateHash(host);
      const { neuronCount, synapseCount } = image.cores[0]!.core;
      const write = (fields: object) => ({ core: 0, variable: V, first: 0, ...wide(1), ...fields });
      const last = synapseCount - 1;
      const staticWeight = write({ variable: W, first: last, ...narrow(1) });
      same(await host.refused('STATE_WRITE', staticWeight, 'READ_ONLY'), last, 'index of a static weight');
      const both = { values16: [1], values32: [1] };
      await host.refused('STATE_WRITE', write(both), 'BAD_VALUE');
      await host.refused('STATE_WRITE', write({ values16: [], values32: [] }), 'BAD_VALUE');
      await host.refused('STATE_WRITE', write(narrow(1)), 'BAD_VALUE');
      await host.refused('STATE_WRITE', write({ variable: W, ...wide(1) }), 'BAD_VALUE');
      await host.refused('STATE_WRITE', write(wide(1, 2, 8_388_608)), 'BAD_VALUE');
      await host.refused('STATE_WRITE', write(wide(1, -8_388_608)), 'BAD_VALUE');
      await host.refused('STATE_WRITE', write({ variable: W, ...narrow(1, -1) }), 'BAD_VALUE');
      await host.refused('STATE_WRITE', write({ variable: T, ...narrow(1, -32768) }), 'BAD_VALUE');
      await host.refused('STATE_WRITE', write({ variable: REFRACTORY, ...wide(1, 100) }), 'BAD_VALUE');
      await host.refused('STATE_WRITE', write({ variable: X1, ...wide(-1) }), 'BAD_VALUE');
      const past = write({ first: neuronCount - 1, ...wide(1, 2) });
      same(await host.refused('STATE_WRITE', past, 'OUT_OF_RANGE'), neuronCount, 'length of V');
      same(await stateHash(host), before, 'state hash afterwards');
    },
  },
  {
    name: 'probes sample at multiples of their period, and until they are cleared',
    async run(context) {
      const { host } = await loadedHost(context);
      const { probes } = await host.expectReply('INFO', {}, 'INFO_REPLY');
      const probe = { probe: 0, core: 0, variable: V, first: 0, count: 3, everyTicks: 4 };
      same(await host.refused('PROBE_SET', { ...probe, probe: probes }, 'UNKNOWN_PROBE'), probes, 'probes');
      await host.refused('PROBE_SET', { ...probe, core: 7 }, 'UNKNOWN_CORE');
      await host.refused('PROBE_SET', { ...probe, variable: 99 }, 'UNKNOWN_VARIABLE');
      await host.refused('PROBE_SET', { ...probe, first: 0xffff_ffff }, 'OUT_OF_RANGE');
      await host.refused('PROBE_SET', { ...probe, count: 0xffff_ffff }, 'OUT_OF_RANGE');
      await host.ok('PROBE_CLEAR', { probe: 0xffff });
      await host.ok('PROBE_SET', probe);
      same(
        (await samples(host, 10)).map(({ tick }) => tick),
        [0, 4, 8],
        'ticks of the samples',
      );
      await host.ok('PROBE_CLEAR', { probe: 0 });
      same(await samples(host, 10), [], 'samples after PROBE_CLEAR');
      await host.ok('RESET', {});
      same(
        (await samples(host, 26)).map(({ tick }) => tick),
        [0, 25],
        'the image’s own probe after RESET',
      );
      const [sample] = await samples(host, 25);
      const values = await read(host, 0, V, 0, 10);
      same(sample && [...sample.values32].length, values.length, 'values of a sample');
    },
  },
  {
    name: 'SPIKES_SELECT chooses what leaves the board',
    async run(context) {
      const { host, image } = await loadedHost(context);
      const populations = image.populations.length;
      const select = { population: populations, on: 1 };
      same(await host.refused('SPIKES_SELECT', select, 'UNKNOWN_POPULATION'), populations, 'population');
      await host.ok('SPIKES_SELECT', { population: 0xffff, on: 0 });
      const spikes = spikesAt([
        [0, 2],
        [0, 9],
        [1, 4],
      ]);
      await host.ok('SPIKES_IN', spikes);
      same(await outputUnits(host, 3), [], 'spikes with nothing selected');
      await host.ok('RESET', {});
      await host.ok('SPIKES_SELECT', { population: 0xffff, on: 0 });
      await host.ok('SPIKES_SELECT', { population: 0, on: 1 });
      await host.ok('SPIKES_IN', spikes);
      same(await outputUnits(host, 3), [2, 9, 4], 'spikes of the input population');
    },
  },
  {
    name: 'in a lockstep run what would change it is BUSY, and reading is not',
    async run(context) {
      const { host, bytes, image } = await loadedHost(context);
      await startStuckRun(host);
      const state = { core: 0, variable: V, first: 0 };
      const { firstNeuron: _, ...units } = practiceUnits;
      await host.refused('RUN_LOCKSTEP', runFields, 'BUSY');
      await host.refused('RESET', {}, 'BUSY');
      await host.refused('STATE_WRITE', { ...state, ...wide(1) }, 'BUSY');
      await host.refused('STATE_HASH', {}, 'BUSY');
      await host.refused('PROBE_SET', { ...state, probe: 0, count: 1, everyTicks: 1 }, 'BUSY');
      await host.refused('PROBE_CLEAR', { probe: 0 }, 'BUSY');
      await host.refused('SPIKES_SELECT', { population: 0, on: 1 }, 'BUSY');
      await host.refused('DOWNLOAD_BEGIN', { kind: 2 }, 'BUSY');
      const begin = { kind: 1, total: bytes.length, crc: 1, hash: image.contentHash };
      await host.refused('UPLOAD_BEGIN', begin, 'BUSY');
      await host.refused('STATE_SAVE', {}, 'BUSY', 'NOT_SUPPORTED');
      await host.refused('STATE_FORGET', {}, 'BUSY', 'NOT_SUPPORTED');
      same((await read(host, 0, V, 0, units.neurons)).length, units.neurons, 'values read while running');
      await host.expectReply('STATISTICS_READ', {}, 'STATISTICS');
      await host.expectReply('INFO', {}, 'INFO_REPLY');
      const done = await endStuckRun(host);
      same(done.end, 1, 'why the run ended (1: STOP)');
      await host.ok('RESET', {});
    },
  },
  {
    name: 'STATISTICS count, and are cleared',
    async run(context) {
      const { host } = await loadedHost(context);
      await host.ok('STATISTICS_CLEAR', {});
      await host.ok(
        'SPIKES_IN',
        spikesAt([
          [0, 1],
          [1, 2],
        ]),
      );
      await host.ok('RUN_LOCKSTEP', { ...runFields, ticks: 7 });
      await host.runOutput();
      const one = await host.expectReply('STATISTICS_READ', {}, 'STATISTICS');
      same([one.ticks, one.spikesIn], [7, 2], 'ticks and spikes in');
      same([one.lateEvents, one.droppedEvents, one.droppedRecords, one.overrunTicks], [0, 0, 0, 0], 'losses');
      await host.ok('STATISTICS_CLEAR', {});
      const two = await host.expectReply('STATISTICS_READ', {}, 'STATISTICS');
      same([two.ticks, two.spikesIn, two.spikesOut], [0, 0, 0], 'after STATISTICS_CLEAR');
      await host.ok('RUN_LOCKSTEP', { ...runFields, ticks: 3 });
      await host.runOutput();
      await host.ok('RESET', {});
      const three = await host.expectReply('STATISTICS_READ', {}, 'STATISTICS');
      same(three.ticks, 0, 'ticks after RESET');
    },
  },
  {
    name: 'what the board cannot do is NOT_SUPPORTED, by its capabilities',
    async run(context) {
      const host = await context.host();
      if (!context.can('NONVOLATILE')) {
        await host.refused('STATE_SAVE', {}, 'NOT_SUPPORTED');
        await host.refused('STATE_FORGET', {}, 'NOT_SUPPORTED');
      }
      if (!context.can('BOOTLOADER')) await host.refused('REBOOT', { mode: 1 }, 'NOT_SUPPORTED');
      if (!context.can('REALTIME')) {
        const run = { ...runFields, tickMicroseconds: 0 };
        await host.refused('RUN_REALTIME', run, 'NOT_SUPPORTED', 'NO_IMAGE');
      }
    },
  },
];

async function samples(host: BareHost, ticks: number) {
  host.told = [];
  await host.ok('RUN_LOCKSTEP', { ...runFields, ticks });
  return (await host.runOutput()).flatMap((told) => (told.name === 'PROBE_DATA' ? [told.fields] : []));
}

async function outputUnits(host: BareHost, ticks: number): Promise<number[]> {
  host.told = [];
  await host.ok('RUN_LOCKSTEP', { ...runFields, ticks });
  return (await host.runOutput()).flatMap((told) =>
    told.name === 'SPIKES_OUT' ? told.fields.groups.flatMap(({ narrow, wide }) => [...narrow, ...wide]) : [],
  );
}
