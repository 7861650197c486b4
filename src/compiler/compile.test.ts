import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type EngramError, isEngramError } from '../errors/engram-error.js';
import { blockFlags, blockKindCodes } from '../image/layout.js';
import { readImage } from '../image/read.js';
import type { ConnectSpec, ResolvedNetwork } from '../network/resolved.js';
import { compile, passNames } from './compile.js';
import { connect } from './connect.js';
import { elaborate } from './elaborate.js';
import { stateDecay, tagDecay } from './families/engram/decay.js';
import { loadTarget } from './load-target.js';
import type { Indices } from './passes.js';
import { drawsFor } from './random.js';
import { constant, makeNetwork, plastic, reward, rstdp, rule, term, trace } from './resolved.testing.js';

const pico = loadTarget('pico');
const manycore = loadTarget('manycore');

function failure(network: ResolvedNetwork, target = pico, cores?: number): EngramError {
  try {
    compile(network, target, { cores });
  } catch (error) {
    if (isEngramError(error)) return error;
    throw error;
  }
  throw new Error('it compiled');
}

describe('compile', () => {
  const network = makeNetwork(
    [{ model: 'input', size: 20 }, { size: 30 }],
    [
      { between: [0, 1], plasticity: plastic(rstdp(2000)) },
      {
        between: [1, 1],
        connect: { kind: 'probability', p: 0.3, selfConnections: false },
        weight: constant(-0.05),
      },
    ],
    { modulators: [reward] },
  );

  test('equal inputs give equal bytes, and the reader accepts them', () => {
    const first = compile(network, pico);
    expect(compile(network, pico).image).toEqual(first.image);
    const image = readImage(first.image);
    expect(image.targetId).toBe(pico.id);
    expect(image.cores[0]!.blocks.map(({ kind }) => kind)).toContain(blockKindCodes.dense);
  });

  test('names its passes in their order', () => {
    const seen: string[] = [];
    compile(network, pico, { onPass: (name) => seen.push(name) });
    expect(seen).toEqual([...passNames]);
  });

  test('the report adds up', () => {
    const { report, image } = compile(network, manycore, { cores: 5 });
    expect(report.cores).toHaveLength(5);
    expect(report.neurons).toBe(30);
    const cores = readImage(image).cores;
    report.cores.forEach((core, n) => {
      expect(core.memory.total).toBe(
        core.memory.neurons +
          core.memory.axons +
          core.memory.synapses +
          core.memory.routes +
          core.memory.episodes,
      );
      expect(core.memory.total).toBe(cores[n]!.core.memoryBytes);
    });
    const projection = report.projections[0]!;
    expect(projection.rmsError).toBeLessThanOrEqual(projection.maxError);
    expect(projection.maxError).toBeLessThanOrEqual(projection.step);
  });
});

describe('connectivity', () => {
  const projectionOf = (spec: ConnectSpec, rows: number, columns: number) =>
    makeNetwork([{ size: rows }, { size: columns }], [{ between: [0, 1], connect: spec }]).projections[0]!;
  const pairs = ({ rowStart, targets }: { rowStart: Uint32Array; targets: Indices }) =>
    [...rowStart.slice(1)].flatMap((end, row) =>
      [...targets.slice(rowStart[row], end)].map((column) => [row, column]),
    );

  test('fixed in-degree gives every target that many distinct sources', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 30 }),
        fc.nat(),
        (rows, columns, seed) => {
          const n = 1 + (seed % rows);
          const made = connect(
            projectionOf({ kind: 'in-degree', n, selfConnections: true }, rows, columns),
            drawsFor(seed, 'x'),
          );
          const bySource = pairs(made);
          expect(new Set(bySource.map(String)).size).toBe(n * columns);
          for (let column = 0; column < columns; column++)
            expect(bySource.filter(([, target]) => target === column)).toHaveLength(n);
        },
      ),
    );
  });

  test('fixed probability: the share of pairs is within five standard deviations', () => {
    for (const p of [0.01, 0.1, 0.5, 0.97]) {
      const made = connect(
        projectionOf({ kind: 'probability', p, selfConnections: true }, 300, 300),
        drawsFor(3, 'x'),
      );
      const pairCount = 90_000;
      expect(Math.abs(made.targets.length - pairCount * p)).toBeLessThan(
        5 * Math.sqrt(pairCount * p * (1 - p)),
      );
      expect(new Set(pairs(made).map(String)).size).toBe(made.targets.length);
    }
  });

  test('a list keeps its pairs and gives each its own weight', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { minLength: 1, maxLength: 40 }), (list) => {
        const weights = list.map((_, n) => n / 64);
        const elaborated = elaborate(
          makeNetwork(
            [{ size: 10 }, { size: 10 }],
            [
              {
                between: [0, 1],
                connect: {
                  kind: 'list',
                  pre: Uint32Array.from(list, ([pre]) => pre),
                  post: Uint32Array.from(list, ([, post]) => post),
                },
                weight: { kind: 'values', values: Float64Array.from(weights) },
              },
            ],
          ),
        ).projections[0]!;
        const found = pairs(elaborated).map(([pre, post], n) => [
          pre,
          post,
          (elaborated.weights as Float32Array)[n],
        ]);
        const wanted = list.map(([pre, post], n) => [pre, post, weights[n]]);
        const sorted = (rows: unknown[][]) => rows.map(String).sort();
        expect(sorted(found)).toEqual(sorted(wanted));
      }),
    );
  });

  test('as many synapses as pairs, but one pair twice, is not full', () => {
    const network = makeNetwork(
      [{ size: 2 }, { size: 1 }],
      [{ between: [0, 1], connect: { kind: 'list', pre: Uint32Array.of(1, 1), post: Uint32Array.of(0, 0) } }],
    );
    expect(elaborate(network).projections[0]!.full).toBe(false);
    expect(readImage(compile(network, pico).image).cores[0]!.axons).toHaveLength(1);
  });

  test('no neuron is connected to itself where that is not wanted', () => {
    const network = makeNetwork(
      [{ size: 25 }],
      [
        { between: [0, 0], connect: { kind: 'all-to-all', selfConnections: false } },
        { between: [0, 0], connect: { kind: 'in-degree', n: 24, selfConnections: false } },
        { between: [0, 0], connect: { kind: 'probability', p: 0.9, selfConnections: false } },
      ],
    );
    for (const projection of elaborate(network).projections)
      expect(pairs(projection).filter(([row, column]) => row === column)).toEqual([]);
  });
});

describe('what does not fit is refused with the thing, the need, the limit and a remedy', () => {
  test('too many neurons', () => {
    const error = failure(makeNetwork([{ name: 'hidden', size: 5000 }], []));
    expect(error.code).toBe('E0401');
    expect(error.message).toBe(
      "network 'test' needs 3 cores; target 'pico' has 1. What filled a core first: 2,048 neurons",
    );
    expect(error.fix.join(' ')).toContain("make 'hidden' smaller");
    expect(error.facts).toContainEqual(['neurons', '5,000 (2,048 a core)']);
  });

  test('too many synapses', () => {
    const error = failure(makeNetwork([{ size: 600 }], [{ between: [0, 0] }]));
    expect(error.message).toContain('163,840 synapses');
  });

  test('too much memory', () => {
    const error = failure(
      makeNetwork([{ size: 300 }], [{ between: [0, 0], plasticity: plastic(rstdp(1000)) }], {
        modulators: [reward],
      }),
    );
    expect(error.message).toContain('bytes of memory');
  });

  test('an image larger than the board takes in an upload, though its memory would hold the network', () => {
    const netduino = loadTarget('netduinoplus2');
    const parts = (count: number) =>
      makeNetwork(
        Array.from({ length: count }, (_, n) => ({ name: `part-${n}`, size: 2 })),
        Array.from({ length: count - 1 }, (_, n) => ({ between: [n, n + 1] as const })),
      );
    const { image } = compile(parts(20), netduino);
    expect(image.length).toBeLessThan(netduino.imageBytes);
    const error = failure(parts(60), netduino);
    expect(error.code).toBe('E0401');
    expect(error.message).toMatch(
      /^the image of 'test' has [0-9,]+ bytes; 'netduinoplus2' takes an image of 24,576 in an upload$/,
    );
    expect(error.fix.join(' ')).toContain('smaller');
  });

  test('one neuron with more inputs than a core has axons', () => {
    const error = failure(
      makeNetwork(
        [
          { model: 'input', size: 9000 },
          { name: 'out', size: 1 },
        ],
        [{ between: [0, 1] }],
      ),
    );
    expect(error.message).toBe(
      "neuron 0 of population 'out' does not fit a core by itself: a core of 'pico' holds 8,192 axons",
    );
  });

  test('more cores than the target has', () => {
    expect(failure(makeNetwork([{ size: 10 }], []), pico, 2).message).toContain(
      'cannot be spread over 2 cores',
    );
  });

  test('four different post-traces onto one population', () => {
    const learn = (tau: number) =>
      plastic(rule({ traces: new Map([['y1', trace(tau)]]), terms: [term('w', 'pre', -0.01, 'y1')] }));
    const error = failure(
      makeNetwork(
        [
          { model: 'input', size: 2 },
          { name: 'out', size: 2 },
        ],
        [10, 20, 30, 40].map((tau) => ({ between: [0, 1] as const, plasticity: learn(tau) })),
      ),
    );
    expect(error.message).toBe(
      "population 'out' needs 4 different post-traces; a neuron of the core holds 3",
    );
  });

  test('a coefficient beyond the microcode', () => {
    const learn = (coefficient: number) =>
      plastic(
        rule({
          name: 'mine',
          traces: new Map([['x1', trace(20)]]),
          terms: [term('w', 'post', coefficient, 'x1')],
        }),
      );
    const at = (coefficient: number) =>
      failure(
        makeNetwork(
          [{ model: 'input', size: 2 }, { size: 2 }],
          [{ between: [0, 1], plasticity: learn(coefficient) }],
        ),
      );
    expect(at(1e9).message).toContain('too large');
    expect(at(1e-12).message).toContain('too small');
    expect(at(1e9).code).toBe('E0403');
  });

  test('inputs far beyond the threshold', () => {
    const error = failure(
      makeNetwork(
        [
          { model: 'input', size: 4000 },
          { name: 'out', size: 1 },
        ],
        [{ between: [0, 1], weight: constant(5000) }],
      ),
    );
    expect(error.code).toBe('E0403');
    expect(error.message).toContain("population 'out': its inputs are too large beside its threshold");
  });
});

describe('decays', () => {
  test('the rate of a state decay is resolved to 0.1 % for every time constant', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 3.6e7, noNaN: true }), (tau) => {
        const { keep, cadence } = stateDecay(tau);
        const rate = -Math.log(keep / 65536) / 2 ** cadence;
        // For tau below a few ticks the decrement is no longer small beside 1: bound by half a step of keep itself.
        expect(Math.abs(rate * tau - 1)).toBeLessThan(0.00098 + (0.5 / keep / 2 ** cadence) * tau);
      }),
    );
  });

  test('a tag sweep takes at most a sixteenth, and more than 1/33 unless each tick has one', () => {
    fc.assert(
      fc.property(fc.double({ min: 16, max: 3.6e7, noNaN: true }), (tau) => {
        const { keep } = tagDecay(tau);
        expect(65536 - keep).toBeLessThanOrEqual(4096);
        expect(65536 - keep).toBeGreaterThan(65536 / 33);
      }),
    );
  });
});

test('a static block with few gaps is stored densely; a plastic one never', () => {
  const network = (learning: boolean) =>
    makeNetwork(
      [{ model: 'input', size: 20 }, { size: 20 }],
      [
        {
          between: [0, 1],
          connect: { kind: 'probability', p: 0.8, selfConnections: true },
          plasticity: learning ? plastic(rstdp(1000)) : null,
        },
      ],
      { modulators: [reward] },
    );
  const block = (learning: boolean) => readImage(compile(network(learning), pico).image).cores[0]!.blocks[0]!;
  expect(block(false).kind).toBe(blockKindCodes.dense);
  expect(block(true).kind).toBe(blockKindCodes.sparse);
  expect(block(true).flags & blockFlags.transposed).toBeTruthy();
});
