import { describe, expect, test } from 'vitest';
import { Machine, type MachineOptions } from '../emulator/core/machine.js';
import { workerTeam } from '../emulator/threads/worker-team.js';
import { Coverage } from '../hil-tests/lockstep/coverage.js';
import { drawnNetwork } from '../hil-tests/lockstep/drawn-set.js';
import { putInMachine } from '../hil-tests/lockstep/play-script.js';
import { drawTraffic } from '../hil-tests/lockstep/traffic.js';
import { epropNetwork, replayNetwork } from '../hil-tests/networks/learning-core.js';
import { type Script, scriptPart } from '../hil-tests/replay/script.js';
import { compile } from '../src/compiler/compile.js';
import { loadTarget } from '../src/compiler/load-target.js';
import type { Image } from '../src/image/image.js';
import { modelCodes } from '../src/image/layout.js';
import { readImage } from '../src/image/read.js';
import type { NetworkDescription } from '../src/network/description.js';
import { resolveNetwork } from '../src/network/resolve.js';
import { drawsOf } from '../src/tasks/draws.js';

/** The kernels made for an image, and docs/core.md in plain TypeScript: the same at every tick. */
class Pair {
  readonly quick: Machine;
  readonly plain: Machine;

  constructor(image: Image, options: MachineOptions = {}) {
    this.quick = new Machine(image, options);
    this.plain = new Machine(image, { kernels: 'typescript' });
  }

  get both(): readonly Machine[] {
    return [this.quick, this.plain];
  }

  step(): void {
    const { tick } = this.plain;
    const [quick, plain] = this.both.map((machine) => {
      const spikes: number[] = [];
      machine.run(1, (_, units, count) => spikes.push(...units.subarray(0, count)));
      return { spikes, hash: machine.stateHash(), ...machine.statistics };
    });
    expect(quick, `after tick ${tick}`).toEqual(plain);
  }

  play(script: Script, ticks: number): void {
    for (let tick = 0; tick < ticks; tick++) {
      for (const machine of this.both) putInMachine(machine, scriptPart(script, tick, tick + 1));
      this.step();
    }
  }
}

describe('kernels hold the state of the plain reading of docs/core.md', () => {
  test('on generated networks that contain every part of it', () => {
    const coverage = new Coverage();
    const target = loadTarget('manycore');
    for (let number = 0; number < 60; number++) {
      const { test, draw } = drawnNetwork(target, 11, number, coverage);
      const ticks = 160;
      const { script } = drawTraffic(draw, test.image, ticks);
      const pair = new Pair(test.image);
      pair.play(script, ticks);
      for (const machine of pair.both) machine.restore(machine.checkpoint());
      for (let tick = 0; tick < 40; tick++) pair.step();
    }
    expect(coverage.missingStatic()).toEqual([]);
  });

  const imageOf = (description: NetworkDescription, cores: number) =>
    readImage(compile(resolveNetwork(description), loadTarget('manycore'), { cores }).image);

  /** Bursts and silence, so that chunks fall asleep and wake. */
  const drive = (
    description: NetworkDescription,
    cores: number,
    ticks: number,
    seed: number,
    options: MachineOptions = {},
  ): Pair => {
    const pair = new Pair(imageOf(description, cores), options);
    const { populations, modulators } = pair.plain.image;
    const draws = drawsOf(seed);
    for (let tick = 0; tick < ticks; tick++) {
      const rate = [0, 0.02, 0.3, 1][Math.floor(tick / 40) % 4]!;
      for (const { model, firstUnit, size } of populations)
        for (let unit = firstUnit; model === modelCodes.input && unit < firstUnit + size; unit++)
          if (draws.uniform() < rate) for (const machine of pair.both) machine.addSpike(tick, unit);
      if (modulators.length > 0 && draws.uniform() < 0.05)
        for (const machine of pair.both) machine.addReward(tick, 0, (tick % 3) * 400_000 - 300_000);
      pair.step();
    }
    return pair;
  };

  test.each([1, 3])('e-prop and episodes on %i cores', (cores) => {
    drive(epropNetwork(4), cores, 300, 4);
    drive(replayNetwork(4, { earlier: 2, settle: '20 ms' }), cores, 300, 4);
  });

  test.each([2, 3])('on %i threads', (threads) => {
    const networks = [
      epropNetwork(6),
      replayNetwork(6, { earlier: 2, settle: '20 ms' }),
      wide(false, 130, 'rstdp'),
    ];
    for (const network of networks) {
      const { quick } = drive(network, 3, 300, 6, { team: workerTeam(threads) });
      quick.close();
    }
  });

  /** Rows wider than a tile, more rows due than 16-bit lanes can sum, more neurons than a chunk, ends of every length. */
  const wide = (dense: boolean, neurons: number, rule: string | null): NetworkDescription =>
    ({
      engram: 1,
      name: 'wide',
      seed: 7,
      populations: {
        input: { model: 'input', size: 600 },
        quiet: {
          model: 'lif',
          size: neurons,
          tauMembrane: '20 ms',
          threshold: 6,
          reset: 1,
          refractory: '2 ms',
        },
        noisy: { model: 'lif', size: 70, tauMembrane: '20 ms', threshold: 3, noise: 1.1 },
      },
      modulators: { reward: { tau: '30 ms' } },
      projections: {
        drive: {
          from: 'input',
          to: 'quiet',
          connect: dense ? 'all-to-all' : { kind: 'probability', p: 0.1 },
          weight: { distribution: 'uniform', low: -0.4, high: 0.45 },
          ...(rule === null
            ? {}
            : {
                plasticity: {
                  rule,
                  weightRange: [-1, 1],
                  ...(rule === 'rstdp' ? { modulator: 'reward' } : {}),
                },
              }),
        },
        same: {
          from: 'noisy',
          to: 'quiet',
          connect: { kind: 'in-degree', n: 3 },
          weight: 0.5,
          delay: '3 ms',
        },
        rare: { from: 'noisy', to: 'quiet', connect: { kind: 'in-degree', n: 1 }, weight: 0.5 },
        back: {
          from: 'quiet',
          to: 'noisy',
          connect: { kind: 'in-degree', n: 9 },
          weight: { distribution: 'uniform', low: 0, high: 0.2 },
          delay: { distribution: 'uniform', low: '1 ms', high: '7 ms' },
        },
      },
    }) as never;

  test.each([
    [true, 133, null],
    [false, 133, null],
    [true, 70, 'stdp'],
    [false, 70, 'stdp'],
    [true, 70, 'rstdp'],
    [false, 70, 'rstdp'],
    [false, 70, 'triplet'],
  ] as const)('large blocks, dense: %s, %i neurons, rule %s', (dense, neurons, rule) => {
    const pair = drive(wide(dense, neurons, rule), 1, 400, 5);
    expect(pair.plain.statistics.synapticEvents).toBeGreaterThan(100_000);
  });
});
