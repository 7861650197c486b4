import type { NetworkDescription } from '../../src/network/description.js';
import type { Row } from '../rows.js';
import { EngramRun } from './engram-run.js';
import { figure, median } from './figures.js';
import { plasticNetwork, type Size, sizes, staticNetwork } from './networks.js';
import { progress, repeats, type SpeedOptions } from './options.js';
import { sideBySide } from './side-by-side.js';
import { imageOf, rewardsOf } from './workloads.js';

const wasm = { kernels: 'wasm' } as const;

/** Ten times the neurons with the same synapses, ten times the synapses with the same neurons: S1dc, delivery above all. */
export function sizeRows(options: SpeedOptions): Row[] {
  const cases: readonly (readonly [name: string, size: Size, ticks: number])[] = [
    ['4,000 neurons, 1.6 million synapses', { neurons: 4000, inputs: 400 }, 2000],
    ['40,000 neurons, 1.6 million synapses', { neurons: 40_000, inputs: 40 }, 1000],
    ['40,000 neurons, 16 million synapses', { neurons: 40_000, inputs: 400 }, 500],
  ];
  return cases.flatMap(([name, size, ticks]) => {
    progress(`scaling: ${name}`);
    const run = engram(staticNetwork('S1dc', size), options.quick ? ticks / 10 : ticks);
    const results = Array.from({ length: repeats(options) }, () => run.run());
    return [
      figure(
        `scaling/${name}`,
        median(results.map(({ seconds, events }) => events / seconds / 1e6)),
        'million events/s',
      ),
    ];
  });
}

/** Cost of a tick of S3 with a tag of an hour against one of a second. */
export function tauRows(options: SpeedOptions): Row[] {
  progress('scaling: time constant of the tag');
  const ticks = options.quick ? 2000 : 20_000;
  const runs = ['1 s', '1 h'].map((tau) =>
    engram(plasticNetwork('S3', sizes.S3, tau), ticks, rewardsOf(ticks)),
  );
  const [second, hour] = sideBySide(
    runs.map((run) => () => run.run().seconds),
    repeats(options),
  );
  const value = Number(median(hour!.map((seconds, n) => seconds / second![n]!)).toFixed(3));
  return [
    figure('S3, tag of 1 s', (1e6 * median(second!)) / ticks, 'µs/tick'),
    figure('S3, tag of 1 h', (1e6 * median(hour!)) / ticks, 'µs/tick'),
    {
      name: 'S3, tag of 1 h/1 s',
      value,
      unit: 'ratio',
      goal: 'within 10 %',
      met: Math.abs(value - 1) <= 0.1,
    },
  ];
}

const most = 1_000_000;
const active = 1000;

/** A million neurons of which a thousand do something, against the thousand alone. */
export function idleRows(options: SpeedOptions): Row[] {
  progress('a million neurons, most of them idle');
  const ticks = options.quick ? 500 : 5000;
  const alone = engram(idleNetwork(0), ticks);
  const all = engram(idleNetwork(most - active), ticks);
  const [few, many] = sideBySide(
    [alone, all].map((run) => () => run.run().seconds),
    repeats(options),
  );
  const value = median(many!.map((seconds, n) => seconds / few![n]!));
  return [
    figure('1,000 active neurons alone', (1e6 * median(few!)) / ticks, 'µs/tick'),
    figure('the same among a million at rest', (1e6 * median(many!)) / ticks, 'µs/tick'),
    { ...figure('a million neurons/its active part', value, 'ratio'), goal: '<= 1.5', met: value <= 1.5 },
  ];
}

/** The cells of S1 on a small scale, with `idle` more that nothing drives, joined among themselves by a synapse each. */
function idleNetwork(idle: number): NetworkDescription {
  const network = staticNetwork('S1', { neurons: active, inputs: 100 });
  const cells = { model: 'lif', size: idle, tauMembrane: '20 ms', threshold: 20, reset: 10 } as const;
  if (idle === 0) return network;
  return {
    ...network,
    populations: { ...network.populations, idle: cells },
    projections: {
      ...network.projections,
      rest: { from: 'idle', to: 'idle', connect: { kind: 'in-degree', n: 1 }, weight: 1, delay: '2 ms' },
    },
  };
}

/** S1big with two threads against one, on as many cores; the hash must be that of one core and one thread. */
export function threadRows(options: SpeedOptions): Row[] {
  progress('threads: S1big');
  const ticks = options.quick ? 200 : 1000;
  const description = staticNetwork('S1big');
  const load = (cores: number) => workloadOf(description, ticks, [], cores);
  const whole = new EngramRun(load(1), wasm);
  const halves = load(2);
  const one = new EngramRun(halves, wasm);
  const two = new EngramRun(halves, { ...wasm, threads: 2 });
  const runs = [whole, one, two];
  const seconds = sideBySide(
    runs.map((run) => () => run.run().seconds),
    repeats(options),
  );
  const hashes = runs.map(({ machine }) => machine.stateHash());
  const isSame = hashes.every((hash) => hash === hashes[0]);
  const speed = (k: number) => {
    const { synapticEvents } = runs[k]!.machine.statistics;
    return synapticEvents / median(seconds[k]!) / 1e6;
  };
  const faster = seconds[2]!.map((taken, n) => Math.min(seconds[0]![n]!, seconds[1]![n]!) / taken);
  two.close();
  return [
    { ...figure('S1big: state hash, threads 1 and 2', isSame ? 1 : 0, 'equal'), goal: '= 1', met: isSame },
    figure('S1big, one core, one thread', speed(0), 'million events/s'),
    figure('S1big, two cores, one thread', speed(1), 'million events/s'),
    figure('S1big, two cores, two threads', speed(2), 'million events/s'),
    {
      ...figure('S1big: two threads/the better of one', median(faster), 'ratio'),
      goal: '>= 1.6',
      met: median(faster) >= 1.6,
    },
  ];
}

function workloadOf(
  description: NetworkDescription,
  ticks: number,
  rewards: ReturnType<typeof rewardsOf> = [],
  cores?: number,
) {
  const image = imageOf(description, cores);
  return { name: description.name, image, ticks, rewards, input: null, clearEvery: null };
}

function engram(
  description: NetworkDescription,
  ticks: number,
  rewards: ReturnType<typeof rewardsOf> = [],
): EngramRun {
  return new EngramRun(workloadOf(description, ticks, rewards), wasm);
}
