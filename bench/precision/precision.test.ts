import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/compiler/compile.js';
import { loadTarget } from '../../src/compiler/load-target.js';
import { readImage } from '../../src/image/read.js';
import { resolveNetwork } from '../../src/network/resolve.js';
import { banditNetwork } from '../../src/tasks/delayed-bandit/network.js';
import { banditOptions } from '../../src/tasks/delayed-bandit/options.js';
import bandit from '../../src/tasks/delayed-bandit/task.js';
import { machineBoard } from '../../src/tasks/machine-board.testing.js';
import { playTask } from '../../src/tasks/play.js';
import { banditSynapses, runBandit } from './bandit.js';
import { EpropSynapses } from './eprop-synapses.js';
import { coreFormat, float64, formatOf } from './format.js';
import { leftOf, reachOf } from './reach.js';
import { periodsOf, type RewardRule, RewardSynapses } from './reward-synapses.js';
import { Rounder } from './rounder.js';
import { PlasticWeights } from './weights.js';

const target = loadTarget('pico');
const contextLines = 20;
const weightVariable = 32;
const tagVariable = 33;
/** First fine weight of the bandit's synapses: 0.03 is 31 acting steps of 2^-10, and the middle of that step. */
const weights0 = 31 * 256 + 128;

function banditBoard(seed: number, trials: number) {
  const options = banditOptions.parse({ seed, trials });
  const image = readImage(compile(resolveNetwork(banditNetwork(options)), target).image);
  return { options, image, board: machineBoard(image) };
}

describe('against the emulated core', () => {
  test('with the core’s spikes, tags and weights of the bandit stay with the core’s', async () => {
    const trials = 120;
    const { options, image, board } = banditBoard(4, trials);
    const model = banditSynapses({ seed: 4, format: coreFormat, tagRange: null });
    const drive = new Float64Array(10);
    let arriving: readonly number[] = [];
    let largestTag = 0;
    let tagError = 0;
    let moved = 0;
    let weightError = 0;
    await playTask(board, image, bandit, options, {
      seed: options.seed,
      onStep: ({ run, spikes = [], rewards = [] }, from, out) => {
        const inputs = new Map<number, number[]>();
        for (const { in: tick, unit } of spikes) inputs.set(tick, [...(inputs.get(tick) ?? []), unit]);
        let next = 0;
        for (let tick = 0; tick < run; tick++) {
          for (const source of arriving) model.arrive(source, drive);
          for (; next < out.count && out.ticks[next] === from + tick; next++)
            model.fire(out.units[next]! - contextLines);
          model.endTick(rewards.find((event) => event.in === tick)?.value ?? null);
          arriving = inputs.get(tick) ?? [];
        }
        expect(next).toBe(out.count);
        const tags = board.machine.read(0, tagVariable, 0, 200);
        const weights = board.machine.read(0, weightVariable, 0, 200);
        for (let s = 0; s < 200; s++) {
          largestTag = Math.max(largestTag, Math.abs(tags[s]!));
          tagError = Math.max(tagError, Math.abs(tags[s]! - model.tags[s]!));
          moved = Math.max(moved, Math.abs(weights[s]! - weights0));
          weightError = Math.max(weightError, Math.abs(weights[s]! - model.weights.fine[s]!));
        }
      },
    });
    // Tags went to the end of their range and weights over two acting steps; the model was never far off.
    expect(largestTag).toBeGreaterThan(30_000);
    expect(tagError).toBeLessThanOrEqual(32);
    expect(moved).toBeGreaterThan(500);
    expect(weightError).toBeLessThanOrEqual(32);
  });

  test('in closed loop it learns the bandit as the core does', async () => {
    for (const seed of [1, 2, 3]) {
      const { options, image, board } = banditBoard(seed, 250);
      const core = (await playTask(board, image, bandit, options, { seed })).map(({ correct }) => correct);
      const model = runBandit({ seed, trials: 250, format: coreFormat, tagRange: null });
      const count = (correct: boolean[]) => correct.filter(Boolean).length;
      expect(count(core.slice(-100))).toBeGreaterThanOrEqual(90);
      expect(Math.abs(count(core.slice(0, 100)) - count(model.slice(0, 100)))).toBeLessThanOrEqual(10);
      expect(Math.abs(count(core.slice(-100)) - count(model.slice(-100)))).toBeLessThanOrEqual(5);
    }
  });
});

/** One source onto one neuron. */
const single = {
  sources: 1,
  neurons: 1,
  targets: Int32Array.of(0),
  starts: Int32Array.of(0, 1),
  unitOf: () => 0,
};

describe('float64 against closed forms', () => {
  const rule: RewardRule = {
    aPlus: 1,
    aMinus: 0.5,
    tauPlus: 20,
    tauMinus: 30,
    nearest: false,
    tauTag: 1000,
    rate: 1e-5,
    tagRange: null,
    weights: { min: -1, max: 1 },
    tauModulator: 50,
    baselineEvents: null,
  };

  /** A pair of spikes `lag` ticks apart (negative: post first) and a reward; the weight's change after 4 s. */
  function changeAfter(lag: number, rewardAt: number): number {
    const synapses = new RewardSynapses(rule, single, Float64Array.of(0), float64, 1);
    const drive = new Float64Array(1);
    for (let tick = 0; tick < 4000; tick++) {
      if (tick === (lag < 0 ? 10 - lag : 10)) synapses.arrive(0, drive);
      if (tick === (lag < 0 ? 10 : 10 + lag)) synapses.fire(0);
      synapses.endTick(tick === rewardAt ? 1 : null);
    }
    return synapses.weights.value(0);
  }

  test('a pair, a delay and a reward', () => {
    fc.assert(
      fc.property(fc.integer({ min: -60, max: 60 }), fc.integer({ min: 200, max: 3000 }), (lag, rewardAt) => {
        fc.pre(lag !== 0);
        const tag = lag > 0 ? Math.exp(-lag / 20) : -0.5 * Math.exp(lag / 30);
        // The tag decays at multiples of 64 ticks and stands still between; the modulator falls from tick to tick.
        // Weights change at multiples of 16, by the modulator since the last; those see the tag before its decay.
        const pairAt = 10 + Math.abs(lag);
        let expected = 0;
        for (let visit = 16; visit < 4000; visit += 16) {
          const decays = Math.max(0, Math.ceil(visit / 64) - Math.ceil(pairAt / 64));
          const [from, to] = [Math.max(visit - 16, rewardAt), visit];
          if (to <= from) continue;
          const power = (t: number) => Math.exp(-(t - rewardAt) / 50);
          const modulators = (power(from) - power(to)) / -Math.expm1(-1 / 50);
          expected += rule.rate * tag * Math.exp((-64 * decays) / 1000) * modulators;
        }
        const change = changeAfter(lag, rewardAt);
        expect(Math.abs(change / expected - 1)).toBeLessThan(1e-6);
        // And the continuous rule, in which nothing comes in sweeps.
        const continuous = (rule.rate * tag * Math.exp(-(rewardAt - pairAt) / 1000)) / (1 / 50 + 1 / 1000);
        expect(Math.abs(change / continuous - 1)).toBeLessThan(0.08);
      }),
      { numRuns: 60 },
    );
  });

  test('e-prop: tags of near-events by the sum over all of them', () => {
    const [beta, tauTag, tauSlow, tauPre] = [0.1, 20, 2000, 20] as const;
    const rule = {
      neurons: 2,
      sources: 1,
      adaptive: 1,
      beta,
      tauPre,
      tauTag,
      tauSlow,
      tagRange: 32,
      slowRange: 32,
      rate: 0.01,
      period: 1,
      lines: 1,
      weights: { min: -1, max: 1 },
    };
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 0.5, noNaN: true }), { minLength: 100, maxLength: 100 }),
        fc.integer({ min: 1, max: 50 }),
        (psi, spikeAt) => {
          const synapses = new EpropSynapses(rule, new Float64Array(2), float64, 1);
          for (let tick = 0; tick < 100; tick++) {
            if (tick === spikeAt) synapses.pre[0]! += 1;
            synapses.near(Float64Array.of(psi[tick]!, psi[tick]!), true, true);
            if (tick === 99) synapses.learn(Float64Array.of(1, -1), 0);
            synapses.endTick(true);
          }
          const x = (tick: number) => (tick < spikeAt ? 0 : Math.exp(-(tick - spikeAt) / tauPre));
          // ε_a before tick t, without decay (its sweeps are at ticks 0, when it is still 0, and 128): Σ ψ x Π (1 − β ψ) of what came between.
          const slow = (t: number) => {
            let sum = 0;
            for (let s = 0; s < t; s++) {
              let product = psi[s]! * x(s);
              for (let r = s + 1; r < t; r++) product *= 1 - beta * psi[r]!;
              sum += product;
            }
            return sum;
          };
          let [plain, adaptive] = [0, 0];
          for (let s = 0; s < 100; s++) {
            const filter = Math.exp(-(99 - s) / tauTag);
            plain += filter * psi[s]! * x(s);
            adaptive += filter * psi[s]! * (x(s) - beta * slow(s));
          }
          expect(synapses.slow[0]).toBe(0);
          expect(synapses.slow[1]).toBeCloseTo(slow(100), 9);
          expect(synapses.weights.value(0)).toBeCloseTo(-0.01 * plain, 9);
          expect(synapses.weights.value(1)).toBeCloseTo(0.01 * adaptive, 9);
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe('formats', () => {
  test('as the core: increments to the nearest step, decays down to zero, both inside the range', () => {
    const rounder = new Rounder(8, 'core', 1);
    fc.assert(
      fc.property(fc.double({ min: -300, max: 300, noNaN: true }), (steps) => {
        const rounded = rounder.increment(steps);
        expect(Number.isInteger(rounded)).toBe(true);
        expect(Math.abs(rounded - steps)).toBeLessThanOrEqual(0.5);
        const decayed = rounder.decayed(steps);
        expect(Math.abs(decayed)).toBe(Math.floor(Math.abs(steps)));
        expect(Math.abs(rounder.saturate(rounded))).toBe(Math.min(127, Math.abs(rounded)));
      }),
    );
  });

  test('what vanished is the part of the magnitudes whose increments became 0', () => {
    const rounder = new Rounder(8, 'core', 1);
    for (const steps of [0.25, -0.25, 3, -2.5, 0]) rounder.increment(steps);
    expect(rounder.vanished).toBeCloseTo(0.5 / 6, 12);
    expect(new Rounder(null, 'core', 1).vanished).toBe(0);
  });

  test('what is left of one event is exact at many bits, and nothing where it is forgotten', () => {
    for (const bits of [4, 8, 12, 16])
      for (const after of [1, 2, 3]) {
        const left = leftOf(bits, 1 / 32, 2000, after);
        expect(left === 0).toBe(reachOf(bits, 1 / 32, 2000) <= after);
        // Each visit takes less than a step beside the decay: less than 1 / (1 − keep) in all.
        const lost = 1 / (1 - Math.exp(-128 / 2000)) / (2 ** (bits - 6) * Math.exp(-after));
        expect(left).toBeLessThanOrEqual(1 + 1e-9);
        expect(left).toBeGreaterThan(1 - lost);
      }
  });

  test('stochastic: one of the two neighbours, and the right mean', () => {
    const rounder = new Rounder(8, 'stochastic', 3);
    for (const steps of [0.1, -0.25, 3.5, -7.9, 0.003]) {
      let [sum, strangers] = [0, 0];
      const draws = 40_000;
      for (let n = 0; n < draws; n++) {
        const rounded = rounder.increment(steps);
        if (rounded !== Math.floor(steps) && rounded !== Math.ceil(steps)) strangers++;
        sum += rounded;
      }
      expect(strangers).toBe(0);
      const share = steps - Math.floor(steps);
      const deviation = Math.sqrt((share * (1 - share)) / draws);
      expect(Math.abs(sum / draws - steps)).toBeLessThan(5 * deviation);
    }
  });

  test('16 bits with 8 acting hold the compiler’s weights', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-3, max: 4, noNaN: true }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 8 }),
        (largest, parts) => {
          const initial = parts.map((part) => part * largest);
          const network = {
            engram: 1 as const,
            name: 'weights',
            populations: {
              from: { model: 'input' as const, size: initial.length },
              to: { model: 'lif' as const, size: 1, tauMembrane: '20 ms', threshold: 1 },
            },
            modulators: { reward: { tau: '50 ms' } },
            projections: {
              p: {
                from: 'from',
                to: 'to',
                connect: 'all-to-all' as const,
                weight: { values: initial },
                plasticity: {
                  rule: 'rstdp',
                  modulator: 'reward',
                  weightRange: [0, largest] as [number, number],
                },
              },
            },
          };
          const { machine } = machineBoard(readImage(compile(resolveNetwork(network), target).image));
          const fine = machine.read(0, weightVariable, 0, initial.length);
          const weights = new PlasticWeights(
            Float64Array.from(initial),
            { min: 0, max: largest },
            coreFormat,
            1,
          );
          expect(Array.from(weights.fine)).toEqual(Array.from(fine));
          const unit = weights.perUnit / 256;
          expect(Array.from(weights.acting, (w) => w * unit)).toEqual(Array.from(fine, (w) => w >> 8));
        },
      ),
      { numRuns: 40 },
    );
  });

  test('a tag that decays downwards lives as long as the recursion without rounding says, to a few visits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 8, max: 16 }), fc.integer({ min: 100, max: 100_000 }), (bits, tauTag) => {
        const { tag: period } = periodsOf(tauTag);
        const keep = Math.exp(-period / tauTag);
        const steps = 2 ** (bits - 1) / 32;
        // A visit takes from 0 to 1 step beside the decay: all of a step at worst, nothing at best until one is left.
        const worst = Math.log(1 + steps * (1 - keep)) / -Math.log(keep);
        const best = 1 + Math.log(steps) / -Math.log(keep);
        const visits = (reachOf(bits, 1 / 32, tauTag) * tauTag) / period;
        expect(visits).toBeGreaterThanOrEqual(Math.floor(worst));
        expect(visits).toBeLessThanOrEqual(Math.ceil(best));
      }),
    );
  });

  test('a format cannot act with more bits than it has', () => {
    expect(() => formatOf(16, 8, 'core', 12)).toThrow(RangeError);
  });
});
