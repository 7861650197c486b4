import type { Episodes } from './episodes.js';
import type { ModulatorState } from './modulators.js';
import { QuietModulators, QuietTraces } from './quiet-decays.js';
import { QuietEpisodes } from './quiet-episodes.js';
import { QuietNeurons } from './quiet-neurons.js';
import type { QuietPart } from './quiet-part.js';
import { QuietSweeps } from './quiet-sweeps.js';
import type { CoreState } from './state.js';

/** Spans shorter than this are left to the ordinary tick. */
const fewest = 16;
/** An ordinary tick costs resting neurons nothing, a span all of them: with so many of them it must be a tick longer. */
const restingOfTick = 16;
/** Ticks to wait after a vain attempt: doubled each time up to the longest, so that busy boards lose little. */
const shortestWait = 4;
const longestWaitOfFew = 256;
/** Boards with many neurons wait up to a tick for so many. */
const neuronsOfWait = 4;
/** A span is taken in steps that grow, so that little is lost when a neuron soon spikes. */
const growth = 64;

/** Of the board's statistics, those that go on in quiet spans. */
interface Counters {
  ticks: number;
  sweptSynapses: number;
}

/** Skips ahead over quiet spans, to the same bits as tick by tick. */
export class Quiet {
  readonly #cores: readonly CoreState[];
  readonly #parts: readonly QuietPart[];
  readonly #statistics: Counters;
  readonly #fewest: number;
  readonly #longestWait: number;
  #wait = shortestWait;
  #notBefore = 0;

  constructor(
    cores: readonly CoreState[],
    modulators: ModulatorState,
    episodes: Episodes | null,
    seed: number,
    statistics: Counters,
  ) {
    this.#cores = cores;
    this.#statistics = statistics;
    const neurons = cores.map((core) => new QuietNeurons(core, seed));
    const count = cores.reduce((sum, { v }) => sum + v.length, 0);
    const restless = neurons.reduce((sum, part) => sum + part.restless, 0);
    this.#fewest = Math.max(fewest, Math.floor((count - restless) / restingOfTick));
    this.#longestWait = Math.max(longestWaitOfFew, Math.floor(count / neuronsOfWait));
    // Those that refuse at little cost come first; the neurons find the end of the span, the most restless at once.
    this.#parts = [
      ...(episodes === null ? [] : [new QuietEpisodes(episodes)]),
      ...cores.map((core) => new QuietSweeps(core, modulators)),
      new QuietModulators(modulators),
      ...cores.map((core) => new QuietTraces(core)),
      ...neurons.sort((a, b) => b.restless - a.restless),
    ];
  }

  /** Takes the board from before `tick` over at most `most` ticks, in none of which an event is due; gives how many. */
  skip(tick: number, most: number, learning: boolean): number {
    if (most < this.#fewest || (tick < this.#notBefore && this.#notBefore - tick <= this.#longestWait))
      return 0;
    const end = tick + most;
    let now = tick;
    if (this.#cores.every(({ delayLine }) => delayLine.isEmpty))
      for (let step = this.#fewest; now < end; step *= growth) {
        const aim = Math.min(end, now + step);
        const reached = this.#step(now, aim, learning);
        const stopped = reached < aim;
        now = reached;
        if (stopped) break;
      }
    this.#wait = now - tick >= this.#fewest ? shortestWait : Math.min(this.#longestWait, this.#wait * 2);
    this.#notBefore = now < end ? now + this.#wait : 0;
    this.#statistics.ticks += now - tick;
    return now - tick;
  }

  #step(from: number, aim: number, learning: boolean): number {
    let to = aim;
    for (const part of this.#parts) {
      to = part.until(from, to, learning);
      if (to <= from) return from;
    }
    for (const part of this.#parts) this.#statistics.sweptSynapses += part.advance(from, to, learning);
    return to;
  }
}
