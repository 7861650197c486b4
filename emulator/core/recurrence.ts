import type { Image } from '../../src/image/image.js';
import { traceModeCodes } from '../../src/image/layout.js';
import { type Episodes, word } from './episodes.js';
import type { ModulatorState } from './modulators.js';
import type { CoreState } from './state.js';
import { type StateArray, stateArrays } from './state-arrays.js';

/** With a longer one a board would seldom live to see it. */
const longestPeriod = 2 ** 20;

/**
 * Finds out that the state of a board comes again. Without input the next state follows from the state and from the place
 * of the tick in all cadences and periods; so if the state at tick t is that at t − d, and d is a multiple of all of
 * them, then it comes again every d ticks, with the same spikes, until something arrives. Not with noise, which is
 * drawn anew in each tick.
 */
export class Recurrence {
  /** A multiple of all cadences, sweep periods and rings, in ticks; 0: the board's state never comes again. */
  readonly period: number;
  readonly #arrays: readonly StateArray[];
  readonly #episodes: Episodes | null;
  readonly #kept: StateArray[] = [];
  #keptAt = -1;
  /** Looks until the kept state is given up for a newer one. */
  #patience = 1;
  #looks = 0;

  constructor(
    image: Image,
    cores: readonly CoreState[],
    modulators: ModulatorState,
    episodes: Episodes | null,
  ) {
    this.period = commonPeriod(image);
    this.#episodes = episodes;
    this.#arrays = stateArrays(cores, modulators, episodes);
  }

  /** Something came from outside: what followed the kept state will not follow again. */
  forget(): void {
    this.#keptAt = -1;
  }

  /** At a tick that is a multiple of the period: ticks after which the state is what it was, or 0 if that is not known. */
  observe(tick: number): number {
    if (this.#episodes && (this.#episodes.replaying || this.#episodes.words[word.open] !== 0)) return 0;
    if (this.#keptAt < 0) this.#keep(tick, 1);
    else if (this.#isKept()) return tick - this.#keptAt;
    else if (++this.#looks >= this.#patience) this.#keep(tick, this.#patience * 2);
    return 0;
  }

  #keep(tick: number, patience: number): void {
    this.#keptAt = tick;
    this.#patience = patience;
    this.#looks = 0;
    this.#arrays.forEach((array, n) => {
      const kept = this.#kept[n];
      if (kept) kept.set(array);
      else this.#kept[n] = array.slice();
    });
  }

  #isKept(): boolean {
    return this.#arrays.every((array, n) => {
      const kept = this.#kept[n]!;
      for (let k = 0; k < array.length; k++) if (array[k] !== kept[k]) return false;
      return true;
    });
  }
}

/** The least power of two that all powers of two of the image divide; 64 for the rings of modulators and delays. */
function commonPeriod({ cores, modulators }: Image): number {
  let cadence = 6;
  const take = (exponent: number) => {
    cadence = Math.max(cadence, exponent);
  };
  for (const modulator of modulators) take(modulator.cadence);
  for (const { neuronGroups, axonGroups, blocks } of cores) {
    for (const group of neuronGroups) {
      if (group.noise !== 0) return 0;
      for (const exponent of [group.vCadence, group.iCadence, group.adaptCadence]) take(exponent);
      if (group.y1Mode !== traceModeCodes.absent) take(group.y1Cadence);
      if (group.y2Mode !== traceModeCodes.absent) take(group.y2Cadence);
      if (group.y3Mode !== traceModeCodes.absent) take(group.y3Cadence);
    }
    for (const group of axonGroups) {
      if (group.x1Mode !== traceModeCodes.absent) take(group.x1Cadence);
      if (group.x2Mode !== traceModeCodes.absent) take(group.x2Cadence);
    }
    for (const block of blocks)
      for (const exponent of [block.tagPeriod, block.tag2Period, block.ratedPeriod, block.sweepPeriod])
        take(exponent);
  }
  return 2 ** cadence <= longestPeriod ? 2 ** cadence : 0;
}
