import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decay } from '../emulator/core/arithmetic.js';
import { Machine } from '../emulator/core/machine.js';
import { compile } from '../src/compiler/compile.js';
import { type Decay, stateDecay, tagDecay } from '../src/compiler/families/engram/decay.js';
import { loadTarget } from '../src/compiler/load-target.js';
import { variableCodes } from '../src/image/layout.js';
import { readImage } from '../src/image/read.js';
import { network } from '../src/network/builder.js';
import { resolveNetwork } from '../src/network/resolve.js';

/**
 * Decays from 10 ms to 10 h at a tick of 1 ms, against the exponential. The bounds stand in docs/core.md, section 12;
 * `npx vitest run tests/time-constants` measures them anew.
 */
const one = 2 ** 20;
const fullTag = 30_000;
const hour = 3_600_000;
/** Six a decade, in ticks, and the ends. */
const taus = [
  ...Array.from({ length: 40 }, (_, n) => Math.round(10 * 10 ** (n / 6))).filter((tau) => tau < 10 * hour),
  10 * hour,
];

interface Worst {
  /** At the end of a turn, as a share of the exact value. */
  readonly atTurns: number;
  /** Just before the next turn. */
  readonly between: number;
}

/** Decays a value turn by turn until a share is left; the largest relative deviation from the exponential. */
function worstError(tau: number, { keep, cadence }: Decay, start: number, down: number): Worst {
  const turn = 2 ** cadence;
  let [value, ticks, atTurns, between] = [start, 0, 0, 0];
  while (Math.exp(-ticks / tau) > down) {
    const before = start * Math.exp(-(ticks + turn - 1) / tau);
    between = Math.max(between, Math.abs(value / before - 1));
    value = decay(value, keep);
    ticks += turn;
    atTurns = Math.max(atTurns, Math.abs(value / (start * Math.exp(-ticks / tau)) - 1));
  }
  return { atTurns, between };
}

test('states: within 0.25 % of the exponential down to a tenth, at the turns of the decay; 1.6 % between them', () => {
  const worst = taus.map((tau) => worstError(tau, stateDecay(tau), one, 0.1));
  const atTurns = Math.max(...worst.map((one) => one.atTurns));
  const between = Math.max(...worst.map((one) => one.between));
  expect(atTurns).toBeLessThan(0.0025);
  expect(between).toBeLessThan(0.016);
});

test('tags: within 0.5 % down to a tenth, at their visits; 6.6 % between them', () => {
  const worst = taus.map((tau) => worstError(tau, tagDecay(tau), fullTag, 0.1));
  const atTurns = Math.max(...worst.map((one) => one.atTurns));
  const between = Math.max(...worst.map((one) => one.between));
  expect(atTurns).toBeLessThan(0.005);
  expect(between).toBeLessThan(0.066);
});

test('these are the decays of the emulated core: a trace and a tag read from it follow them turn by turn', () => {
  for (const tau of [20, 700, 20_000]) {
    const net = network({ name: 'decays', tick: '1 ms', seed: 1 });
    const input = net.input('input', 1);
    const cell = net.lif('cell', { size: 1, tauMembrane: `${tau} ms` });
    const reward = net.modulator('reward', { tau: '50 ms' });
    net.project(input, cell, {
      weight: 0.5,
      plasticity: {
        rule: 'rstdp',
        modulator: reward,
        weightRange: [0, 1],
        tauTag: `${tau} ms`,
        tauPlus: `${tau} ms`,
        rate: 1e-3,
      },
    });
    const machine = new Machine(readImage(compile(resolveNetwork(net.build()), loadTarget('pico')).image));
    machine.write(0, variableCodes.x1, 0, Int32Array.of(one));
    machine.write(0, variableCodes.v, 0, Int32Array.of(50_000));
    machine.write(0, variableCodes.tag, 0, Int32Array.of(fullTag));
    const [state, tag] = [stateDecay(tau), tagDecay(tau)];
    let [x, v, t] = [one, 50_000, fullTag];
    for (let tick = 0; tick < Math.min(3 * tau, 30_000); tick++) {
      if (tick % 2 ** state.cadence === 0) {
        x = decay(x, state.keep);
        v = decay(v, state.keep);
      }
      if (tick % 2 ** tag.cadence === 0) t = decay(t, tag.keep);
      machine.run(1);
      const read = (variable: number) => machine.read(0, variable, 0, 1)[0];
      expect(
        [read(variableCodes.x1), read(variableCodes.v), read(variableCodes.tag)],
        `tick ${tick}`,
      ).toEqual([x, v, t]);
    }
  }
});

test('what docs/core.md says of the range is what is tested here', () => {
  const page = readFileSync(new URL('../docs/core.md', import.meta.url), 'utf8');
  for (const figure of ['0.25 %', '1.6 %', '0.5 %', '6.6 %']) expect(page).toContain(figure);
});
