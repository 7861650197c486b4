import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instantiateRule, makeRule } from './instantiate.js';
import { namedRules } from './named-rules.js';
import type { Rule } from './rule.js';

const named = (name: string, parameters: Record<string, unknown> = {}, tickMilliseconds = 1) =>
  makeRule(namedRules.find((rule) => rule.name === name)!, { parameters, tickMilliseconds, modulators: [] });

/**
 * What the terms of a rule do to one synapse, tick by tick in real numbers: arrivals before post-spikes, an event on
 * the values before its own impulse.
 */
function play(
  rule: Rule,
  pre: readonly number[],
  post: readonly number[],
  ticks: number,
): { w: number; t: number } {
  const state: Record<string, number> = { x1: 0, x2: 0, y1: 0, y2: 0, y3: 0, t: 0, w: 0, m: 0 };
  const happen = (event: 'pre' | 'post') => {
    const change = { t: 0, t2: 0, w: 0 };
    for (const term of rule.terms.filter((term) => term.event === event))
      change[term.target] += term.factors.reduce(
        (product, { name }) => product * state[name]!,
        term.coefficient,
      );
    state['t']! += change.t;
    state['w']! += change.w;
    for (const [name, { impulse, mode }] of rule.traces)
      if (name.startsWith(event === 'pre' ? 'x' : 'y'))
        state[name] = mode === 'nearest' ? impulse : state[name]! + impulse;
  };
  for (let tick = 0; tick < ticks; tick++) {
    if (pre.includes(tick)) happen('pre');
    if (post.includes(tick)) happen('post');
    for (const [name, { tau }] of rule.traces) state[name]! *= Math.exp(-1 / tau);
    if (rule.tag) state['t']! *= Math.exp(-1 / rule.tag.tau);
  }
  return { w: state['w']!, t: state['t']! };
}

const train = fc.uniqueArray(fc.nat(299), { maxLength: 12 });

describe('stdp', () => {
  test('is the sum of its window over all pairs', () => {
    const rule = named('stdp', { aPlus: 0.01, aMinus: 0.02, tauPlus: '15 ms', tauMinus: '30 ms' });
    fc.assert(
      fc.property(train, train, (pre, post) => {
        let expected = 0;
        // An arrival and a spike of the same tick are a pair of lag 0, arrival first.
        for (const a of pre)
          for (const b of post)
            expected += b >= a ? 0.01 * Math.exp((a - b) / 15) : -0.02 * Math.exp((b - a) / 30);
        expect(play(rule, pre, post, 300).w).toBeCloseTo(expected, 10);
      }),
    );
  });

  test('nearest mode counts the last spike of the other side alone', () => {
    const rule = named('stdp', { aPlus: 1, aMinus: 0, mode: 'nearest' });
    expect(play(rule, [0, 10], [20], 30).w).toBeCloseTo(Math.exp(-10 / 20), 10);
  });
});

describe('triplet (Pfister & Gerstner 2006, equations 3 and 4)', () => {
  test('is the sum over pairs and triplets of spikes', () => {
    const a = { a2Plus: 2e-3, a3Plus: 6e-3, a2Minus: 7e-3, a3Minus: 3e-4 };
    const rule = named('triplet', { ...a, tauX: '101 ms', tauY: '125 ms' });
    const sum = (spikes: readonly number[], until: number, tau: number) =>
      spikes
        .filter((spike) => spike < until)
        .reduce((total, spike) => total + Math.exp((spike - until) / tau), 0);
    fc.assert(
      fc.property(train, train, (pre, post) => {
        let expected = 0;
        for (const at of post) {
          const r1 = sum(pre, at, 16.8) + (pre.includes(at) ? 1 : 0);
          expected += r1 * (a.a2Plus + a.a3Plus * sum(post, at, 125));
        }
        for (const at of pre) expected -= sum(post, at, 33.7) * (a.a2Minus + a.a3Minus * sum(pre, at, 101));
        expect(play(rule, pre, post, 300).w).toBeCloseTo(expected, 10);
      }),
    );
  });

  test('its defaults turn depression into potentiation at high rates, as in visual cortex (their figure 5)', () => {
    const rule = named('triplet');
    const changeAt = (rate: number, lag: number) => {
      const pre = Array.from({ length: 60 }, (_, n) => 20 + Math.round((n * 1000) / rate));
      return play(
        rule,
        pre,
        pre.map((at) => at + lag),
        pre.at(-1)! + 40,
      ).w;
    };
    expect(changeAt(50, 10)).toBeGreaterThan(0.4);
    expect(changeAt(50, -10)).toBeGreaterThan(0.4);
    expect(changeAt(1, -10)).toBeCloseTo(-60 * 7.1e-3 * Math.exp(-10 / 33.7), 2);
    expect(changeAt(0.1, 10)).toBeCloseTo(0, 6);
  });

  test('the minimal model needs no second pre-trace', () => {
    const factors = named('triplet').terms.flatMap(({ factors }) => factors.map(({ name }) => name));
    expect(new Set(factors)).toEqual(new Set(['x1', 'y1', 'y2']));
  });
});

describe('rstdp', () => {
  test('tags the pairs, and the modulator turns tags into weight', () => {
    const rule = named('rstdp', { aMinus: 0.5, tauTag: '100 ms' });
    expect(play(rule, [10], [15], 20)).toEqual({
      w: 0,
      t: expect.closeTo(Math.exp(-5 / 20) * Math.exp(-5 / 100), 10),
    });
    expect(rule.terms.filter(({ target }) => target === 'w')).toEqual([
      { target: 'w', event: 'sweep', coefficient: 1e-4, factors: [{ name: 'm' }, { name: 't' }], column: 1 },
    ]);
  });

  test('a tag that does not decay', () => {
    expect(named('rstdp', { tauTag: 'none' }).tag?.tau).toBe(Number.POSITIVE_INFINITY);
  });
});

test.each(namedRules)(
  '$name: defaults are sound, every parameter is described and does something',
  (rule) => {
    const make = (parameters: Record<string, unknown>) =>
      instantiateRule(rule, { parameters, tickMilliseconds: 0.1, modulators: [] });
    const plain = make({});
    expect(plain.findings).toEqual([]);
    // A parameter may only matter where one that is 0 by default is not.
    const active = Object.fromEntries(
      Object.entries(rule.parameters).flatMap(([name, spec]) => (spec.default === 0 ? [[name, 0.5]] : [])),
    );
    const { rule: full } = make(active);
    expect(rule.citation).toMatch(/\(\d{4}\).*doi:/);
    for (const [name, spec] of Object.entries(rule.parameters)) {
      expect(spec.description).not.toBe('');
      const other = { number: 0.123, time: '77 ms', choice: 'nearest' }[spec.kind];
      const { rule: changed, findings } = make({ ...active, [name]: other });
      expect(findings).toEqual([]);
      expect(changed).not.toEqual(full);
    }
  },
);

test('time constants are in ticks', () => {
  expect(named('stdp', {}, 0.1).traces.get('x1')?.tau).toBe(200);
});
