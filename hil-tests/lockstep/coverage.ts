import type { Machine } from '../../emulator/core/machine.js';
import type { CoreImage, Image } from '../../src/image/image.js';
import {
  blockFlags,
  blockKindCodes,
  boardWide,
  eventCodes,
  factorCodes,
  modelCodes,
  neuronGroupFlags,
  noFactor,
  resetCodes,
  targetCodes,
  traceModeCodes,
  variableCodes,
} from '../../src/image/layout.js';
import type { NetworkDescription } from '../../src/network/description.js';
import { EpisodeWatch, episodeEvents, learningFeatures, learningFeaturesOf } from './coverage-learning.js';

const stateMax = 2 ** 23 - 1;
const tagMax = 32_767;
const noDecay = 65_536;

const each = <T extends Record<string, number>>(codes: T) => Object.entries(codes);
const nameOf = (codes: Record<string, number>, code: number) =>
  each(codes).find(([, value]) => value === code)?.[0];
const traces = ['y1', 'y2', 'y3'] as const;
const preTraces = ['x1', 'x2'] as const;
const modes = ['additive', 'nearest'] as const;
const factors = ['one', 'x1', 'x2', 'y1', 'y2', 'y3', 't', 'w', 't2', 'h', 'l', 'm'] as const;
const valueKinds = ['constant', 'uniform', 'normal', 'lognormal', 'listed'] as const;

/** What a set of generated networks must contain between them: every part of docs/core.md that an image can ask for. */
export const staticFeatures: readonly string[] = [
  ...each(modelCodes).map(([name]) => `model ${name}`),
  ...each(resetCodes).map(([name]) => `reset ${name}`),
  'synapse exponential',
  'synapse delta',
  'refractory ticks',
  'no refractory ticks',
  'bias of each neuron',
  'initial V of each neuron',
  'noise',
  'adaptive threshold',
  'adaptive threshold that stays',
  'membrane without decay',
  'membrane decay each tick',
  'membrane decay on a cadence',
  ...traces.flatMap((trace) => modes.map((mode) => `${trace} ${mode}`)),
  ...preTraces.flatMap((trace) => modes.map((mode) => `${trace} ${mode}`)),
  'trace decay on a cadence',
  ...['all-to-all', 'one-to-one', 'probability', 'in-degree', 'list'].map((kind) => `connect ${kind}`),
  'connect without self-connections',
  'connect slices',
  ...valueKinds.map((kind) => `weights ${kind}`),
  'delay 1',
  'delay 63',
  'delay by synapse',
  ...each(blockKindCodes).flatMap(([kind]) => [`static ${kind} block`, `plastic ${kind} block`]),
  'block with a tag',
  'block without a tag',
  'transposed index',
  'weights shifted',
  'negative weights',
  ...['pre', 'post', 'near', 'modulated sweep', 'signal sweep'].flatMap((event) =>
    ['W', 'T', 'T2'].map((target) => `${event} ${target}`),
  ),
  'rated sweep W',
  'rated sweep T2',
  ...factors.map((factor) => `factor ${factor}`),
  'three factors',
  'tag decays',
  'tag stays',
  'tag sweep every tick',
  'tag sweep on a period',
  'modulated sweep on a period',
  'modulator with baseline',
  'modulator without baseline',
  'modulator decays',
  'modulator stays',
  'two modulators',
  ...learningFeatures,
];

/** What must have happened while they ran. */
export const dynamicFeatures: readonly string[] = [
  'V saturated high',
  'V saturated low',
  'trace saturated',
  'tag saturated',
  'second tag saturated',
  'weight at its lower bound',
  'weight at its upper bound',
  'modulator saturated',
  'neurons spiked',
  'learning off',
  'learning on again',
  'clear neurons',
  'clear traces',
  'clear tags',
  'clear spikes in flight',
  'clear modulators',
  'reward',
  'two rewards in a tick',
  'spike sent twice',
  'episode to be closed',
  'episodes to be forgotten',
  'replay asked for',
  'replay by priority asked for',
  'replay asked of a network without episodes',
  ...episodeEvents,
];

/** Collects what a set of networks contains and what happened in them. */
export class Coverage {
  readonly found = new Set<string>();
  #episodes = new EpisodeWatch();

  /** Features of a network that the set does not have yet. */
  newIn(description: NetworkDescription, image: Image): string[] {
    return [...featuresOf(description, image)].filter((feature) => !this.found.has(feature));
  }

  missingStatic(): string[] {
    return staticFeatures.filter((feature) => !this.found.has(feature));
  }

  missing(): string[] {
    return [...staticFeatures, ...dynamicFeatures].filter((feature) => !this.found.has(feature));
  }

  add(features: Iterable<string>): void {
    for (const feature of features) this.found.add(feature);
  }

  /** The next network: what was seen of the one before is no past of it. */
  next(): void {
    this.#episodes = new EpisodeWatch();
  }

  /** Looks at the state of the emulator after a tick. */
  watch(machine: Machine): void {
    const { image } = machine;
    this.add(this.#episodes.after(machine));
    const all = (core: number, variable: number, count: number) =>
      count === 0 ? new Int32Array(0) : machine.read(core, variable, 0, count);
    const has = (values: Int32Array, feature: string, test: (value: number, at: number) => boolean) => {
      if (!this.found.has(feature) && values.some(test)) this.found.add(feature);
    };
    has(
      all(boardWide, variableCodes.modulator, image.modulators.length),
      'modulator saturated',
      (m) => Math.abs(m) === stateMax,
    );
    for (const [number, core] of image.cores.entries()) {
      const { neuronCount, axonCount, synapseCount } = core.core;
      const v = all(number, variableCodes.v, neuronCount);
      has(v, 'V saturated high', (value) => value === stateMax);
      has(v, 'V saturated low', (value) => value === -stateMax);
      for (const name of traces)
        has(all(number, variableCodes[name], neuronCount), 'trace saturated', (y) => y === stateMax);
      for (const name of preTraces)
        has(all(number, variableCodes[name], axonCount), 'trace saturated', (x) => x === stateMax);
      has(all(number, variableCodes.refractory, neuronCount), 'neurons spiked', (ticks) => ticks > 0);
      if (this.#missesSynapses()) this.#watchSynapses(core, number, synapseCount, machine);
    }
  }

  #missesSynapses(): boolean {
    return [
      'tag saturated',
      'second tag saturated',
      'weight at its lower bound',
      'weight at its upper bound',
    ].some((feature) => !this.found.has(feature));
  }

  #watchSynapses({ blocks }: CoreImage, core: number, synapses: number, machine: Machine): void {
    if (synapses === 0) return;
    const w = machine.read(core, variableCodes.weight, 0, synapses);
    const t = machine.read(core, variableCodes.tag, 0, synapses);
    if (t.some((tag) => Math.abs(tag) === tagMax)) this.found.add('tag saturated');
    const t2 = machine.read(core, variableCodes.tag2, 0, synapses);
    if (t2.some((tag) => Math.abs(tag) === tagMax)) this.found.add('second tag saturated');
    for (const { flags, firstSynapse, synapseCount, wMin, wMax } of blocks) {
      if ((flags & blockFlags.plastic) === 0) continue;
      const weights = w.subarray(firstSynapse, firstSynapse + synapseCount);
      if (weights.includes(wMin)) this.found.add('weight at its lower bound');
      if (weights.includes(wMax)) this.found.add('weight at its upper bound');
    }
  }
}

/** What a network contains of `staticFeatures`. */
export function featuresOf(description: NetworkDescription, image: Image): Set<string> {
  const found = new Set<string>();
  for (const { model } of image.populations) found.add(`model ${nameOf(modelCodes, model)}`);
  for (const core of image.cores) {
    neuronFeatures(core, found);
    axonFeatures(core, found);
    blockFeatures(core, found);
  }
  ruleFeatures(image, found);
  for (const { keep, flags } of image.modulators) {
    found.add(flags & 1 ? 'modulator with baseline' : 'modulator without baseline');
    found.add(keep === noDecay ? 'modulator stays' : 'modulator decays');
  }
  if (image.modulators.length > 1) found.add('two modulators');
  projectionFeatures(description, found);
  for (const feature of learningFeaturesOf(image)) found.add(feature);
  return found;
}

function neuronFeatures({ neuronGroups }: CoreImage, found: Set<string>): void {
  for (const group of neuronGroups) {
    const { model, resetMode, flags, refractory, noise, vKeep, vCadence } = group;
    if (model !== modelCodes.readout) found.add(`reset ${nameOf(resetCodes, resetMode)}`);
    found.add(flags & neuronGroupFlags.exponential ? 'synapse exponential' : 'synapse delta');
    found.add(refractory > 0 ? 'refractory ticks' : 'no refractory ticks');
    if (flags & neuronGroupFlags.biasArray) found.add('bias of each neuron');
    if (flags & neuronGroupFlags.initialArray) found.add('initial V of each neuron');
    if (noise > 0) found.add('noise');
    if (flags & neuronGroupFlags.adaptive)
      found.add(group.adaptKeep === noDecay ? 'adaptive threshold that stays' : 'adaptive threshold');
    if (vKeep === noDecay) found.add('membrane without decay');
    else found.add(vCadence > 0 ? 'membrane decay on a cadence' : 'membrane decay each tick');
    for (const trace of traces) {
      const mode = nameOf(traceModeCodes, group[`${trace}Mode`]);
      if (mode !== 'absent') found.add(`${trace} ${mode}`);
      if (mode !== 'absent' && group[`${trace}Cadence`] > 0) found.add('trace decay on a cadence');
    }
  }
}

function axonFeatures({ axonGroups }: CoreImage, found: Set<string>): void {
  for (const group of axonGroups) {
    if (group.delay === 1 || group.delay === 63) found.add(`delay ${group.delay}`);
    for (const trace of preTraces) {
      const mode = nameOf(traceModeCodes, group[`${trace}Mode`]);
      if (mode !== 'absent') found.add(`${trace} ${mode}`);
    }
  }
}

function blockFeatures({ blocks, weights8, weights16 }: CoreImage, found: Set<string>): void {
  for (const { kind, flags, shift, tagKeep, tagPeriod, sweepPeriod } of blocks) {
    const plastic = (flags & blockFlags.plastic) !== 0;
    found.add(`${plastic ? 'plastic' : 'static'} ${nameOf(blockKindCodes, kind)} block`);
    if (shift > 0) found.add('weights shifted');
    if (!plastic) continue;
    const tag = (flags & blockFlags.tag) !== 0;
    found.add(tag ? 'block with a tag' : 'block without a tag');
    if (flags & blockFlags.transposed) found.add('transposed index');
    if (tag) found.add(tagKeep === noDecay ? 'tag stays' : 'tag decays');
    if (tag && tagKeep !== noDecay)
      found.add(tagPeriod > 0 ? 'tag sweep on a period' : 'tag sweep every tick');
    if (sweepPeriod > 0) found.add('modulated sweep on a period');
  }
  if (weights8.some((weight) => weight < 0) || weights16.some((weight) => weight < 0))
    found.add('negative weights');
}

function ruleFeatures({ terms }: Image, found: Set<string>): void {
  for (const { event, target, factor1, factor2, factor3 } of terms) {
    const used = [factor1, factor2, factor3].filter((code) => code !== noFactor);
    const modulated = used.some((code) => code >= factorCodes.modulator);
    const sweep = used.includes(factorCodes.l) ? 'signal' : modulated ? 'modulated' : 'rated';
    const kind = event === eventCodes.sweep ? `${sweep} sweep` : nameOf(eventCodes, event);
    found.add(`${kind} ${nameOf(targetCodes, target)?.toUpperCase()}`);
    for (const code of used)
      found.add(`factor ${code >= factorCodes.modulator ? 'm' : nameOf(factorCodes, code)}`);
    if (used.length === 3) found.add('three factors');
  }
}

function projectionFeatures({ projections = {} }: NetworkDescription, found: Set<string>): void {
  for (const { from, to, connect = 'all-to-all', weight, delay } of Object.values(projections)) {
    const kind = typeof connect === 'string' ? connect : connect.kind;
    found.add(`connect ${kind}`);
    if (typeof connect === 'object' && 'selfConnections' in connect && connect.selfConnections === false)
      found.add('connect without self-connections');
    if (`${from}${to}`.includes('[')) found.add('connect slices');
    found.add(`weights ${kindOfValues(weight)}`);
    if (delay !== undefined && typeof delay === 'object') found.add('delay by synapse');
  }
}

function kindOfValues(values: unknown): (typeof valueKinds)[number] {
  if (typeof values === 'number') return 'constant';
  const { distribution } = values as { distribution?: (typeof valueKinds)[number] };
  return distribution ?? 'listed';
}
