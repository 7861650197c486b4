import { type Draws, drawsOf } from '../../src/tasks/draws.js';
import { CounterNoise } from '../precision/noise.js';

/**
 * The experiment of Izhikevich (2007), figure 1, from the equations of his program `daspnet.m` (ModelDB 84167), in
 * float64: 800 regular-spiking and 200 fast-spiking Izhikevich neurons. Steps of 1 ms.
 */
const [excitatory, inhibitory, outgoing] = [800, 200, 100];
const neurons = excitatory + inhibitory;
const largest = 4;

/** What a look at the weights tells, in parts of the largest. */
export interface OriginalLook {
  readonly rewarded: number;
  readonly others: number;
  /** Other synapses at 0.9 of the largest or more. */
  readonly othersAtTop: number;
  readonly rewards: number;
  /** Spikes a second of an excitatory neuron since the last look. */
  readonly rate: number;
}

/** The network and the experiment; synapse s of source i is number i · 100 + s, those of excitatory sources first. */
export class Original {
  readonly #draws: Draws;
  readonly #noise: CounterNoise;
  readonly #targets = new Uint16Array(neurons * outgoing);
  /** Excitatory synapses onto each neuron. */
  readonly #incoming: readonly Uint32Array[];
  readonly #weights = new Float64Array(excitatory * outgoing).fill(1);
  readonly #tags = new Float64Array(excitatory * outgoing);
  readonly #v = new Float64Array(neurons).fill(-65);
  readonly #u = new Float64Array(neurons).fill(-13);
  readonly #trace = new Float64Array(neurons);
  readonly #traceBefore = new Float64Array(neurons);
  readonly #input = new Float64Array(neurons);
  readonly #due = new Set<number>();
  #dopamine = 0;
  #firstSpiked = Number.NEGATIVE_INFINITY;
  #tick = 0;
  #rewards = 0;
  #spikes = 0;

  constructor(seed: number) {
    this.#draws = drawsOf(seed);
    this.#noise = new CounterNoise(seed);
    const incoming: number[][] = Array.from({ length: neurons }, () => []);
    for (let synapse = 0; synapse < this.#targets.length; synapse++) {
      const isExcitatory = synapse < this.#weights.length;
      const target = this.#draws.integer(0, (isExcitatory ? neurons : excitatory) - 1);
      this.#targets[synapse] = target;
      if (isExcitatory) incoming[target]!.push(synapse);
    }
    this.#incoming = incoming.map((synapses) => Uint32Array.from(synapses));
    this.#weights[0] = 0;
  }

  /** Runs so many milliseconds and looks. */
  run(milliseconds: number): OriginalLook {
    const [rewards, spikes] = [this.#rewards, this.#spikes];
    for (let n = 0; n < milliseconds; n++) this.#step();
    let [sum, othersAtTop] = [0, 0];
    for (let synapse = 1; synapse < this.#weights.length; synapse++) {
      sum += this.#weights[synapse]!;
      if (this.#weights[synapse]! >= 0.9 * largest) othersAtTop++;
    }
    return {
      rewarded: this.#weights[0]! / largest,
      others: sum / (this.#weights.length - 1) / largest,
      othersAtTop,
      rewards: this.#rewards - rewards,
      rate: (this.#spikes - spikes) / excitatory / (milliseconds / 1000),
    };
  }

  #step(): void {
    const fired = this.#fire();
    this.#drive();
    this.#deliver(fired);
    this.#integrate();
    this.#traceBefore.set(this.#trace);
    for (let j = 0; j < neurons; j++) this.#trace[j] = this.#trace[j]! * 0.95;
    this.#dopamine *= 0.995;
    if (this.#tick % 10 === 9) this.#learn();
    this.#reward(fired);
    this.#tick++;
  }

  #fire(): number[] {
    const fired: number[] = [];
    for (let j = 0; j < neurons; j++)
      if (this.#v[j]! >= 30) {
        fired.push(j);
        this.#v[j] = -65;
        this.#u[j] = this.#u[j]! + (j < excitatory ? 8 : 2);
        this.#trace[j] = 0.1;
        if (j < excitatory) this.#spikes++;
      }
    return fired;
  }

  /** Random thalamic input. */
  #drive(): void {
    const [noise, input] = [this.#noise, this.#input];
    noise.startTick(this.#tick);
    for (let j = 0; j < neurons; j++) input[j] = 6.5 * noise.of(j);
  }

  /** Spikes potentiate what came before them, are delivered, and depress where the target spiked before. */
  #deliver(fired: readonly number[]): void {
    for (const j of fired)
      for (const synapse of this.#incoming[j]!) {
        const source = Math.floor(synapse / outgoing);
        this.#tags[synapse] = this.#tags[synapse]! + this.#traceBefore[source]!;
      }
    for (const i of fired)
      for (let synapse = i * outgoing; synapse < (i + 1) * outgoing; synapse++) {
        const target = this.#targets[synapse]!;
        this.#input[target] = this.#input[target]! + (i < excitatory ? this.#weights[synapse]! : -1);
        if (i < excitatory) this.#tags[synapse] = this.#tags[synapse]! - 1.5 * this.#trace[target]!;
      }
  }

  /** The membrane in two steps of 0.5 ms, the recovery in one of 1 ms. */
  #integrate(): void {
    const [membranes, recoveries, inputs] = [this.#v, this.#u, this.#input];
    for (let j = 0; j < neurons; j++) {
      const u = recoveries[j]!;
      const input = inputs[j]!;
      let v = membranes[j]!;
      v += 0.5 * ((0.04 * v + 5) * v + 140 - u + input);
      v += 0.5 * ((0.04 * v + 5) * v + 140 - u + input);
      membranes[j] = v;
      recoveries[j] = u + (j < excitatory ? 0.02 : 0.1) * (0.2 * v - u);
    }
  }

  #learn(): void {
    const [weights, tags] = [this.#weights, this.#tags];
    const factor = 0.002 + this.#dopamine;
    for (let synapse = 0; synapse < weights.length; synapse++) {
      const weight = weights[synapse]! + factor * tags[synapse]!;
      weights[synapse] = weight < 0 ? 0 : weight > largest ? largest : weight;
      tags[synapse] = tags[synapse]! * 0.99;
    }
  }

  /** Reward 1 to 3 s after neuron 0's first target spiked less than 20 ms after neuron 0. */
  #reward(fired: readonly number[]): void {
    const second = this.#targets[0]!;
    const paired = fired.includes(second) && this.#tick - this.#firstSpiked < 20 && !fired.includes(0);
    if (fired.includes(0)) this.#firstSpiked = this.#tick;
    if (paired) this.#due.add(this.#tick + this.#draws.integer(1001, 3000));
    if (!this.#due.delete(this.#tick)) return;
    this.#dopamine += 0.5;
    this.#rewards++;
  }
}
