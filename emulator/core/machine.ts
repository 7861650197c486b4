import { EngramError } from '../../src/errors/engram-error.js';
import type { Image } from '../../src/image/image.js';
import { factorCodes, populationFlags } from '../../src/image/layout.js';
import { readCheckpoint, writeCheckpoint } from './checkpoint.js';
import { allPopulations, clearBoard, controlCodes } from './control.js';
import { deliver } from './deliver.js';
import { Episodes, type ReplayPosition } from './episodes.js';
import { EventQueue } from './event-queue.js';
import { InputLines } from './input-lines.js';
import { BoardKernels } from './kernels/board-kernels.js';
import { memoryOf } from './kernels/memory-of-image.js';
import type { TeamMaker } from './kernels/team.js';
import { ModulatorState } from './modulators.js';
import { type Reinstated, updateNeurons } from './neurons.js';
import { postEvents } from './post-events.js';
import { Quiet } from './quiet.js';
import { Recurrence } from './recurrence.js';
import { Routes } from './routes.js';
import { LearningSignals } from './signals.js';
import { CoreState } from './state.js';
import { StateAccess } from './state-access.js';
import { stateHash } from './state-hash.js';
import { ownArrays } from './storage.js';
import { sweep } from './sweeps.js';
import { TickSpikes } from './tick-spikes.js';
import { decayTraces } from './traces.js';

/** Gets the output spikes of a tick: the first `count` of `units`, rising. The array is longer, and used again. */
export type SpikeSink = (tick: number, units: Uint32Array, count: number) => void;

export interface MachineStatistics {
  ticks: number;
  spikesIn: number;
  spikesOut: number;
  /** Input spikes that stood twice in a tick. */
  mergedInputs: number;
  synapticEvents: number;
  postEvents: number;
  sweptSynapses: number;
}

/** What `lineOf` gives for no line, as an unsigned number. */
const noLine = 0xffff_ffff;

export interface MachineOptions {
  /**
   * `wasm` (default): kernels made for the image. `typescript`: `docs/core.md` in plain TypeScript, which the kernels are
   * held against. An image too large for one WebAssembly memory (4 GiB), or for what the engine gives, runs in TypeScript.
   */
  readonly kernels?: 'wasm' | 'typescript';
  /** Threads to spread the cores of the image over: `workerTeam` of `emulator/threads`. Default: the calling one alone. */
  readonly team?: TeamMaker | undefined;
}

/** A board that runs an image: `docs/core.md`, bit for bit, and nothing of its own. */
export class Machine {
  readonly image: Image;
  readonly statistics: MachineStatistics = {
    ticks: 0,
    spikesIn: 0,
    spikesOut: 0,
    mergedInputs: 0,
    synapticEvents: 0,
    postEvents: 0,
    sweptSynapses: 0,
  };
  #tick = 0;
  #learning = true;
  readonly #cores: readonly CoreState[];
  readonly #modulators: ModulatorState;
  readonly #signals: LearningSignals;
  readonly #episodes: Episodes | null;
  readonly #access: StateAccess;
  readonly #queue: EventQueue;
  readonly #lines: InputLines;
  readonly #kernels: BoardKernels | null;
  readonly #oneSpike = new Uint32Array(1);
  /** Lines of the spikes that are being queued. */
  #input = new Uint32Array(64);
  readonly #quiet: Quiet;
  readonly #recurrence: Recurrence;
  readonly #spikes: TickSpikes;
  readonly #routes: Routes;
  /** By population: 1 if its spikes leave the board. */
  #spikesOut = new Uint8Array(0);
  #anyOut = false;

  /** `image` must have been checked, as `readImage` does. */
  constructor(image: Image, { kernels = 'wasm', team }: MachineOptions = {}) {
    this.image = image;
    const threads = Math.min(team?.threads ?? 1, image.cores.length);
    const memory = kernels === 'wasm' ? memoryOf(image, threads > 1) : null;
    const storage = memory ?? ownArrays;
    this.#cores = image.cores.map((core) => new CoreState(core, image, storage));
    this.#modulators = new ModulatorState(image.modulators, storage);
    this.#signals = new LearningSignals(image, this.#cores, this.#modulators);
    const [episodes] = image.episodes;
    this.#episodes = episodes ? new Episodes(episodes, image) : null;
    this.#access = new StateAccess(this.#cores, this.#modulators, this.#episodes);
    const { seed } = image.network;
    this.#quiet = new Quiet(this.#cores, this.#modulators, this.#episodes, seed, this.statistics);
    this.#recurrence = new Recurrence(image, this.#cores, this.#modulators, this.#episodes);
    this.#lines = new InputLines(image);
    this.#spikes = new TickSpikes(image, this.#cores, this.#lines);
    this.#queue = new EventQueue(image.network.inputCount);
    this.resetSpikesOut();
    const delays = image.cores.map(({ axons, axonGroups }) => {
      const ofCore = new Uint8Array(axons.length);
      for (const { firstAxon, count, delay } of axonGroups) ofCore.fill(delay, firstAxon, firstAxon + count);
      return ofCore;
    });
    this.#routes = new Routes(image, this.#cores, delays);
    this.#kernels =
      memory && new BoardKernels(image, this.#cores, this.#modulators, delays, memory, team ?? null);
  }

  /** Number of the tick to be run next. */
  get tick(): number {
    return this.#tick;
  }

  /** Spikes and events that wait for their tick. */
  get queued(): number {
    return this.#queue.size;
  }

  /** True for a unit of an input population. */
  isInput(unit: number): boolean {
    return this.#lines.lineOf(unit) >= 0;
  }

  /** Queues an input spike; false if the tick has passed. Throws E0902 if the unit is no input line. */
  addSpike(tick: number, unit: number): boolean {
    this.#oneSpike[0] = unit;
    return this.addSpikes(tick, this.#oneSpike);
  }

  /** Queues input spikes of one tick; false if it has passed. Throws E0902, and queues none, if a unit is no input line. */
  addSpikes(tick: number, units: Uint32Array): boolean {
    if (this.#input.length < units.length) this.#input = new Uint32Array(2 * units.length);
    const wrong = this.#lines.linesOf(units, this.#input);
    if (wrong >= 0) throw noInput(units[wrong]!);
    if (tick < this.#tick) return false;
    this.statistics.mergedInputs += this.#queue.addSpikes(tick, this.#input, units.length);
    return true;
  }

  /** Queues a reward event, value in units of 2^-20; false if the tick has passed. Throws E0902 for an unknown channel. */
  addReward(tick: number, channel: number, value: number): boolean {
    if (!(channel < this.image.modulators.length))
      throw new EngramError('E0902', `there is no modulator channel ${channel}`);
    if (tick < this.#tick) return false;
    this.#queue.addReward(tick, channel, value);
    return true;
  }

  /** Queues a control event; false if the tick has passed. */
  addControl(tick: number, code: number, population: number, argument: number): boolean {
    if (tick < this.#tick) return false;
    this.#queue.addControl(tick, { code, population, argument });
    return true;
  }

  /** Runs so many ticks. */
  run(ticks: number, sink?: SpikeSink): void {
    for (let left = ticks; left > 0; ) {
      const skipped = this.skip(left, sink);
      if (skipped === 0) this.#runTick(sink);
      left -= skipped || 1;
    }
  }

  /**
   * Runs at most so many ticks without going through each of them: a quiet span, or laps of a state that comes again.
   * Gives how many; 0: the next tick must be run.
   */
  skip(most: number, sink?: SpikeSink): number {
    return this.skipQuiet(most) || this.#skipLaps(most, sink);
  }

  /** Laps in which the state comes again and again: one is run, the others follow from it. */
  #skipLaps(most: number, sink: SpikeSink | undefined): number {
    const { period } = this.#recurrence;
    if (period === 0 || this.#tick % period !== 0) return 0;
    const free = Math.min(most, this.#queue.nextTick(this.#tick) - this.#tick);
    if (free < 3 * period) return 0;
    const lap = this.#recurrence.observe(this.#tick);
    if (lap === 0 || free < 3 * lap) return 0;
    const before = { ...this.statistics };
    const spikes: { readonly tick: number; readonly units: Uint32Array }[] = [];
    for (let n = 0; n < lap; n++)
      this.#runTick((tick, units, count) => {
        if (sink) spikes.push({ tick, units: units.slice(0, count) });
        sink?.(tick, units, count);
      });
    const laps = Math.floor(free / lap) - 1;
    for (const name of Object.keys(before) as (keyof MachineStatistics)[])
      this.statistics[name] += (this.statistics[name] - before[name]) * laps;
    for (let n = 1; n <= laps; n++)
      for (const { tick, units } of spikes) sink?.(tick + n * lap, units, units.length);
    this.#tick += laps * lap;
    this.#recurrence.forget();
    return (laps + 1) * lap;
  }

  /** Ticks to the next place where `skip` may find laps; Infinity if it never does. */
  get ticksToLook(): number {
    const { period } = this.#recurrence;
    return period === 0 ? Number.POSITIVE_INFINITY : period - (this.#tick % period);
  }

  /** Runs at most so many ticks as long as nothing spikes or is due; gives how many. Takes little time however many. */
  skipQuiet(most: number): number {
    const due = this.#queue.nextTick(this.#tick);
    const ticks = this.#quiet.skip(this.#tick, Math.min(most, due - this.#tick), this.#learning);
    this.#tick += ticks;
    return ticks;
  }

  /** Switches whether the spikes of a population leave the board. */
  setSpikesOut(population: number, on: boolean): void {
    if (!(population < this.#spikesOut.length))
      throw new EngramError('E0902', `there is no population ${population}`);
    this.#spikesOut[population] = on ? 1 : 0;
    this.#anyOut = this.#spikesOut.includes(1);
  }

  clearStatistics(): void {
    for (const name of Object.keys(this.statistics) as (keyof MachineStatistics)[]) this.statistics[name] = 0;
  }

  /** Back to the image's choice of populations whose spikes leave the board. */
  resetSpikesOut(): void {
    this.#spikesOut = Uint8Array.from(this.image.populations, ({ flags }) =>
      (flags & populationFlags.spikesOut) !== 0 ? 1 : 0,
    );
    this.#anyOut = this.#spikesOut.includes(1);
  }

  stateHash(): number {
    return stateHash(this.#cores, this.#modulators, this.#tick, this.#learning, this.#episodes);
  }

  read(core: number, variable: number, first: number, count: number): Int32Array {
    return this.#access.read(core, variable, first, count);
  }

  write(core: number, variable: number, first: number, values: Int32Array): void {
    this.#access.write(core, variable, first, values);
    this.#kernels?.wake();
    this.#recurrence.forget();
  }

  /** Back to the state of the image; queued events are dropped. */
  reset(): void {
    for (const core of this.#cores) core.reset();
    this.#modulators.reset();
    this.#episodes?.reset();
    this.#queue.clear();
    this.#recurrence.forget();
    this.#kernels?.wake();
    this.#tick = 0;
    this.#learning = true;
  }

  /** Ends the threads of its team, without which it cannot run (E0903); without a team there is nothing to end. */
  close(): void {
    this.#kernels?.close();
  }

  checkpoint(): Uint8Array {
    const clock = { tick: this.#tick, learning: this.#learning };
    return writeCheckpoint(this.image.contentHash, clock, this.#cores, this.#modulators, this.#episodes);
  }

  /** Goes on from a checkpoint of the same image; queued events are dropped. On failure (E0901) nothing changes. */
  restore(bytes: Uint8Array): void {
    const { contentHash } = this.image;
    const clock = readCheckpoint(bytes, contentHash, this.#cores, this.#modulators, this.#episodes);
    this.#queue.clear();
    this.#recurrence.forget();
    this.#kernels?.wake();
    this.#tick = clock.tick;
    this.#learning = clock.learning;
  }

  #runTick(sink: SpikeSink | undefined): void {
    const tick = this.#tick;
    const { statistics } = this;
    const busy = this.#queue.nextTick(tick) === tick;
    if (busy) this.#recurrence.forget();
    const replay = this.#replayed(tick);
    this.#signals.update(tick);
    const kernels = replay === null ? this.#kernels : null;
    if (kernels) kernels.tick(tick, this.#learning, statistics);
    else this.#runCores(tick, replay);
    const rewards = busy ? this.#queue.takeRewards(tick) : undefined;
    const feedback = this.#modulators.update(tick, rewards, this.#membrane, this.#episodes?.trigger ?? null);
    const request = busy ? this.#control(tick) : null;
    if (this.#episodes !== null) this.#replay(this.#episodes, tick, replay, feedback, request);
    this.#route(tick, busy, replay, kernels, sink);
    this.#tick = tick + 1;
    statistics.ticks++;
  }

  /** Steps 1 to 5.1 in TypeScript: the reference, and replays. */
  #runCores(tick: number, replay: Reinstated | null): void {
    const { statistics } = this;
    this.#loadModulatorFactors(tick);
    for (const core of this.#cores) {
      const dueCount = core.delayLine.take(tick, core.due);
      if (dueCount > 0) statistics.synapticEvents += deliver(core, dueCount, this.#learning);
      updateNeurons(core, tick, this.image.network.seed, replay);
      if (core.spikeCount > 0 || core.nearCount > 0)
        statistics.postEvents += postEvents(core, this.#learning);
      statistics.sweptSynapses += sweep(core, this.#modulators, tick, this.#learning);
      decayTraces(core, tick);
    }
    this.#kernels?.wake();
  }

  readonly #membrane = (core: number, neuron: number): number => this.#cores[core]!.v[neuron]!;

  /** In a tick of a replay: puts the input off and gives the spikes that happen again. */
  #replayed(tick: number): (Reinstated & { readonly position: ReplayPosition }) | null {
    const episodes = this.#episodes;
    if (!episodes?.replaying) return null;
    this.statistics.mergedInputs += this.#queue.putOff(tick, tick + episodes.total);
    const position = episodes.position(tick);
    return {
      position,
      units: episodes.spikesAt(position),
      isRecorded: (population) => episodes.isRecorded(population),
    };
  }

  /** Step 5, part 3. Gives the argument of the last request for a replay. */
  #control(tick: number): number | null {
    let request: number | null = null;
    for (const event of this.#queue.takeControl(tick)) {
      const { code, argument } = event;
      if (code === controlCodes.clear) clearBoard(this.#cores, this.#modulators, event);
      else if (code === controlCodes.learn) this.#learning = argument !== 0;
      else if (code === controlCodes.episode && argument === 0) this.#episodes?.close();
      else if (code === controlCodes.episode && argument === 1) this.#episodes?.forget();
      else if (code === controlCodes.replay) request = argument;
    }
    return request;
  }

  /** Step 5, part 4 (section 13). */
  #replay(
    episodes: Episodes,
    tick: number,
    replay: { readonly position: ReplayPosition } | null,
    feedback: number | null,
    request: number | null,
  ): void {
    const { trigger } = episodes;
    if (replay === null) {
      if (feedback === null && request === null) return;
      if (episodes.begin(tick, feedback, request)) this.#clearForReplay(episodes);
      else if (feedback !== null) this.#modulators.add(trigger!, feedback);
      return;
    }
    const { slot, at, length, linkEnds, ends } = replay.position;
    if (at === length - 1 && trigger !== null) this.#modulators.add(trigger, episodes.outcomes[slot]!);
    if (ends) episodes.end();
    else if (linkEnds) this.#clearForReplay(episodes);
  }

  #clearForReplay({ record }: Episodes): void {
    const event = { code: controlCodes.clear, population: allPopulations, argument: record.clear };
    clearBoard(this.#cores, this.#modulators, event);
  }

  /** Modulator factors of events: M or the error as it stands after the tick before. */
  #loadModulatorFactors(tick: number): void {
    for (const { plasticBlocks } of this.#cores)
      for (const { programs } of plasticBlocks)
        for (const program of [programs.pre, programs.post, programs.near])
          for (const channel of program?.channels ?? [])
            program!.factors[factorCodes.modulator + channel] = this.#modulators.factor(channel, tick);
  }

  /** Step 6: puts this tick's spikes in flight, records, and hands the output spikes over. */
  #route(
    tick: number,
    busy: boolean,
    replay: Reinstated | null,
    kernels: BoardKernels | null,
    sink: SpikeSink | undefined,
  ): void {
    if (replay !== null) {
      const lines = replay.units.map((unit) => this.#lines.lineOf(unit)).filter((line) => line !== noLine);
      this.#routes.sendLines(lines, lines.length, tick);
      this.#routes.sendCores(tick);
      return;
    }
    const input = busy ? this.#queue.takeSpikes(tick) : undefined;
    if (input) {
      if (kernels) kernels.input(input.lines, input.count);
      else this.#routes.sendLines(input.lines, input.count, tick);
      this.statistics.spikesIn += input.count;
    }
    if (kernels) kernels.route();
    else this.#routes.sendCores(tick);
    const episodes = this.#episodes;
    if (episodes !== null && !episodes.replaying) {
      const recorded = this.#spikes.list(input, episodes.recorded);
      episodes.take(tick, this.#spikes.units.subarray(0, recorded));
    }
    if (!this.#anyOut) return;
    const count = this.#spikes.list(input, this.#spikesOut);
    this.statistics.spikesOut += count;
    if (count > 0) sink?.(tick, this.#spikes.units, count);
  }
}

function noInput(unit: number): EngramError {
  return new EngramError('E0902', `unit ${unit} is not an input line`, {
    fix: ['send spikes to units of input populations only'],
  });
}
