import type { BlockRecord, CoreImage, Image, TermRecord } from '../../src/image/image.js';
import { ReferenceEpisodes } from './reference-episodes.testing.js';
import { hashOf, key, mixed } from './reference-hash.testing.js';
import { clamp, decayed, factor16, isOnTurn, noiseOf, state24 } from './reference-numbers.testing.js';

/**
 * A second, independent reader of `docs/core.md`: as plain as can be, slow, and without any code of `emulator/core`,
 * whose oracle it is in the tests. Read it beside the document, section by section.
 */

/** State of one core; synapses are numbered inside their block. */
interface Core {
  readonly image: CoreImage;
  readonly v: number[];
  readonly i: number[];
  readonly refractory: number[];
  readonly adaptation: number[];
  readonly accumulated: number[];
  readonly y: number[][];
  readonly x: number[][];
  readonly weights: number[][];
  readonly tags: number[][];
  readonly tags2: number[][];
  /** h and l by neuron, of this tick. */
  h: number[];
  l: number[];
  /** Axons due, by tick. */
  readonly pending: Map<number, Set<number>>;
  spiked: number[];
}

interface Channel {
  m: number;
  baseline: number;
  sum: number;
  history: number[];
}

type Visit = (synapse: number, neuron: number) => void;

const zeros = (count: number) => new Array<number>(count).fill(0);
const isPlastic = (block: BlockRecord) => (block.flags & 1) !== 0;
const modulatorOf = ({ factor1, factor2, factor3 }: TermRecord) =>
  [factor1, factor2, factor3].filter((code) => code >= 16 && code !== 255).map((code) => code - 16);
const namesSignal = ({ factor1, factor2, factor3 }: TermRecord) => [factor1, factor2, factor3].includes(10);

export class ReferenceBoard {
  tick = 0;
  learning = true;
  readonly #image: Image;
  readonly #cores: Core[];
  readonly #channels: Channel[];
  readonly #episodes: ReferenceEpisodes | null;
  /** In a tick of a replay: what happens again. */
  #again: ReturnType<ReferenceEpisodes['at']> = null;
  #feedback: number | null = null;
  #request: number | null = null;
  readonly #spikes = new Map<number, Set<number>>();
  readonly #rewards = new Map<number, Map<number, number>>();
  readonly #control = new Map<number, [code: number, population: number, argument: number][]>();

  constructor(image: Image) {
    this.#image = image;
    this.#episodes = image.episodes.length > 0 ? new ReferenceEpisodes(image) : null;
    this.#channels = image.modulators.map(() => ({ m: 0, baseline: 0, sum: 0, history: zeros(64) }));
    this.#cores = image.cores.map((core) => {
      const { neuronCount, axonCount } = core.core;
      const v = zeros(neuronCount);
      for (const group of core.neuronGroups)
        for (let n = 0; n < group.count; n++)
          if (group.flags & 4) v[group.firstNeuron + n] = core.initial[group.initialOffset + n]!;
      return {
        image: core,
        v,
        i: zeros(neuronCount),
        refractory: zeros(neuronCount),
        adaptation: zeros(neuronCount),
        accumulated: zeros(neuronCount),
        y: [zeros(neuronCount), zeros(neuronCount), zeros(neuronCount)],
        x: [zeros(axonCount), zeros(axonCount)],
        weights: core.blocks.map((block) => {
          const all = isPlastic(block) ? core.weights16 : core.weights8;
          return [...all.slice(block.weightOffset, block.weightOffset + block.synapseCount)];
        }),
        tags: core.blocks.map((block) => zeros(block.synapseCount)),
        tags2: core.blocks.map((block) => zeros(block.synapseCount)),
        h: zeros(neuronCount),
        l: zeros(neuronCount),
        pending: new Map(),
        spiked: [],
      };
    });
  }

  addSpike(tick: number, unit: number): void {
    this.#spikes.set(tick, (this.#spikes.get(tick) ?? new Set()).add(unit));
  }

  addReward(tick: number, channel: number, value: number): void {
    const rewards = this.#rewards.get(tick) ?? new Map<number, number>();
    this.#rewards.set(tick, rewards.set(channel, (rewards.get(channel) ?? 0) + value));
  }

  addControl(tick: number, code: number, population: number, argument: number): void {
    this.#control.set(tick, [...(this.#control.get(tick) ?? []), [code, population, argument]]);
  }

  /** Runs one tick (section 3); gives the output spikes, rising. */
  step(): number[] {
    this.#again = this.#episodes?.at(this.tick) ?? null;
    if (this.#again !== null) this.#putOff(this.tick + this.#episodes!.total);
    this.#feedback = null;
    this.#request = null;
    this.#learningSignals();
    for (const core of this.#cores) core.h.fill(0);
    for (const core of this.#cores) this.#deliver(core);
    for (const core of this.#cores) this.#updateNeurons(core);
    for (const core of this.#cores) this.#postEvents(core);
    for (const core of this.#cores) this.#nearEvents(core);
    for (const core of this.#cores) this.#sweep(core);
    for (const core of this.#cores) this.#decayTraces(core);
    this.#channels.forEach((channel, c) => {
      this.#updateChannel(channel, c);
    });
    this.#channels.forEach((channel, c) => {
      channel.history[this.tick % 64] = channel.sum;
      channel.sum = (channel.sum + this.#signalOf(c)) | 0;
    });
    for (const event of (this.#control.get(this.tick) ?? []).sort(compareEvents))
      this.#controlEvent(...event);
    if (this.#episodes !== null) this.#replay(this.#episodes);
    const out = this.#route();
    this.tick++;
    return out;
  }

  /** Section 13: everything stamped with this tick is stamped `later`. */
  #putOff(later: number): void {
    for (const unit of this.#spikes.get(this.tick) ?? []) this.addSpike(later, unit);
    for (const [channel, value] of this.#rewards.get(this.tick) ?? []) this.addReward(later, channel, value);
    for (const event of this.#control.get(this.tick) ?? []) this.addControl(later, ...event);
    for (const map of [this.#spikes, this.#rewards, this.#control]) map.delete(this.tick);
  }

  /** Section 13, step 5.4. */
  #replay(episodes: ReferenceEpisodes): void {
    const clear = () => this.#controlEvent(1, 65535, episodes.clear);
    const channel = this.#channels[episodes.trigger];
    if (this.#again === null) {
      if (this.#feedback === null && this.#request === null) return;
      if (episodes.begin(this.tick, this.#feedback, this.#request)) clear();
      else if (this.#feedback !== null) channel!.m = state24(channel!.m + this.#feedback);
      return;
    }
    const { outcome, ends, linkEnds } = this.#again;
    if (outcome !== null && channel) channel.m = state24(channel.m + outcome);
    if (ends) episodes.end();
    else if (linkEnds) clear();
  }

  /** Section 6, learning signals. */
  #learningSignals(): void {
    const mean = (c: number) => this.#mean(c, this.#image.network.signalPeriod);
    for (const core of this.#cores)
      for (const g of core.image.neuronGroups)
        for (let n = 0; n < g.count; n++) {
          let l = 0;
          if (g.flags & 32) {
            const sum = this.#feedbackOf(g.firstUnit + n, mean);
            l = factor16(
              Math.floor(sum / 2 ** g.signalShift) +
                (g.signalChannel === 65535 ? 0 : mean(g.signalChannel + n)),
            );
          }
          core.l[g.firstNeuron + n] = l;
        }
  }

  #feedbackOf(unit: number, mean: (c: number) => number): number {
    let sum = 0;
    for (const core of this.#cores)
      core.image.blocks.forEach((block, b) => {
        if (!(block.flags & 8)) return;
        for (let axon = block.firstAxon; axon < block.firstAxon + block.axonCount; axon++)
          if (core.image.axons[axon]! % 2 ** 31 === unit)
            this.#forRow(core, block, axon, (synapse, neuron) => {
              const weight = core.weights[b]![synapse]!;
              const acting = isPlastic(block) ? Math.floor(weight / 256) : weight;
              sum += acting * mean(block.feedbackChannel + neuron - block.firstNeuron);
            });
      });
    return sum;
  }

  /** Mean of a channel over the last 2^q ticks (section 7). */
  #mean(c: number, q: number): number {
    const { sum, history } = this.#channels[c]!;
    const before = history[(this.tick + 64 - 2 ** q) % 64]!;
    return factor16(((sum - before) | 0) >> (8 + q));
  }

  /** Section 4. */
  #deliver(core: Core): void {
    const due = core.pending.get(this.tick) ?? new Set<number>();
    core.pending.delete(this.tick);
    for (const axon of due)
      core.image.blocks.forEach((block, b) => {
        if (axon < block.firstAxon || axon >= block.firstAxon + block.axonCount) return;
        this.#forRow(core, block, axon, (synapse, neuron) => {
          const weight = core.weights[b]![synapse]!;
          if (!(block.flags & 16))
            core.accumulated[neuron]! += (isPlastic(block) ? weight >> 8 : weight) * 2 ** block.shift;
          if (isPlastic(block)) this.#event(core, b, synapse, axon, neuron, ({ event }) => event === 0);
        });
      });
    for (const axon of due) {
      const group = core.image.axonGroups.find((g) => axon >= g.firstAxon && axon < g.firstAxon + g.count)!;
      impulse(core.x[0]!, axon, group.x1Mode, group.x1Impulse);
      impulse(core.x[1]!, axon, group.x2Mode, group.x2Impulse);
    }
  }

  /** Section 5. */
  #updateNeurons(core: Core): void {
    core.spiked = [];
    for (const group of core.image.neuronGroups)
      for (let n = 0; n < group.count; n++) {
        const neuron = group.firstNeuron + n;
        const input = state24(core.accumulated[neuron]!);
        core.accumulated[neuron] = 0;
        if (this.#again !== null && this.#episodes!.isRecorded(group.firstUnit + n)) {
          if (this.#again.units.has(group.firstUnit + n)) core.spiked.push(neuron);
          continue;
        }
        let drive = input;
        if (group.flags & 1) {
          if (isOnTurn(this.tick, group.iCadence)) core.i[neuron] = decayed(core.i[neuron]!, group.iKeep);
          drive = state24(core.i[neuron]! + input);
          core.i[neuron] = drive;
        }
        const adaptive = (group.flags & 8) !== 0;
        const level = adaptive ? state24(group.threshold + core.adaptation[neuron]!) : group.threshold;
        if (adaptive && isOnTurn(this.tick, group.adaptCadence))
          core.adaptation[neuron] = decayed(core.adaptation[neuron]!, group.adaptKeep);
        if (core.refractory[neuron]! > 0) {
          core.refractory[neuron]!--;
          continue;
        }
        if (isOnTurn(this.tick, group.vCadence)) core.v[neuron] = decayed(core.v[neuron]!, group.vKeep);
        const bias = group.flags & 2 ? core.image.bias[group.biasOffset + n]! : group.bias;
        const noise =
          group.noise === 0
            ? 0
            : noiseOf(this.#image.network.seed, this.tick, group.firstUnit + n, group.noise);
        const v = state24(core.v[neuron]! + drive + bias + noise);
        const spikes = group.model !== 2 && v >= level;
        core.v[neuron] = v;
        if (group.flags & 16) core.h[neuron] = windowOf(group, Math.abs(v - level));
        if (!spikes) continue;
        if (group.resetMode === 0) core.v[neuron] = group.resetValue;
        if (group.resetMode === 1) core.v[neuron] = state24(v - group.threshold);
        core.refractory[neuron] = group.refractory;
        if (adaptive) core.adaptation[neuron] = state24(core.adaptation[neuron]! + group.adaptImpulse);
        core.spiked.push(neuron);
      }
  }

  /** Section 6, post-events. */
  #postEvents(core: Core): void {
    for (const neuron of core.spiked) {
      core.image.blocks.forEach((block, b) => {
        if (!isPlastic(block)) return;
        for (let axon = block.firstAxon; axon < block.firstAxon + block.axonCount; axon++)
          this.#forRow(core, block, axon, (synapse, target) => {
            if (target === neuron) this.#event(core, b, synapse, axon, neuron, ({ event }) => event === 1);
          });
      });
      const group = groupOf(core, neuron);
      impulse(core.y[0]!, neuron, group.y1Mode, group.y1Impulse);
      impulse(core.y[1]!, neuron, group.y2Mode, group.y2Impulse);
      impulse(core.y[2]!, neuron, group.y3Mode, group.y3Impulse);
    }
  }

  /** Section 6, near-events. */
  #nearEvents(core: Core): void {
    core.image.blocks.forEach((block, b) => {
      if (!isPlastic(block)) return;
      for (let axon = block.firstAxon; axon < block.firstAxon + block.axonCount; axon++)
        this.#forRow(core, block, axon, (synapse, neuron) => {
          if (core.h[neuron]! > 0) this.#event(core, b, synapse, axon, neuron, ({ event }) => event === 3);
        });
    });
  }

  /** Section 7. */
  #sweep(core: Core): void {
    core.image.blocks.forEach((block, b) => {
      if (!isPlastic(block)) return;
      const sweepTerms = this.#terms(block).filter(({ event }) => event === 2);
      const channels = sweepTerms.flatMap(modulatorOf);
      const mean = (c: number) => this.#mean(c, block.sweepPeriod);
      const modulated = (term: TermRecord) =>
        term.event === 2 && (modulatorOf(term).length > 0 || namesSignal(term));
      const rated = (term: TermRecord) => term.event === 2 && !modulated(term);
      for (let axon = block.firstAxon; axon < block.firstAxon + block.axonCount; axon++) {
        const turn = this.tick + (core.image.axons[axon]! % 2 ** 31);
        const visits = sweepTerms.some(namesSignal) || channels.some((c) => mean(c) !== 0);
        if (turn % 2 ** block.sweepPeriod === 0 && visits)
          this.#forRow(core, block, axon, (synapse, neuron) => {
            this.#event(core, b, synapse, axon, neuron, modulated, mean);
          });
        if (turn % 2 ** block.ratedPeriod === 0)
          this.#forRow(core, block, axon, (synapse, neuron) => {
            this.#event(core, b, synapse, axon, neuron, rated);
          });
        this.#forRow(core, block, axon, (synapse) => {
          if (turn % 2 ** block.tagPeriod === 0)
            core.tags[b]![synapse] = decayed(core.tags[b]![synapse]!, block.tagKeep);
          if (turn % 2 ** block.tag2Period === 0)
            core.tags2[b]![synapse] = decayed(core.tags2[b]![synapse]!, block.tag2Keep);
        });
      }
    });
  }

  /** Section 6: the terms chosen, for one synapse, all on the values before. */
  #event(
    core: Core,
    b: number,
    synapse: number,
    axon: number,
    neuron: number,
    chosen: (term: TermRecord) => boolean,
    modulator: (c: number) => number = (c) =>
      this.#image.modulators[c]!.flags & 2 ? this.#mean(c, 0) : factor16(this.#channels[c]!.m >> 8),
  ): void {
    if (!this.learning) return;
    const block = core.image.blocks[b]!;
    const value = (code: number): number => {
      if (code === 0) return 4096;
      if (code <= 2) return core.x[code - 1]![axon]! >> 8;
      if (code <= 5) return core.y[code - 3]![neuron]! >> 8;
      if (code === 6) return core.tags[b]![synapse]!;
      if (code === 7) return core.weights[b]![synapse]!;
      if (code === 8) return core.tags2[b]![synapse]!;
      if (code === 9) return core.h[neuron]!;
      return code === 10 ? core.l[neuron]! : modulator(code - 16);
    };
    const change = [0, 0, 0];
    for (const term of this.#terms(block).filter(chosen)) {
      let p = value(term.factor1) * value(term.factor2);
      if (term.factor3 !== 255)
        p = factor16(Math.floor((p + 2 ** (term.preShift - 1)) / 2 ** term.preShift)) * value(term.factor3);
      const r = Math.floor((p + 64) / 128) * term.mantissa;
      const rounded = term.shift === 0 ? r : Math.floor((r + 2 ** (term.shift - 1)) / 2 ** term.shift);
      change[term.target]! += clamp(rounded, -65535, 65535);
    }
    core.weights[b]![synapse] = clamp(core.weights[b]![synapse]! + change[0]!, block.wMin, block.wMax);
    core.tags[b]![synapse] = factor16(core.tags[b]![synapse]! + change[1]!);
    core.tags2[b]![synapse] = factor16(core.tags2[b]![synapse]! + change[2]!);
  }

  /** Section 8, traces. */
  #decayTraces({ image, x, y }: Core): void {
    const run = (trace: number[], first: number, count: number, keep: number, cadence: number) => {
      if (isOnTurn(this.tick, cadence))
        for (let n = first; n < first + count; n++) trace[n] = decayed(trace[n]!, keep);
    };
    for (const g of image.axonGroups) {
      run(x[0]!, g.firstAxon, g.count, g.x1Keep, g.x1Cadence);
      run(x[1]!, g.firstAxon, g.count, g.x2Keep, g.x2Cadence);
    }
    for (const g of image.neuronGroups) {
      run(y[0]!, g.firstNeuron, g.count, g.y1Keep, g.y1Cadence);
      run(y[1]!, g.firstNeuron, g.count, g.y2Keep, g.y2Cadence);
      run(y[2]!, g.firstNeuron, g.count, g.y3Keep, g.y3Cadence);
    }
  }

  /** Section 8, modulators. */
  #updateChannel(channel: Channel, c: number): void {
    const { keep, cadence, flags, gain } = this.#image.modulators[c]!;
    if (isOnTurn(this.tick, cadence)) channel.m = decayed(channel.m, keep);
    const reward = this.#rewards.get(this.tick)?.get(c);
    if (reward !== undefined) {
      const error = state24(reward) - (flags & 1 ? channel.baseline : 0);
      if (c === this.#episodes?.trigger) this.#feedback = error;
      else channel.m = state24(channel.m + error);
      if (flags & 1) channel.baseline += decayed(state24(error), gain);
    }
  }

  /** X of section 8. */
  #signalOf(c: number): number {
    const { flags, gate, errorCore, errorNeuron, errorShift } = this.#image.modulators[c]!;
    const { m } = this.#channels[c]!;
    if (!(flags & 2)) return m;
    if (gate !== 65535 && this.#channels[gate]!.m === 0) return 0;
    const v = this.#cores[errorCore]!.v[errorNeuron]!;
    return state24(m - (errorShift >= 0 ? state24(v * 2 ** errorShift) : Math.floor(v * 2 ** errorShift)));
  }

  /** Section 8, control events. */
  #controlEvent(code: number, population: number, argument: number): void {
    if (code === 2) this.learning = argument !== 0;
    if (code === 3 && argument === 0) this.#episodes?.close();
    if (code === 3 && argument === 1) this.#episodes?.forget();
    if (code === 4) this.#request = argument;
    if (code !== 1) return;
    const named = (other: number) => population === 65535 || population === other;
    for (const { image, v, i, refractory, adaptation, x, y, tags, tags2, pending } of this.#cores) {
      const clear = (values: number[], first: number, count: number) =>
        void values.fill(0, first, first + count);
      for (const g of image.neuronGroups.filter((group) => named(group.population))) {
        if (argument & 1)
          for (const values of [v, i, adaptation, refractory]) clear(values, g.firstNeuron, g.count);
        if (argument & 2) for (const trace of y) clear(trace, g.firstNeuron, g.count);
        if (argument & 4)
          image.blocks.forEach((block, b) => {
            const inside = block.firstNeuron >= g.firstNeuron && block.firstNeuron < g.firstNeuron + g.count;
            if (inside) for (const values of [tags, tags2]) values[b]!.fill(0);
          });
      }
      for (const g of image.axonGroups.filter((group) => named(group.population))) {
        if (argument & 2) for (const trace of x) clear(trace, g.firstAxon, g.count);
        if (argument & 8)
          for (const axons of pending.values())
            for (let axon = g.firstAxon; axon < g.firstAxon + g.count; axon++) axons.delete(axon);
      }
    }
    if (argument & 16)
      for (const channel of this.#channels) Object.assign(channel, { m: 0, sum: 0, history: zeros(64) });
  }

  /** Section 9. */
  #route(): number[] {
    const { populations, inputRouteStart, inputRoutes } = this.#image;
    const out: number[] = [];
    const all: number[] = [];
    const emit = (population: number, unit: number) => {
      all.push(unit);
      if (populations[population]!.flags & 1) out.push(unit);
    };
    const send = (word: number) => {
      const core = this.#cores[Math.floor(word / 2 ** 20)]!;
      const axon = word % 2 ** 20;
      const group = core.image.axonGroups.find((g) => axon >= g.firstAxon && axon < g.firstAxon + g.count)!;
      const due = this.tick + group.delay;
      core.pending.set(due, (core.pending.get(due) ?? new Set()).add(axon));
    };
    const isInput = (unit: number) =>
      populations.some((p) => p.model === 3 && unit >= p.firstUnit && unit < p.firstUnit + p.size);
    const again = this.#again && [...this.#again.units].filter(isInput);
    for (const unit of again ?? this.#spikes.get(this.tick) ?? []) {
      const index = populations.findIndex((p) => unit >= p.firstUnit && unit < p.firstUnit + p.size);
      const { firstUnit, firstInput } = populations[index]!;
      const line = firstInput + unit - firstUnit;
      inputRoutes.slice(inputRouteStart[line], inputRouteStart[line + 1]).forEach(send);
      emit(index, unit);
    }
    for (const core of this.#cores)
      for (const neuron of core.spiked) {
        const { routes, routeStart } = core.image;
        routes.slice(routeStart[neuron], routeStart[neuron + 1]).forEach(send);
        const group = groupOf(core, neuron);
        emit(group.population, group.firstUnit + neuron - group.firstNeuron);
      }
    if (this.#again !== null) return [];
    if (this.#episodes?.total === 0) this.#episodes.record(this.tick, all);
    return out.sort((a, b) => a - b);
  }

  /** Section 10. */
  stateHash(): number {
    const entries: [number, number][] = [];
    const delayKey = (delay: number) => Math.imul(delay, 0x165667b1);
    for (const core of this.#cores) {
      for (const g of core.image.neuronGroups)
        for (let n = 0; n < g.count; n++) {
          const [neuron, unit] = [g.firstNeuron + n, g.firstUnit + n];
          entries.push([key(0, unit), core.v[neuron]!], [key(2, unit), core.refractory[neuron]!]);
          if (g.flags & 8) entries.push([key(6, unit), core.adaptation[neuron]!]);
          if (g.flags & 1) entries.push([key(1, unit), core.i[neuron]!]);
          for (const slot of [0, 1, 2]) entries.push([key(3 + slot, unit), core.y[slot]![neuron]!]);
        }
      for (const g of core.image.axonGroups)
        for (let axon = g.firstAxon; axon < g.firstAxon + g.count; axon++) {
          const word = core.image.axons[axon]!;
          if (word < 2 ** 31) continue;
          const unit = word - 2 ** 31;
          for (const slot of [0, 1])
            entries.push([key(16 + slot, unit) + delayKey(g.delay), core.x[slot]![axon]!]);
          for (const [due, axons] of core.pending)
            if (axons.has(axon)) entries.push([key(18, unit) + delayKey(g.delay), due - this.tick + 1]);
        }
      core.image.blocks.forEach((block, b) => {
        if (!isPlastic(block)) return;
        for (let axon = block.firstAxon; axon < block.firstAxon + block.axonCount; axon++) {
          const pre = core.image.axons[axon]! % 2 ** 31;
          const row = mixed(Math.imul(block.projection, 0x9e3779b9) + pre);
          this.#forRow(core, block, axon, (synapse, neuron) => {
            const g = groupOf(core, neuron);
            const post = g.firstUnit + neuron - g.firstNeuron;
            const value = (core.tags[b]![synapse]! & 0xffff) | (core.weights[b]![synapse]! << 16);
            const synapseKey = row + Math.imul(post, 0x85ebca6b);
            entries.push([synapseKey, value], [synapseKey + 0x27d4eb2f, core.tags2[b]![synapse]! & 0xffff]);
          });
        }
      });
    }
    this.#channels.forEach(({ m, baseline, sum, history }, c) => {
      entries.push([key(48, c), m], [key(49, c), baseline], [key(50, c), sum]);
      entries.push(...history.map((value, k): [number, number] => [key(64 + k, c), value]));
    });
    entries.push(...(this.#episodes?.hashEntries() ?? []));
    const start = Math.imul(this.tick, 0x27d4eb2f) + (this.learning ? 1 : 0);
    return mixed(entries.reduce((total, [k, value]) => (total + hashOf(k, value)) | 0, start | 0)) >>> 0;
  }

  #terms({ rule }: BlockRecord): TermRecord[] {
    const { firstTerm, termCount } = this.#image.rules[rule]!;
    return this.#image.terms.slice(firstTerm, firstTerm + termCount);
  }

  #forRow({ image }: Core, block: BlockRecord, axon: number, visit: Visit): void {
    const row = axon - block.firstAxon;
    if (block.kind === 0)
      for (let n = 0; n < block.neuronCount; n++) visit(row * block.neuronCount + n, block.firstNeuron + n);
    else
      for (let k = image.index[block.rowOffset + row]!; k < image.index[block.rowOffset + row + 1]!; k++)
        visit(k, block.firstNeuron + image.targets[block.targetOffset + k]!);
  }
}

function impulse(trace: number[], at: number, mode: number, amount: number): void {
  if (mode === 1) trace[at] = state24(trace[at]! + amount);
  if (mode === 2) trace[at] = amount;
}

function groupOf({ image }: Core, neuron: number) {
  return image.neuronGroups.find((g) => neuron >= g.firstNeuron && neuron < g.firstNeuron + g.count)!;
}

/** Section 5, pseudo-derivative. */
function windowOf(
  { windowWidth, windowShift, windowSlope, windowPeak }: CoreImage['neuronGroups'][number],
  distance: number,
): number {
  if (distance > windowWidth) return 0;
  const steps = Math.min(Math.floor(distance / 2 ** windowShift), 65535);
  return Math.max(0, windowPeak - Math.floor((steps * windowSlope) / 65536));
}

function compareEvents(a: readonly number[], b: readonly number[]): number {
  return a[0]! - b[0]! || a[1]! - b[1]! || a[2]! - b[2]!;
}
