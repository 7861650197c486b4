import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileGenerated } from '../../src/compiler/generated.testing.js';
import type { Image } from '../../src/image/image.js';
import { boardWide, variableCodes } from '../../src/image/layout.js';
import { arbitraryNetwork } from '../../src/network/arbitrary-network.testing.js';
import type { NetworkDescription } from '../../src/network/description.js';
import { type Draws, drawsOf } from '../../src/tasks/draws.js';
import { Machine } from './machine.js';
import { TickHeap } from './tick-heap.js';

class CountingMachine extends Machine {
  skipped = 0;

  override skipQuiet(most: number): number {
    const ticks = super.skipQuiet(most);
    this.skipped += ticks;
    return ticks;
  }
}

/** One machine that may skip, and one that is driven tick by tick and so never does. */
class Pair {
  readonly skipping: CountingMachine;
  readonly plain: Machine;
  readonly #image: Image;

  constructor(image: Image) {
    this.#image = image;
    this.skipping = new CountingMachine(image);
    this.plain = new Machine(image);
  }

  /** Events for some of the next ticks, the same for both. */
  feed(ticks: number, draws: Draws): void {
    const { populations, modulators } = this.#image;
    const { tick } = this.plain;
    const lines = populations
      .filter(({ model }) => model === 3)
      .flatMap(({ firstUnit, size }) => Array.from({ length: size }, (_, n) => firstUnit + n));
    const at = () => tick + draws.integer(0, ticks - 1);
    for (const machine of [this.skipping, this.plain]) machine.setSpikesOut(1, true);
    for (let n = draws.integer(0, 40); n > 0; n--) {
      const [when, unit] = [at(), lines[draws.integer(0, lines.length - 1)]!];
      for (const machine of [this.skipping, this.plain]) machine.addSpike(when, unit);
    }
    if (modulators.length > 0 && draws.uniform() < 0.5) {
      const reward = [
        at(),
        draws.integer(0, modulators.length - 1),
        draws.integer(-(2 ** 21), 2 ** 21),
      ] as const;
      for (const machine of [this.skipping, this.plain]) machine.addReward(...reward);
    }
    // A host may write what would else come about by events alone.
    if (modulators.length > 0 && draws.uniform() < 0.3) {
      const value = Int32Array.of(draws.integer(-(2 ** 20), 2 ** 20));
      for (const machine of [this.skipping, this.plain])
        machine.write(boardWide, variableCodes.modulator, 0, value);
    }
    if (draws.uniform() < 0.2) {
      const code = draws.integer(1, 4);
      const control = [at(), code, 0xffff, draws.integer(0, code === 1 ? 31 : 1)] as const;
      for (const machine of [this.skipping, this.plain]) machine.addControl(...control);
    }
  }

  run(ticks: number): void {
    const spikes: [string[], string[]] = [[], []];
    const take = (list: string[]) => (tick: number, units: Uint32Array, count: number) => {
      list.push(`${tick}: ${units.subarray(0, count).join()}`);
    };
    this.skipping.run(ticks, take(spikes[0]));
    for (let n = 0; n < ticks; n++) this.plain.run(1, take(spikes[1]));
    expect(spikes[0]).toEqual(spikes[1]);
    expect(this.skipping.tick).toBe(this.plain.tick);
    expect(this.skipping.stateHash()).toBe(this.plain.stateHash());
    expect(this.skipping.statistics).toEqual(this.plain.statistics);
  }

  /** Everything that evolves, bit for bit. */
  compareAll(): void {
    expect(Buffer.compare(this.skipping.checkpoint(), this.plain.checkpoint())).toBe(0);
  }
}

/** Mostly short spans, some long. */
const spanOf = (draws: Draws) => Math.ceil(Math.exp(draws.uniform() * Math.log(6000)));

/** Networks of 16 seeds over spans with input at their beginnings: how many ticks were skipped and episodes replayed. */
function overLongSpans(
  describeNetwork: (draws: Draws) => NetworkDescription,
  coresOf: (draws: Draws) => number,
  spans: readonly number[],
): { readonly skipped: number; readonly replays: number } {
  let [skipped, replays] = [0, 0];
  for (let seed = 1; seed <= 16; seed++) {
    const draws = drawsOf(seed);
    const image = compileGenerated(describeNetwork(draws), coresOf(draws));
    if (image === null) continue;
    const pair = new Pair(image);
    for (const ticks of spans) {
      pair.feed(Math.ceil(ticks / 10), draws);
      pair.run(draws.integer(1, Math.ceil(ticks / 2)));
      pair.run(ticks);
    }
    pair.compareAll();
    skipped += pair.skipping.skipped;
    if (image.episodes.length > 0) replays += pair.plain.read(boardWide, variableCodes.episode, 5, 1)[0]!;
  }
  return { skipped, replays };
}

describe('skipping quiet spans gives the bits of tick by tick', () => {
  test('generated networks with sparse input, rewards and control events', () => {
    let skipped = 0;
    let spikes = 0;
    fc.assert(
      fc.property(
        arbitraryNetwork(),
        fc.nat(),
        fc.integer({ min: 1, max: 3 }),
        (description, seed, cores) => {
          const image = compileGenerated(description, cores);
          fc.pre(image !== null);
          const pair = new Pair(image);
          const draws = drawsOf(seed);
          for (let span = 0; span < 12; span++) {
            const ticks = spanOf(draws);
            pair.feed(Math.ceil(ticks / 4), draws);
            for (let left = ticks; left > 0; ) {
              const part = Math.min(left, draws.integer(1, ticks));
              pair.run(part);
              left -= part;
            }
          }
          pair.compareAll();
          skipped += pair.skipping.skipped;
          spikes += pair.plain.statistics.spikesOut;
        },
      ),
      { numRuns: 30 },
    );
    expect(skipped).toBeGreaterThan(10_000);
    expect(spikes).toBeGreaterThan(1000);
  });

  const time = (draw: Draws, low: number, high: number) =>
    `${Math.round(Math.exp(Math.log(low) + draw.uniform() * Math.log(high / low)))} ms`;
  /** Neurons of every kind under noise and bias, with time constants over the whole range, and little else. */
  const neurons = (draw: Draws): NetworkDescription => ({
    engram: 1,
    name: 'neurons',
    tick: '1 ms',
    seed: draw.integer(0, 2 ** 32 - 1),
    populations: {
      input: { model: 'input', size: 3 },
      ...Object.fromEntries(
        Array.from({ length: 6 }, (_, n) => [
          `lif-${n}`,
          {
            model: 'lif' as const,
            size: 2,
            tauMembrane: draw.uniform() < 0.1 ? 'none' : time(draw, 1, 100_000),
            ...(draw.uniform() < 0.5 ? { tauSynapse: time(draw, 1, 5000) } : {}),
            ...(draw.uniform() < 0.4
              ? { adaptation: { tau: time(draw, 5, 50_000), step: draw.uniform() * 0.5 - 0.2 } }
              : {}),
            reset: draw.uniform() < 0.3 ? ('subtract' as const) : 0,
            refractory: `${draw.integer(0, 10)} ms`,
            noise: draw.uniform() < 0.3 ? 0 : Math.exp(-draw.uniform() * 9) * 0.1,
            bias: draw.uniform() < 0.5 ? 0 : Math.exp(-draw.uniform() * 9) * (draw.uniform() - 0.5) * 0.1,
            initial: draw.uniform() - 0.5,
          },
        ]),
      ),
      readout: { model: 'readout', size: 2, tauMembrane: time(draw, 1, 10_000), bias: 0.01 },
    },
    projections: Object.fromEntries(
      Array.from({ length: 6 }, (_, n) => [`drive-${n}`, { from: 'input', to: `lif-${n}`, weight: 0.4 }]),
    ),
  });

  test('neurons with time constants of milliseconds to minutes', () => {
    const { skipped } = overLongSpans(neurons, () => 1, [50, 3000, 10, 9000, 1, 20_000]);
    expect(skipped).toBeGreaterThan(50_000);
  });

  /** Second tags, rated sweeps that read slow traces, learning signals, gated errors, and an episodic buffer. */
  const learners = (draw: Draws): NetworkDescription => ({
    engram: 1,
    name: 'learners',
    tick: '1 ms',
    seed: draw.integer(0, 2 ** 32 - 1),
    populations: {
      cue: { model: 'input', size: 6 },
      act: { model: 'lif', size: 5, noise: 0.015, refractory: '2 ms' },
      late: { model: 'lif', size: 4, tauSynapse: '4 ms' },
      out: { model: 'readout', size: 2 },
    },
    modulators: {
      reward: { tau: '30 ms', baseline: { events: 5 } },
      teach: { tau: '20 ms' },
      error: { tau: '20 ms', error: { population: 'out', gate: 'teach' } },
    },
    projections: {
      'cue-act': {
        from: 'cue',
        to: 'act',
        weight: 0.5,
        plasticity: {
          rule: 'rstdp',
          modulator: 'reward',
          weightRange: [0, 0.9],
          tauTag: '300 ms',
          rate: 1e-4,
        },
      },
      'cue-late': {
        from: 'cue',
        to: 'late',
        weight: 0.3,
        plasticity: {
          rule: 'tagging-capture',
          weightRange: [0, 1],
          base: 0.3,
          fade: 1e-4,
          capture: 1e-3,
          tauProtein: '3 s',
          tauTag: time(draw, 500, 5000),
          tauLate: time(draw, 500, 50_000),
          sweep: '100 ms',
        },
      },
      'late-out': { from: 'late', to: 'out', weight: 0.2 },
    },
    episodes: {
      record: ['cue', 'act'],
      on: 'reward',
      window: '400 ms',
      slots: 4,
      events: 30,
      settle: '50 ms',
      speed: draw.uniform() < 0.5 ? 1 : 4,
      earlier: draw.integer(0, 2),
    },
  });

  test('second tags, slow traces in sweeps, gated errors, recording and replay', () => {
    const spans = [40, 2000, 700, 8000, 5, 3000];
    const { skipped, replays } = overLongSpans(learners, (draws) => draws.integer(1, 3), spans);
    expect(skipped).toBeGreaterThan(50_000);
    expect(replays).toBeGreaterThan(10);
  });
});

test('the least of a heap is the least of what was added and not removed', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat(50)), { maxLength: 80 }), (steps) => {
      const heap = new TickHeap();
      const sorted: number[] = [];
      for (const tick of steps) {
        if (tick === null) {
          heap.removeLeast();
          sorted.shift();
        } else {
          heap.add(tick);
          sorted.push(tick);
          sorted.sort((a, b) => a - b);
        }
        expect(heap.least).toBe(sorted[0] ?? Number.POSITIVE_INFINITY);
      }
    }),
  );
});
