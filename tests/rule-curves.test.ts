import { expect, test } from 'vitest';
import { Machine } from '../emulator/core/machine.js';
import { compile } from '../src/compiler/compile.js';
import { loadTarget } from '../src/compiler/load-target.js';
import { variableCodes } from '../src/image/layout.js';
import { readImage } from '../src/image/read.js';
import { network } from '../src/network/builder.js';
import { resolveNetwork } from '../src/network/resolve.js';

/** The characteristic curves of the named rules, played to the emulated core and held against their closed forms. */

const middle = 0.5;

/** Change of one weight by those arrivals and spikes of the target, in weight units. */
function change(
  rule: string,
  parameters: Record<string, unknown>,
  { pre, post }: { readonly pre: readonly number[]; readonly post: readonly number[] },
): number {
  const net = network({ name: 'curve', tick: '1 ms', seed: 1 });
  const input = net.input('input', 1);
  const teacher = net.input('teacher', 1);
  // The plastic weight alone never makes it spike; the teacher always does.
  const cell = net.lif('cell', { size: 1, tauMembrane: '1 ms', threshold: 10 });
  net.project(input, cell, {
    name: 'plastic',
    weight: middle,
    plasticity: { rule, weightRange: [0, 1], ...parameters },
  });
  net.project(teacher, cell, { weight: 100 });
  const image = readImage(compile(resolveNetwork(net.build()), loadTarget('pico')).image);
  const machine = new Machine(image);
  // An arrival is a tick behind its spike, so both kinds of spike act at the tick they are given for.
  for (const tick of pre) machine.addSpike(tick, 0);
  for (const tick of post) machine.addSpike(tick, 1);
  const [block] = image.cores[0]!.blocks.filter(({ flags }) => flags & 1);
  const read = () => machine.read(0, variableCodes.weight, block!.firstSynapse, 1)[0]!;
  const before = read();
  machine.run(Math.max(...pre, ...post) + 2);
  return (read() - before) * 2 ** (image.host.projections[0]!.exponent - 8);
}

/** One pair with a lag: positive, the arrival comes first. */
function pair(lag: number) {
  const first = 10;
  return { pre: [first + Math.max(0, -lag)], post: [first + Math.max(0, lag)] };
}

test('stdp: the window', () => {
  const [aPlus, aMinus] = [0.1, 0.12];
  for (let lag = -80; lag <= 80; lag += 4) {
    const expected = lag >= 0 ? aPlus * Math.exp(-lag / 20) : -aMinus * Math.exp(lag / 30);
    const found = change('stdp', { aPlus, aMinus, tauPlus: '20 ms', tauMinus: '30 ms' }, pair(lag));
    expect(Math.abs(found - expected), `lag ${lag} ms`).toBeLessThan(0.01 * aMinus);
  }
});

test('btsp: a window of seconds, wider before the plateau than after it', () => {
  const amplitude = 0.1;
  const half = { before: 0, after: 0 };
  for (let lag = -5000; lag <= 5000; lag += 125) {
    const expected = amplitude * Math.exp(lag >= 0 ? -lag / 1310 : lag / 690);
    const found = change('btsp', { aBefore: amplitude, aAfter: amplitude }, pair(lag));
    expect(Math.abs(found - expected), `lag ${lag} ms`).toBeLessThan(0.01 * amplitude);
    if (found > amplitude / 2) half[lag >= 0 ? 'before' : 'after']++;
  }
  expect(half.before).toBeGreaterThan(1.5 * half.after);
});

test('triplet: depression turns into potentiation with the rate of pairs (Pfister & Gerstner 2006, figure 5)', () => {
  const [a3Plus, a2Minus, tauPlus, tauMinus, tauY] = [6.5e-3 / 4, 7.1e-3 / 4, 16.8, 33.7, 114];
  const closedForm = (pre: readonly number[], post: readonly number[]) => {
    const sum = (spikes: readonly number[], at: number, tau: number, own: boolean) =>
      spikes
        .filter((spike) => spike < at || (own && spike === at))
        .reduce((total, spike) => total + Math.exp((spike - at) / tau), 0);
    const up = post.reduce(
      (total, at) => total + a3Plus * sum(pre, at, tauPlus, true) * sum(post, at, tauY, false),
      0,
    );
    return up - pre.reduce((total, at) => total + a2Minus * sum(post, at, tauMinus, false), 0);
  };
  const changes = [0.1, 10, 20, 40, 50].flatMap((rate) =>
    [10, -10].map((lag) => {
      const pre = Array.from({ length: 60 }, (_, n) => 20 + Math.round((n * 1000) / rate));
      const post = pre.map((at) => at + lag);
      return {
        rate,
        lag,
        expected: closedForm(pre, post),
        found: change('triplet', { a3Plus, a2Minus }, { pre, post }),
      };
    }),
  );
  const largest = Math.max(...changes.map(({ expected }) => Math.abs(expected)));
  for (const { rate, lag, expected, found } of changes)
    expect(Math.abs(found - expected), `${rate} Hz, ${lag} ms`).toBeLessThan(0.02 * largest);
  const at = (rate: number, lag: number) =>
    changes.find((one) => one.rate === rate && one.lag === lag)!.found;
  expect(at(10, -10)).toBeLessThan(0);
  expect(at(50, -10)).toBeGreaterThan(0);
  expect(at(50, 10)).toBeGreaterThan(at(20, 10));
});
