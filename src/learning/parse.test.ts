import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EngramError } from '../errors/engram-error.js';
import type { RuleDefinition } from './definition.js';
import { makeRule } from './instantiate.js';
import type { Term } from './rule.js';

const use = { parameters: {}, tickMilliseconds: 1, modulators: ['reward', 'punishment'] };

function ruleOf(dt: string | undefined, dw: string): RuleDefinition {
  return {
    name: 'tried',
    dt,
    dw,
    traces: {
      x1: { tau: '20 ms' },
      x2: { tau: '10 ms' },
      y1: { tau: '20 ms' },
      y2: { tau: '5 ms' },
      y3: { tau: '1 s' },
    },
    tag: dt === undefined ? undefined : { tau: '1 s' },
    parameters: { gain: { kind: 'number', default: 0.5, unit: '', description: '' } },
  };
}

const termsOf = (dw: string) => makeRule(ruleOf('0*w', dw), use).terms.filter(({ target }) => target === 'w');

describe('notation', () => {
  test('the example of the design', () => {
    const { terms, tag, source } = makeRule(ruleOf('x1*y0 - 0.8*y1*x0', '2^-6*m*t'), use);
    expect(terms).toEqual([
      { target: 't', event: 'post', coefficient: 1, factors: [{ name: 'x1' }], column: 1 },
      { target: 't', event: 'pre', coefficient: -0.8, factors: [{ name: 'y1' }], column: 9 },
      {
        target: 'w',
        event: 'sweep',
        coefficient: 1 / 64,
        factors: [{ name: 'm' }, { name: 't' }],
        column: 1,
      },
    ]);
    expect(tag).toEqual({ tau: 1000, range: null });
    expect(source).toBe('dt = x1*y0 - 0.8*y1*x0\ndw = 2^-6*m*t');
  });

  test.each([
    ['-2^2*w', -4],
    ['2**-3*w', 0.125],
    ['2^3^2*w', 512],
    ['w*3/4', 0.75],
    ['-(1 - gain)*w*-2', 1],
    ['1e-3*w', 0.001],
    ['.5*w', 0.5],
    ['+ w', 1],
  ])('%s has the coefficient %d', (text, coefficient) => {
    expect(termsOf(text)).toMatchObject([{ coefficient, factors: [{ name: 'w' }], event: 'sweep' }]);
  });

  test('modulators by name, with and without m.', () => {
    expect(termsOf('m*reward*m.punishment')[0]!.factors).toEqual([
      { name: 'm' },
      { name: 'm', modulator: 'reward' },
      { name: 'm', modulator: 'punishment' },
    ]);
  });

  test('terms that come to nothing are left out, but one stays', () => {
    expect(termsOf('0*x1*y0 + w*u0 - (1 - 1)*t')).toHaveLength(1);
    expect(termsOf('0*x1*y0')).toMatchObject([{ coefficient: 0, event: 'post' }]);
  });
});

/** Value of a sum of terms as a function of the factors: events are switches, 0 or 1. */
function sumOf(terms: readonly Term[], factors: Readonly<Record<string, number>>): number {
  const event = { pre: 'x0', post: 'y0', near: 'h0', sweep: 'u0' } as const;
  return terms.reduce(
    (sum, term) =>
      sum +
      term.factors.reduce(
        (product, { name }) => product * factors[name]!,
        term.coefficient * factors[event[term.event]]!,
      ),
    0,
  );
}

test('a sum of products means what JavaScript makes of it', () => {
  const constant = fc.oneof(
    fc.integer({ min: 0, max: 99 }).map(String),
    fc.double({ min: 1e-6, max: 1e6, noNaN: true }).map((value) => `${value}`.replace('e+', 'e')),
    fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: -8, max: 8 })).map(([a, b]) => `${a}^${b}`),
    fc.constantFrom('gain', '(gain + 2)', '(1 - 2^-3*gain)', '(3)'),
  );
  const product = fc
    .tuple(
      fc.array(constant, { maxLength: 2 }),
      fc.array(fc.constantFrom('x1', 'x2', 'y1', 'y2', 'y3', 't', 'w', 'l', 'm'), { maxLength: 3 }),
      fc.constantFrom('x0', 'y0', 'h0', 'u0'),
      fc.constantFrom(' * ', '*', '  *'),
    )
    .map(([constants, factors, event, times]) => [...constants, event, ...factors].join(times));
  const products = fc.array(fc.tuple(fc.constantFrom(' + ', '-', ' -'), product), {
    minLength: 1,
    maxLength: 8,
  });
  const names = ['x0', 'y0', 'h0', 'u0', 'x1', 'x2', 'y1', 'y2', 'y3', 't', 'w', 'l', 'm', 'gain'];
  const asScript = (text: string, values: readonly number[]): number =>
    new Function(...names, `return ${text.replace(/(\d+)\^(-?\d+)/g, '($1**$2)')}`)(...values);
  fc.assert(
    fc.property(
      products,
      fc.array(fc.integer({ min: -8, max: 8 }), { minLength: 13, maxLength: 13 }),
      (drawn, numbers) => {
        const values = [...numbers, 0.5];
        const text = drawn.map(([sign, product]) => sign + product).join('');
        const actual = sumOf(termsOf(text), Object.fromEntries(names.map((name, n) => [name, values[n]!])));
        const scale = drawn.reduce((sum, [, product]) => sum + Math.abs(asScript(product, values)), 0);
        expect(Math.abs(actual - asScript(text, values))).toBeLessThanOrEqual(1e-12 * scale);
      },
    ),
  );
});

test('whatever the text, there is a rule or an EngramError', () => {
  const pieces = fc.array(
    fc.oneof(
      fc.constantFrom('x1', 'y0', 't', '*', '+', '-', '^', '(', ')', '2', 'm.', '.', 'e', ' ', '/'),
      fc.string(),
    ),
    { maxLength: 12 },
  );
  let refused = 0;
  fc.assert(
    fc.property(pieces, pieces, (dt, dw) => {
      try {
        makeRule(ruleOf(dt.join(''), dw.join('')), use);
      } catch (error) {
        expect(error).toBeInstanceOf(EngramError);
        refused++;
      }
    }),
    { numRuns: 2000 },
  );
  expect(refused).toBeGreaterThan(1000);
});
