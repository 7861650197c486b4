import { rigOf } from './rig.js';

/** Two pathways onto one neuron with `tagging-capture`, and a teacher that makes it spike a tick after each pulse. */
const tickMilliseconds = 5;
const minutes = (count: number) => Math.round((count * 60_000) / tickMilliseconds);

export const tetaniRig = () =>
  rigOf({
    engram: 1,
    name: 'tagging',
    tick: `${tickMilliseconds} ms`,
    populations: {
      first: { model: 'input', size: 1 },
      second: { model: 'input', size: 1 },
      teacher: { model: 'input', size: 1 },
      cell: { model: 'lif', size: 1, tauMembrane: '5 ms', threshold: 4 },
    },
    projections: {
      first: { from: 'first', to: 'cell', weight: 0.5, plasticity },
      second: { from: 'second', to: 'cell', weight: 0.5, plasticity },
      teach: { from: 'teacher', to: 'cell', weight: 6, delay: '10 ms' },
    },
  });
const plasticity: { rule: string; weightRange: [number, number] } = {
  rule: 'tagging-capture',
  weightRange: [0, 0.99],
};

/** Weak: 20 pulses at 100 Hz. Strong: three times 100 pulses, ten minutes apart (Frey & Morris's tetani). */
const protocols = {
  weak: [{ at: 0, pulses: 20 }],
  strong: [0, 10, 20].map((at) => ({ at, pulses: 100 })),
};

export interface Tetanus {
  readonly pathway: number;
  readonly kind: keyof typeof protocols;
  readonly minute: number;
}

export const weak = (minute: number): Tetanus => ({ pathway: 0, kind: 'weak', minute });
export const strong = (minute: number): Tetanus => ({ pathway: 1, kind: 'strong', minute });

const pulsesOf = (stimuli: readonly Tetanus[]) =>
  stimuli.flatMap(({ pathway, kind, minute }) =>
    protocols[kind].flatMap(({ at, pulses }) =>
      Array.from({ length: pulses }, (_, pulse) => ({
        tick: minutes(minute + at) + 10 + (pulse * 10) / tickMilliseconds,
        pathway,
      })),
    ),
  );

/** Change of the weights of both pathways at the hours given, on the core. */
export function play(stimuli: readonly Tetanus[], hours: readonly number[]): number[][] {
  const rig = tetaniRig();
  const machine = rig.start();
  for (const { tick, pathway } of pulsesOf(stimuli)) {
    machine.addSpike(tick, pathway);
    machine.addSpike(tick, 2);
  }
  const weights = () => ['first', 'second'].map((name) => rig.read(machine, name, 'weight'));
  const before = weights();
  return hours.map((hour) => {
    machine.run(minutes(60 * hour) - machine.tick);
    return weights().map((weight, n) => weight - before[n]!);
  });
}

/** The same of one pathway in real numbers, tick by tick in a tetanus and in steps of a second between. */
export function playFloat(stimuli: readonly Tetanus[], pathway: number, hour: number): number {
  const rule = {
    aPlus: 0.005,
    aMinus: 0.0025,
    fade: 2e-7,
    capture: 6e-8,
    ceiling: 0.25,
    base: 0.5,
    top: 0.99,
  };
  const [fast, slow] = [20, 3_600_000];
  const arrivals = new Map<number, boolean>();
  for (const { tick, pathway: from } of pulsesOf(stimuli))
    arrivals.set(tick + 1, from === pathway || arrivals.get(tick + 1) === true);
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

/** Ten hours after the last of them has begun, the early phase is gone; what is left is the late one. */
export const lateHour = (stimuli: readonly Tetanus[]): number =>
  10 + Math.max(...stimuli.map(({ minute }) => minute)) / 60;

/**
 * Bound of a late change of that size. The fading comes to rest where its three roundings outweigh it (1.5 units of the
 * weight a visit; visits are 8,192 ticks apart); the rest is relative: four coefficients, the tag between its visits
 * 2^15 ticks apart, the proteins, squared.
 */
export function lateBound(size: number): number {
  const visit = 8192 * tickMilliseconds;
  const step = tetaniRig().unit('first', 'weight');
  const rest = (1.5 * step) / (2e-7 * visit);
  const relative = 4 / 128 + Math.expm1((32_768 * tickMilliseconds) / 3_600_000) + 2 * 0.0156;
  return rest + relative * Math.abs(size);
}
