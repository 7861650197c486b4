import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type EngramError, isEngramError } from '../errors/engram-error.js';
import { blockFlags, modulatorFlags, neuronGroupFlags, noChannel, populationFlags } from '../image/layout.js';
import { readImage } from '../image/read.js';
import type { NetworkDescription } from '../network/description.js';
import { resolveNetwork } from '../network/resolve.js';
import { compile } from './compile.js';
import { signalPeriod } from './families/engram/signals.js';
import { quantizeWindow } from './families/engram/window.js';
import { loadTarget } from './load-target.js';
import { population } from './resolved.testing.js';

type Changes = {
  readonly populations?: NetworkDescription['populations'];
  readonly projections?: NonNullable<NetworkDescription['projections']>;
  readonly rest?: Partial<NetworkDescription>;
};

const readouts = 3;

/** A recurrent network with e-prop, random feedback and three readouts. */
function eprop({ populations, projections, rest }: Changes = {}): NetworkDescription {
  return {
    engram: 1,
    name: 'eprop',
    populations: {
      input: { model: 'input', size: 6 },
      hidden: {
        model: 'lif',
        size: 10,
        reset: 'subtract',
        adaptation: { tau: '2 s', step: 0.02 },
        surrogate: { dampening: 0.3 },
      },
      readout: { model: 'readout', size: readouts },
      ...populations,
    },
    modulators: {
      teach: { tau: 'none' },
      error: { tau: 'none', error: { population: 'readout', gate: 'teach' } },
    },
    projections: {
      in: {
        from: 'input',
        to: 'hidden',
        weight: 0.2,
        connect: { kind: 'probability', p: 0.5 },
        plasticity: { rule: 'eprop-alif', weightRange: [-1, 1] },
      },
      out: {
        from: 'hidden',
        to: 'readout',
        weight: 0.1,
        plasticity: { rule: 'eprop-readout', weightRange: [-1, 1] },
      },
      back: { from: 'hidden', to: 'readout', weight: 0.25, feedback: 'error', silent: true },
      ...projections,
    },
    ...rest,
  };
}

const imageOf = (description: NetworkDescription, cores?: number) =>
  readImage(compile(resolveNetwork(description), loadTarget('manycore'), { cores }).image);

function failure(description: NetworkDescription, target = 'manycore'): EngramError {
  try {
    compile(resolveNetwork(description), loadTarget(target));
  } catch (error) {
    if (isEngramError(error)) return error;
    throw error;
  }
  throw new Error('it compiled');
}

test.each([1, 2, 5, 13])('errors, windows and signals stand where they belong on %i cores', (cores) => {
  const image = imageOf(eprop(), cores);
  expect(image.cores).toHaveLength(cores);
  expect(image.modulators.map(({ flags, gate }) => [flags, gate])).toEqual([
    [0, noChannel],
    ...new Array(readouts).fill([modulatorFlags.error, 0]),
  ]);
  const readoutUnit = image.populations[2]!.firstUnit;
  image.modulators.slice(1).forEach(({ errorCore, errorNeuron }, n) => {
    const group = image.cores[errorCore]!.neuronGroups.find(
      ({ firstNeuron, count }) => errorNeuron >= firstNeuron && errorNeuron < firstNeuron + count,
    )!;
    expect(group.firstUnit + errorNeuron - group.firstNeuron).toBe(readoutUnit + n);
  });
  for (const { neuronGroups, blocks } of image.cores) {
    for (const group of neuronGroups) {
      const hidden = group.population === 1;
      const flags = group.flags & (neuronGroupFlags.window | neuronGroupFlags.signal);
      expect(flags).toBe(neuronGroupFlags.signal | (hidden ? neuronGroupFlags.window : 0));
      expect(group.signalChannel).toBe(hidden ? noChannel : 1 + group.firstUnit - readoutUnit);
    }
    for (const block of blocks) {
      const back = image.host.projections[block.projection]!.name === 'back';
      expect(block.flags & (blockFlags.feedback | blockFlags.silent)).toBe(
        back ? blockFlags.feedback | blockFlags.silent : 0,
      );
      if (!back) continue;
      const group = neuronGroups.find(({ population }) => population === 2)!;
      expect(block.feedbackChannel).toBe(1 + group.firstUnit - readoutUnit);
    }
  }
  expect(image.host.modulators.map(({ name }) => name)).toEqual([
    'teach',
    'error[0]',
    'error[1]',
    'error[2]',
  ]);
  expect(image.host.projections[0]!.tag2Exponent).toBeTypeOf('number');
});

test('the shift of a learning signal makes weight times error of the step of its weights', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-3, max: 120, noNaN: true }), (weight) => {
      const image = imageOf(
        eprop({
          projections: { back: { from: 'hidden', to: 'readout', weight, feedback: 'error', silent: true } },
        }),
      );
      const hidden = image.cores[0]!.neuronGroups.find(({ population }) => population === 1)!;
      const block = image.cores[0]!.blocks.find(({ flags }) => (flags & blockFlags.feedback) !== 0)!;
      const mantissa = image.cores[0]!.weights8[block.weightOffset]!;
      expect(mantissa * 2 ** -hidden.signalShift).toBeGreaterThan(weight * 0.992);
      expect(mantissa * 2 ** -hidden.signalShift).toBeLessThan(weight * 1.008);
    }),
    { numRuns: 30 },
  );
});

test('learning signals are means over the shortest of the sweeps that read them', () => {
  const period = (rule: string, averaging: string, readout: string) =>
    signalPeriod(
      resolveNetwork(
        eprop({
          projections: {
            in: {
              from: 'input',
              to: 'hidden',
              weight: 0.2,
              plasticity: { rule, weightRange: [-1, 1], ...(averaging ? { averaging } : {}) },
            },
            out: {
              from: 'hidden',
              to: 'readout',
              weight: 0.1,
              plasticity: { rule: 'eprop-readout', weightRange: [-1, 1], averaging: readout },
            },
          },
        }),
      ),
    );
  expect(period('eprop', '8 ms', '4 ms')).toBe(2);
  expect(period('eprop', '8 ms', '9 ms')).toBe(3);
  expect(period('eprop', '64 ms', '1 s')).toBe(6);
  expect(period('eprop', 'none', '64 ms')).toBe(0);
  // A rule that reads l at an event reads that of the tick.
  expect(period('eprop-event', '', '64 ms')).toBe(0);
});

describe('pseudo-derivative', () => {
  test('is the triangle or the box of the description to a few parts in a thousand, at every scale', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 1000, noNaN: true }),
        fc.double({ min: 0.05, max: 5, noNaN: true }),
        fc.double({ min: 0.02, max: 8, noNaN: true }),
        fc.boolean(),
        fc.double({ min: 0, max: 1.2, noNaN: true }),
        (threshold, dampening, width, box, distance) => {
          const exponent = 16 - Math.floor(Math.log2(threshold));
          const surrogate = { dampening, width, shape: box ? 'box' : 'triangle' } as const;
          const window = quantizeWindow(population({ threshold, surrogate }), exponent)!;
          const state = Math.round(distance * width * threshold * 2 ** exponent);
          const h =
            state > window.width
              ? 0
              : Math.max(0, window.peak - ((Math.min(state >> window.shift, 65535) * window.slope) >>> 16));
          const real =
            distance > 1 ? 0 : box ? dampening / threshold : (dampening / threshold) * (1 - distance);
          expect(Math.abs(h * 2 ** window.exponent - real)).toBeLessThan((0.003 * dampening) / threshold);
          expect(window.peak).toBeLessThan(4096);
        },
      ),
    );
  });

  test('a window of no width is refused', () => {
    const hidden = { model: 'lif', size: 1, surrogate: { width: 1e-6 } } as const;
    expect(failure(eprop({ populations: { hidden } })).message).toContain("surrogate of population 'hidden'");
    expect(failure(eprop({ populations: { hidden } })).code).toBe('E0403');
  });
});

test('feedback weights and readouts out of reach are refused with the remedy', () => {
  const large = failure(
    eprop({
      projections: { back: { from: 'hidden', to: 'readout', weight: 300, feedback: 'error', silent: true } },
    }),
  );
  expect([large.code, large.message]).toEqual([
    'E0403',
    expect.stringContaining("projection 'back' brings errors back"),
  ]);
  const pairs = Array.from({ length: 257 }, (): [number, number] => [0, 0]);
  const many = failure(
    eprop({
      projections: {
        back: {
          from: 'hidden',
          to: 'readout',
          weight: 0.1,
          connect: { kind: 'list', pairs },
          feedback: 'error',
        },
      },
    }),
  );
  expect([many.code, many.message]).toEqual(['E0401', expect.stringContaining('through 257 synapses')]);
  const coarse = failure(eprop({ projections: { out: { from: 'hidden', to: 'readout', weight: 60_000 } } }));
  expect([coarse.code, coarse.message]).toEqual(['E0403', expect.stringContaining("modulator 'error[0]'")]);
});

describe('episodes', () => {
  const episodes = {
    record: ['input', 'hidden'],
    on: 'teach',
    window: '500 ms',
    slots: 3,
    events: 100,
  } as const;
  const with_ = (change: object = {}) =>
    eprop({ rest: { episodes: { ...episodes, record: [...episodes.record], ...change } } });

  test('are recorded as described', () => {
    const image = imageOf(
      with_({ speed: 8, order: 'reverse', settle: '20 ms', clear: ['tags', 'membranes'] }),
    );
    expect(image.episodes).toEqual([
      {
        slots: 3,
        events: 100,
        duration: 500,
        settle: 20,
        trigger: 0,
        earlier: 0,
        speed: 3,
        clear: 5,
        flags: 1,
        reserved: 0,
      },
    ]);
    const { recorded, opens } = populationFlags;
    expect(image.populations.map(({ flags }) => flags & (recorded | opens))).toEqual([
      recorded | opens,
      recorded,
      0,
    ]);
    expect(imageOf(with_({ opens: ['hidden'] })).populations[1]!.flags & opens).toBe(opens);
  });

  test('quiet time is four time constants of the modulator', () => {
    const settle = (tau: string) =>
      imageOf(
        eprop({
          rest: {
            modulators: { teach: { tau }, error: { tau, error: { population: 'readout' } } },
            episodes: { record: ['input'], on: 'teach', window: '1 s' },
          },
        }),
      ).episodes[0]!.settle;
    expect([settle('50 ms'), settle('1 h'), settle('none')]).toEqual([200, 65_535, 0]);
  });

  test('take memory of core 0, and are refused where there is too little', () => {
    const bytes = (description: NetworkDescription) =>
      compile(resolveNetwork(description), loadTarget('pico')).report.cores[0]!.memory;
    expect(bytes(with_()).episodes).toBe(68 + 3 * (12 + 4 * 100));
    expect(bytes(with_()).total - bytes(eprop()).total).toBe(68 + 3 * (12 + 4 * 100));
    const error = failure(with_({ slots: 256, events: 4096 }), 'pico');
    expect([error.code, error.message]).toEqual([
      'E0401',
      expect.stringContaining('the episodic buffer needs'),
    ]);
  });
});
