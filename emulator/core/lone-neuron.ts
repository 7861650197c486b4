import type { CoreImage, NeuronGroupRecord } from '../../src/image/image.js';
import { modelCodes, neuronGroupFlags } from '../../src/image/layout.js';
import { decay, noise, noisePurpose, randomOfTick, sat24, stateMax, turnMask } from './arithmetic.js';
import { decayTimes, turnsIn } from './quiet-decays.js';

/** Ticks a neuron is taken one by one before it is left to the next span. */
const patience = 1024;
/** A neuron is looked at for rest at multiples of this, and at the start. */
const lookEvery = 64;

/**
 * One neuron without input (`docs/core.md`, section 5, with acc = 0), over many ticks. It is taken tick by tick until
 * it is *settled*: no refractory tick is left, I stands still, and V, by its bounds under any noise, cannot reach the
 * level. From there:
 *
 * - without noise V is taken from turn to turn of its decay until a turn ends where it began;
 * - with noise the last ticks decide alone. A tick maps V monotonically, so a V that starts between two bounds ends
 *   between what the bounds end at; where these meet, V is there, wherever it was before (coupling from the past;
 *   Propp & Wilson 1996). Two runs over a window that ends with the span stand for the whole of it.
 */
export class LoneNeuron {
  v = 0;
  i = 0;
  adaptation = 0;
  refractory = 0;
  readonly #image: CoreImage;
  readonly #seed: number;

  readonly #randomTicks = new Float64Array(patience).fill(-1);
  readonly #randoms = new Int32Array(patience);
  /** Groups whose bounds did not meet within the window. */
  readonly #stubborn = new Set<NeuronGroupRecord>();
  #group!: NeuronGroupRecord;
  #unit = 0;
  #bias = 0;
  #vMask = 0;
  #iMask = 0;
  #adaptMask = 0;
  #exponential = false;
  #adaptive = false;
  #spiking = false;
  /** Bounds of V once settled. */
  #low = 0;
  #high = 0;

  constructor(image: CoreImage, seed: number) {
    this.#image = image;
    this.#seed = seed;
  }

  setGroup(group: NeuronGroupRecord): void {
    this.#group = group;
    this.#vMask = turnMask(group.vCadence);
    this.#iMask = turnMask(group.iCadence);
    this.#adaptMask = turnMask(group.adaptCadence);
    this.#exponential = (group.flags & neuronGroupFlags.exponential) !== 0;
    this.#adaptive = (group.flags & neuronGroupFlags.adaptive) !== 0;
    this.#spiking = group.model !== modelCodes.readout;
  }

  /** Neuron `n` of the group. */
  setNeuron(n: number, v: number, i: number, adaptation: number, refractory: number): void {
    const { flags, firstUnit, bias, biasOffset } = this.#group;
    this.#unit = firstUnit + n;
    this.#bias = flags & neuronGroupFlags.biasArray ? this.#image.bias[biasOffset + n]! : bias;
    this.v = v;
    this.i = i;
    this.adaptation = adaptation;
    this.refractory = refractory;
  }

  /** Runs the ticks from … to − 1; stops before a tick in which it spikes, or when its patience is over. Gives the next tick. */
  run(from: number, to: number): number {
    const end = Math.min(to, from + patience);
    for (let tick = from; ; ) {
      if (this.#settled(tick) && this.#settle(tick, to)) return to;
      if (tick >= end) return end;
      const aim = Math.min(end, (Math.floor(tick / lookEvery) + 1) * lookEvery);
      tick = this.#ticks(tick, aim);
      if (tick < aim) return tick;
    }
  }

  /** Tick by tick; stops before one in which it would spike. */
  #ticks(from: number, to: number): number {
    const { vKeep, iKeep, adaptKeep, threshold, noise: amplitude } = this.#group;
    const unit = this.#unit;
    const bias = this.#bias;
    const [vMask, iMask, adaptMask] = [this.#vMask, this.#iMask, this.#adaptMask];
    const [exponential, adaptive, spiking] = [this.#exponential, this.#adaptive, this.#spiking];
    let { v, i, adaptation, refractory } = this;
    let tick = from;
    for (; tick < to; tick++) {
      const current = exponential && (tick & iMask) === 0 ? decay(i, iKeep) : i;
      if (refractory > 0) refractory--;
      else {
        const membrane = (tick & vMask) === 0 ? decay(v, vKeep) : v;
        const random = amplitude === 0 ? 0 : noise(this.#random(tick), unit, amplitude);
        const next = sat24(membrane + (exponential ? current : 0) + bias + random);
        if (spiking && next >= (adaptive ? sat24(threshold + adaptation) : threshold)) break;
        v = next;
      }
      i = current;
      if (adaptive && (tick & adaptMask) === 0) adaptation = decay(adaptation, adaptKeep);
    }
    this.v = v;
    this.i = i;
    this.adaptation = adaptation;
    this.refractory = refractory;
    return tick;
  }

  /** `randomOfTick`, which all neurons share. */
  #random(tick: number): number {
    const at = tick % patience;
    if (this.#randomTicks[at] !== tick) {
      this.#randomTicks[at] = tick;
      this.#randoms[at] = randomOfTick(this.#seed, tick, noisePurpose);
    }
    return this.#randoms[at]!;
  }

  /** What V gains in a tick, without noise. */
  get #drift(): number {
    return this.#bias + (this.#exponential ? this.i : 0);
  }

  /** Whether all that is left is V, below the level whatever the noise. Sets the bounds. */
  #settled(tick: number): boolean {
    const { vKeep, iKeep, threshold, noise: amplitude } = this.#group;
    if (this.refractory > 0 || (this.#exponential && decay(this.i, iKeep) !== this.i)) return false;
    const drift = this.#drift;
    const period = this.#vMask + 1;
    const rise = Math.max(0, amplitude + drift) * period;
    const fall = Math.max(0, amplitude - drift) * period;
    // Bounds hold from turn to turn of the decay: between turns V may have further to go.
    if (rise + fall > 0 && (tick & this.#vMask) !== 0) return false;
    this.#high = Math.max(this.v, bound(rise, vKeep));
    this.#low = -Math.max(-this.v, bound(fall, vKeep));
    if (!this.#spiking) return true;
    // The level goes from here to the threshold, never beyond.
    const lift = this.#adaptive ? Math.min(0, this.adaptation) : 0;
    return this.#high < sat24(threshold + lift);
  }

  /** Takes a settled neuron to the end; false, and nothing has changed, if that is no shorter than tick by tick. */
  #settle(from: number, to: number): boolean {
    const { adaptKeep, noise: amplitude } = this.#group;
    const v = amplitude === 0 ? this.#calm(from, to) : this.#coupled(from, to);
    if (v === null) return false;
    this.v = v;
    if (this.#adaptive)
      this.adaptation = decayTimes(this.adaptation, adaptKeep, turnsIn(from, to, this.#adaptMask));
    return true;
  }

  /** V without noise. */
  #calm(from: number, to: number): number {
    const { vKeep } = this.#group;
    const drift = this.#drift;
    const mask = this.#vMask;
    const firstTurn = Math.min(to, from + (-from & mask));
    let v = sat24(this.v + drift * (firstTurn - from));
    for (let turn = firstTurn; turn < to; turn += mask + 1) {
      const ticks = Math.min(mask + 1, to - turn);
      const after = sat24(sat24(decay(v, vKeep) + drift) + drift * (ticks - 1));
      // Whole turns that change nothing: what is left is the last, begun one.
      if (after === v && ticks === mask + 1) turn += Math.floor((to - turn) / ticks - 1) * ticks;
      v = after;
    }
    return v;
  }

  /** V with noise, from the last ticks of the span; null where they do not decide it. */
  #coupled(from: number, to: number): number | null {
    if (this.#stubborn.has(this.#group)) return null;
    const window = this.#window();
    for (const ticks of [window, 4 * window]) {
      // Two runs over the window cost little more than one: most of it is the noise, which they share.
      if (1.25 * ticks > to - from) return null;
      const v = this.#couple(to - ticks, to);
      if (v !== null) return v;
    }
    this.#stubborn.add(this.#group);
    return null;
  }

  #couple(from: number, to: number): number | null {
    const { vKeep, noise: amplitude } = this.#group;
    const unit = this.#unit;
    const drift = this.#drift;
    let [low, high] = [this.#low, this.#high];
    for (let tick = from; tick < to; tick++) {
      const gain = drift + noise(this.#random(tick), unit, amplitude);
      const onTurn = (tick & this.#vMask) === 0;
      const met = low === high;
      low = sat24((onTurn ? decay(low, vKeep) : low) + gain);
      high = met ? low : sat24((onTurn ? decay(high, vKeep) : high) + gain);
    }
    return low === high ? low : null;
  }

  /** Ticks in which the bounds should meet: their distance decays to one unit, and that takes its time to go. */
  #window(): number {
    const { vKeep } = this.#group;
    const turns = 65536 / (65536 - vKeep);
    return Math.ceil((this.#vMask + 1) * (turns * (Math.log(this.#high - this.#low + 2) + 8) + 16));
  }
}

/** The least magnitude that a gain of `rise` between two decays cannot lift. */
function bound(rise: number, keep: number): number {
  if (rise === 0) return 0;
  return Math.min(stateMax, Math.ceil((rise * 65536) / (65536 - keep)));
}
