import { type NetworkBuilder, network } from '../../src/network/builder.js';
import type { NetworkDescription } from '../../src/network/description.js';

/** Networks that differ in one thing each, so that a difference of cycles is the price of that thing. */

export interface Size {
  readonly inputs: number;
  readonly neurons: number;
}

const weight = { distribution: 'uniform', low: 0.0005, high: 0.0015 } as const;

/** A share of the inputs for each neuron, always as many. */
function connections(inputs: number, share: number) {
  return share < 1 ? { connect: { kind: 'in-degree', n: Math.round(inputs * share) } as const } : {};
}

/** Weights too small to make anything spike. `p` 1: all-to-all, below: sparse rows. */
export function staticNetwork({ inputs, neurons }: Size, p: number): NetworkDescription {
  const net = network({ name: 'static', tick: '1 ms', seed: 1 });
  const input = net.input('input', inputs);
  const sink = net.readout('sink', { size: neurons, tauMembrane: '20 ms' });
  net.project(input, sink, { ...connections(inputs, p), weight });
  return net.build();
}

export interface PlasticOptions {
  /** Mean rate of the neurons in Hz, made by bias alone and spread evenly in time; 0: they are silent. */
  readonly rate: number;
  readonly tauTag: string;
  readonly p?: number;
}

/** Reward-modulated STDP, the rule of the main job. */
export function plasticNetwork(
  { inputs, neurons }: Size,
  { rate, tauTag, p = 1 }: PlasticOptions,
): NetworkDescription {
  const net = network({ name: 'plastic', tick: '1 ms', seed: 1 });
  const input = net.input('input', inputs);
  const act = net.lif('act', {
    size: neurons,
    tauMembrane: 'none',
    bias: rate / 1000,
    ...(rate > 0 ? { initial: { distribution: 'uniform', low: 0, high: 0.999 } } : {}),
  });
  const reward = net.modulator('reward', { tau: '50 ms' });
  net.project(input, act, {
    ...connections(inputs, p),
    weight: 0.0005,
    plasticity: {
      rule: 'rstdp',
      modulator: reward,
      weightRange: [0, 0.001],
      tauTag,
      rate: 1e-9,
      aMinus: 0.5,
    },
  });
  net.probe('spikes', act, 'spikes');
  return net.build();
}

/** Pair STDP onto weights without a tag. */
export function stdpNetwork({ inputs, neurons }: Size): NetworkDescription {
  const net = network({ name: 'stdp', tick: '1 ms', seed: 1 });
  const input = net.input('input', inputs);
  const act = net.lif('act', {
    size: neurons,
    tauMembrane: 'none',
    bias: 0.01,
    initial: { distribution: 'uniform', low: 0, high: 0.999 },
  });
  net.project(input, act, {
    weight: 0.0005,
    plasticity: { rule: 'stdp', weightRange: [0, 0.001], aPlus: 1e-6, aMinus: 1e-6 },
  });
  return net.build();
}

export interface ErrorOptions {
  readonly rule: 'eprop' | 'eprop-alif' | 'eprop-event';
  /** Every neuron is near its threshold in every tick, or none ever is. */
  readonly near: boolean;
  /** How often the tags turn into weight. */
  readonly averaging?: string;
}

/**
 * Neurons that learn by e-prop from the error of one readout, which comes back through their weights onto it. Their tags
 * hardly ever decay, so that sweeps cost the same whether there are any.
 */
export function epropNetwork(
  { inputs, neurons }: Size,
  { rule, near, averaging = '1 ms' }: ErrorOptions,
): NetworkDescription {
  const net = network({ name: 'eprop', tick: '1 ms', seed: 1 });
  const input = net.input('input', inputs);
  const cells = net.lif('cells', {
    size: neurons,
    tauMembrane: '20 ms',
    surrogate: { width: near ? 2 : 0.01, shape: 'box' },
    ...(rule === 'eprop-alif' ? { adaptation: { tau: '2 s', step: 0.1 } } : {}),
  });
  const plasticity =
    rule === 'eprop-event'
      ? { rule, rate: 1e-7, reg: 1e-7 }
      : ({ rule, rate: 1e-7, averaging, tauReadout: '100 s' } as const);
  net.project(input, cells, { weight: 0.0005, plasticity: { ...plasticity, weightRange: [0, 0.001] } });
  addReadout(net, cells, 1);
  return net.build();
}

/** Neurons whose readouts' errors come back to them; they learn nothing. */
export function feedbackNetwork(neurons: number, readouts: number): NetworkDescription {
  const net = network({ name: 'feedback', tick: '1 ms', seed: 1 });
  const input = net.input('input', 1);
  const cells = net.lif('cells', { size: neurons, tauMembrane: '20 ms' });
  net.project(input, cells, { weight: 0.0005 });
  addReadout(net, cells, readouts);
  return net.build();
}

function addReadout(net: NetworkBuilder, cells: ReturnType<NetworkBuilder['lif']>, size: number): void {
  const readout = net.readout('readout', { size, tauMembrane: '20 ms' });
  const error = net.modulator('error', { tau: 'none', error: { population: readout } });
  net.project(cells, readout, { weight: 0.5, feedback: error });
}

/** Neurons that nothing reaches; `full`: exponential synapse, bias and noise, so that nothing is 0. */
export function neuronNetwork(neurons: number, full: boolean): NetworkDescription {
  const net = network({ name: 'neurons', tick: '1 ms', seed: 1 });
  const input = net.input('input', 1);
  const cells = net.lif('cells', {
    size: neurons,
    tauMembrane: '20 ms',
    initial: 0.5,
    bias: 0.025,
    ...(full ? { tauSynapse: '5 ms', noise: 0.01 } : {}),
  });
  net.project(input, cells, { weight: 0.01 });
  return net.build();
}

/**
 * A working network: n inputs at 10 Hz, all-to-all, all plastic, onto n noisy neurons at 10 Hz, reward on.
 */
export function workingNetwork(n: number): NetworkDescription {
  const net = network({ name: 'working', tick: '1 ms', seed: 1 });
  const input = net.input('input', n);
  const act = net.lif('act', {
    size: n,
    tauMembrane: 'none',
    tauSynapse: '5 ms',
    bias: 0.01,
    noise: 0.005,
    initial: { distribution: 'uniform', low: 0, high: 0.999 },
  });
  const reward = net.modulator('reward', { tau: '50 ms' });
  net.project(input, act, {
    weight: 1e-7,
    plasticity: {
      rule: 'rstdp',
      modulator: reward,
      weightRange: [0, 2e-7],
      tauTag: '1 s',
      rate: 1e-12,
      aMinus: 0.5,
    },
  });
  net.probe('spikes', act, 'spikes');
  return net.build();
}

/** Every input line makes its own neuron spike one tick later; only the neurons' spikes leave the board. */
export function relayNetwork(size: number): NetworkDescription {
  const net = network({ name: 'relay', tick: '1 ms', seed: 1 });
  const input = net.input('input', size);
  const copy = net.lif('copy', { size, tauMembrane: 'none', threshold: 1, reset: 0 });
  net.project(input, copy, { connect: 'one-to-one', weight: 1.5 });
  net.probe('out', copy, 'spikes');
  return net.build();
}

/** All its neurons spike in every tick, and all their spikes leave the board. */
export function busyNetwork(size: number): NetworkDescription {
  const net = network({ name: 'busy', tick: '1 ms', seed: 1 });
  const cells = net.lif('cells', { size, tauMembrane: 'none', threshold: 1, reset: 0, bias: 1.5 });
  net.probe('out', cells, 'spikes');
  return net.build();
}
