import { expect, test } from 'vitest';
import { Machine } from '../emulator/core/machine.js';
import { compile } from '../src/compiler/compile.js';
import { loadTarget } from '../src/compiler/load-target.js';
import { variableCodes } from '../src/image/layout.js';
import { readImage } from '../src/image/read.js';
import { resolveNetwork } from '../src/network/resolve.js';

/** Two pathways onto one neuron, and a teacher that makes it spike a tick after each pulse. */
const tickMilliseconds = 5;
const minutes = (count: number) => Math.round((count * 60_000) / tickMilliseconds);

const image = readImage(
  compile(
    resolveNetwork({
      engram: 1,
      name: 'tagging',
      tick: `${tickMilliseconds} ms`,
      populations: {
        pathways: { model: 'input', size: 2 },
        teacher: { model: 'input', size: 1 },
        cell: { model: 'lif', size: 1, tauMembrane: '5 ms', threshold: 4 },
      },
      projections: {
        learned: {
          from: 'pathways',
          to: 'cell',
          weight: 0.5,
          plasticity: { rule: 'tagging-capture', weightRange: [0, 1.5] },
        },
        teach: { from: 'teacher', to: 'cell', weight: 6, delay: '10 ms' },
      },
    }),
    loadTarget('pico'),
  ).image,
);

/** Weak: 20 pulses at 100 Hz. Strong: three times 100 pulses, ten minutes apart (Frey & Morris's tetani). */
const protocols = {
  weak: [{ at: 0, pulses: 20 }],
  strong: [0, 10, 20].map((at) => ({ at, pulses: 100 })),
};

interface Stimulus {
  readonly pathway: number;
  readonly kind: keyof typeof protocols;
  readonly minute: number;
}

const pulsesOf = (stimuli: readonly Stimulus[]) =>
  stimuli.flatMap(({ pathway, kind, minute }) =>
    protocols[kind].flatMap(({ at, pulses }) =>
      Array.from({ length: pulses }, (_, pulse) => ({
        tick: minutes(minute + at) + 10 + (pulse * 10) / tickMilliseconds,
        pathway,
      })),
    ),
  );

/** Change of the weights of both pathways at the hours given. */
function run(stimuli: readonly Stimulus[], hours: readonly number[]): number[][] {
  const machine = new Machine(image);
  for (const { tick, pathway } of pulsesOf(stimuli)) {
    machine.addSpike(tick, pathway);
    machine.addSpike(tick, 2);
  }
  const unit = 2 ** (image.host.projections[0]!.exponent - 8);
  const weights = () => [...machine.read(0, variableCodes.weight, 0, 2)].map((w) => w * unit);
  const before = weights();
  return hours.map((hour) => {
    machine.run(minutes(60 * hour) - machine.tick);
    return weights().map((weight, n) => weight - before[n]!);
  });
}

/** The same of one pathway in real numbers, tick by tick in a tetanus and in steps of a second between. */
function floatRun(stimuli: readonly Stimulus[], pathway: number, hour: number): number {
  const rule = {
    aPlus: 0.005,
    aMinus: 0.0025,
    fade: 2e-7,
    capture: 6e-8,
    ceiling: 0.25,
    base: 0.5,
    top: 1.5,
  };
  const [fast, slow] = [20, 3_600_000];
  const arrivals = new Map<number, boolean>();
  for (const { tick, pathway: from } of pulsesOf(stimuli)) arrivals.set(tick + 1, from === pathway);
  const busy = new Set(
    [...arrivals.keys()].flatMap((tick) => [0, 1].map((on) => Math.floor(tick / 200) + on)),
  );
  let [x, y, protein, t, t2, w] = [0, 0, 0, 0, 0, rule.base];
  const clip = (value: number) => Math.min(rule.ceiling, value);
  for (let tick = 0; tick < minutes(60 * hour); ) {
    // A pulse arrives a tick after it was sent, the teacher's a tick later, and the neuron spikes.
    if (arrivals.get(tick)) {
      t -= rule.aMinus * y;
      w -= rule.aMinus * y;
      x += 1;
    }
    if (arrivals.has(tick - 1)) {
      t = clip(t + rule.aPlus * x);
      w = Math.min(rule.top, w + rule.aPlus * x);
      y += 1;
      protein += 1 / 64;
    }
    const ticks = busy.has(Math.floor(tick / 200)) ? 1 : 200;
    const step = ticks * tickMilliseconds;
    t2 = clip(t2 + rule.capture * Math.min(8, protein ** 2) * t * step);
    w += rule.fade * (rule.base + t2 - w) * step;
    x *= Math.exp(-step / fast);
    y *= Math.exp(-step / fast);
    t *= Math.exp(-step / slow);
    protein *= Math.exp(-step / slow);
    tick += ticks;
  }
  return w - rule.base;
}

/** Ten hours after its stimulus the early phase is gone; what is left is the late one. */
function late(stimuli: readonly Stimulus[]) {
  const hour = 10 + Math.max(...stimuli.map(({ minute }) => minute)) / 60;
  const [changes] = run(stimuli, [hour]);
  const expected = [0, 1].map((pathway) => floatRun(stimuli, pathway, hour));
  changes!.forEach((change, n) => {
    expect(Math.abs(change - expected[n]!), `pathway ${n}: ${change}, float64 ${expected[n]}`).toBeLessThan(
      0.012,
    );
  });
  return changes!;
}

const weak = (minute: number): Stimulus => ({ pathway: 0, kind: 'weak', minute });
const strong = (minute: number): Stimulus => ({ pathway: 1, kind: 'strong', minute });

test('a weak tetanus alone fades', () => {
  const [[soon], [after]] = run([weak(0)], [0.02, 8]) as [number[], number[]];
  expect(soon).toBeGreaterThan(0.08);
  expect(Math.abs(after!)).toBeLessThan(0.01);
});

test('a strong tetanus lasts', () => {
  expect(late([strong(0)])[1]).toBeGreaterThan(0.2);
});

test.each([
  ['30 min before', 0, 30, 0.035],
  ['an hour before', 0, 60, 0.02],
  ['30 min after the end of', 50, 0, 0.035],
] as const)('a weak tetanus %s a strong one of another pathway lasts', (_, at, other, least) => {
  const [captured] = late([weak(at), strong(other)]);
  expect(captured).toBeGreaterThan(least);
});

test.each([
  ['four hours before', 0, 240],
  ['four hours after', 260, 0],
] as const)('a weak tetanus %s a strong one fades', (_, at, other) => {
  expect(Math.abs(late([weak(at), strong(other)])[0]!)).toBeLessThan(0.01);
});
