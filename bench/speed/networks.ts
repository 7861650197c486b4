import type { NetworkDescription } from '../../src/network/description.js';

/**
 * The benchmark networks S1 to S4 (`docs/performance.md`). Membranes of S1 are in mV. Those of S2 and S3 are in units of
 * 0.8 mV, so that the acting step of their weights is 0.0125 mV, and 0.1 mV and 1.5875 mV are whole steps (8 and 127).
 */

export const networkNames = ['S1', 'S1dc', 'S1d', 'S1f', 'S1big', 'S2', 'S2dc', 'S3', 'S3dc', 'S4'] as const;
export type NetworkName = (typeof networkNames)[number];

/** Sizes that the tests make small. */
export interface Size {
  readonly neurons: number;
  /** Inputs of each neuron, or their expected number. */
  readonly inputs: number;
}

export const sizes: Readonly<Record<Exclude<NetworkName, 'S4'>, Size>> = {
  S1: { neurons: 4000, inputs: 400 },
  S1dc: { neurons: 4000, inputs: 400 },
  S1d: { neurons: 4000, inputs: 400 },
  S1f: { neurons: 4000, inputs: 400 },
  S1big: { neurons: 40_000, inputs: 400 },
  S2: { neurons: 1000, inputs: 100 },
  S2dc: { neurons: 1000, inputs: 100 },
  S3: { neurons: 1000, inputs: 100 },
  S3dc: { neurons: 1000, inputs: 100 },
};

/** Share of the neurons that excite. */
const excitatoryShare = 0.8;

/** Of all cells of S1 to S3, in mV; the weights are those of S1. */
export const membrane = {
  tauMilliseconds: 20,
  threshold: 20,
  reset: 10,
  refractoryMilliseconds: 2,
  excitation: 0.25,
  inhibition: -1.25,
} as const;
const tauMembrane = `${membrane.tauMilliseconds} ms`;
const refractory = `${membrane.refractoryMilliseconds} ms`;

/** Private Poisson input, events a second of so many mV; or a constant drive in mV a millisecond. */
type Drive = { readonly rate: number; readonly millivolts: number } | { readonly constant: number };
const poisson = (rate: number): Drive => ({ rate, millivolts: 0.25 });

export const drives: Readonly<Record<Exclude<NetworkName, 'S4'>, Drive>> = {
  S1: poisson(4000),
  S1dc: { constant: 1.5 },
  S1d: poisson(4000),
  S1f: poisson(4000),
  S1big: poisson(4000),
  S2: poisson(3500),
  S2dc: { constant: 1.024 },
  S3: poisson(3500),
  S3dc: { constant: 1.024 },
};

/**
 * A drive as the core has it, in units of so many mV: Poisson input becomes its mean and variance a tick, as bias and
 * uniform noise (the core has no Poisson source). With several events a tick, the sum over a membrane's time constant
 * of either is as good as Gaussian. A constant drive starts from membranes anywhere under the threshold.
 */
function driven(drive: Drive, tickMilliseconds: number, unit: number) {
  if ('constant' in drive)
    return {
      bias: (drive.constant * tickMilliseconds) / unit,
      initial: { distribution: 'uniform', low: 0, high: membrane.threshold / unit },
    } as const;
  const events = (drive.rate * tickMilliseconds) / 1000;
  const size = drive.millivolts / unit;
  return { bias: events * size, noise: Math.sqrt(3 * events) * size };
}

/** S1: 1.6 million static synapses, or 16 million (`S1big`). */
export function staticNetwork(
  name: 'S1' | 'S1dc' | 'S1d' | 'S1f' | 'S1big',
  { neurons, inputs }: Size = sizes[name],
): NetworkDescription {
  const excitatory = neurons * excitatoryShare;
  const drive = driven(drives[name], name === 'S1f' ? 0.1 : 1, 1);
  const delay =
    name === 'S1d' ? ({ distribution: 'uniform', low: '1 ms', high: '8 ms' } as const) : ('2 ms' as const);
  const connect = (sources: number) =>
    name === 'S1big'
      ? ({ kind: 'in-degree', n: Math.round((inputs * sources) / neurons) } as const)
      : ({ kind: 'probability', p: inputs / neurons } as const);
  return {
    engram: 1,
    name,
    tick: name === 'S1f' ? '100 us' : '1 ms',
    seed: 1,
    populations: {
      cells: {
        model: 'lif',
        size: neurons,
        tauMembrane,
        refractory,
        threshold: membrane.threshold,
        reset: membrane.reset,
        ...drive,
      },
    },
    projections: {
      excitation: {
        from: `cells[0:${excitatory}]`,
        to: 'cells',
        connect: connect(excitatory),
        weight: membrane.excitation,
        delay,
      },
      inhibition: {
        from: `cells[${excitatory}:${neurons}]`,
        to: 'cells',
        connect: connect(neurons - excitatory),
        weight: membrane.inhibition,
        delay,
      },
    },
  };
}

/** Millivolts of a membrane unit of S2 and S3. */
export const plasticUnit = 0.8;
/** Weights of S2 and S3, in mV. */
export const plasticWeights = {
  initial: 0.1,
  highest: 1.5875,
  aPlus: 1 / 640,
  ratio: 1.125,
  inhibition: -0.5,
} as const;
/** What a reward of ±1 adds to a weight for each unit of its tag. */
export const rewardStep = 1 / 256;
export const tauTag = { milliseconds: 1000 } as const;
/** Ticks between two rewards. */
export const rewardEvery = 100;
/** A reward is a pulse of this time constant (the shortest), so that its whole work is one visit, or two, of each row. */
const tauReward = '1 ms';

/** S2: pair STDP on the weights; S3: into an eligibility trace of `tauTag`, and reward. */
export function plasticNetwork(
  name: 'S2' | 'S2dc' | 'S3' | 'S3dc',
  { neurons, inputs }: Size = sizes[name],
  tauTagText = `${tauTag.milliseconds} ms`,
): NetworkDescription {
  const excitatory = neurons * excitatoryShare;
  const unit = (millivolts: number) => millivolts / plasticUnit;
  const drive = driven(drives[name], 1, plasticUnit);
  const { initial, highest, aPlus, ratio } = plasticWeights;
  const rewarded = name.startsWith('S3');
  const rule = {
    weightRange: [0, unit(highest)] as [number, number],
    aPlus: unit(aPlus),
    aMinus: unit(aPlus * ratio),
    tauPlus: '20 ms',
    tauMinus: '20 ms',
  };
  const pulse = 1 / (1 - Math.exp(-1));
  return {
    engram: 1,
    name,
    seed: 1,
    populations: {
      cells: {
        model: 'lif',
        size: neurons,
        tauMembrane,
        refractory,
        threshold: unit(membrane.threshold),
        reset: unit(membrane.reset),
        ...drive,
      },
    },
    ...(rewarded ? { modulators: { reward: { tau: tauReward } } } : {}),
    projections: {
      excitation: {
        from: `cells[0:${excitatory}]`,
        to: 'cells',
        connect: { kind: 'in-degree', n: Math.round(inputs * excitatoryShare) },
        weight: unit(initial),
        delay: '1 ms',
        plasticity: rewarded
          ? { rule: 'rstdp', modulator: 'reward', ...rule, tauTag: tauTagText, rate: rewardStep / pulse }
          : { rule: 'stdp', ...rule },
      },
      inhibition: {
        from: `cells[${excitatory}:${neurons}]`,
        to: 'cells',
        connect: { kind: 'in-degree', n: Math.round(inputs * (1 - excitatoryShare)) },
        weight: unit(plasticWeights.inhibition),
        delay: '1 ms',
      },
    },
  };
}
