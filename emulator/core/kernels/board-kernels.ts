import type { Image } from '../../../src/image/image.js';
import { noisePurpose, randomOfTick } from '../arithmetic.js';
import type { ModulatorState } from '../modulators.js';
import type { CoreState } from '../state.js';
import type { BoardMemory } from './board-memory.js';
import { CorePlan } from './core-plan.js';
import { type Entry, KernelTable } from './kernel-table.js';
import { boardAddress, boardRecord, coreRecord } from './records.js';
import { sharesOf } from './shares.js';
import type { Team, TeamMaker } from './team.js';
import { ThreadShare } from './thread-share.js';
import type { TickCounts } from './tick-counts.js';
import { writeCores, writeInput, writeRoute } from './tick-driver.js';

const entries: readonly Entry[] = [
  { name: 'cores', parameters: 3, write: writeCores() },
  { name: 'route', parameters: 1, write: writeRoute() },
  { name: 'input', parameters: 2, write: writeInput() },
];

interface Exports {
  cores(list: number, count: number, thread: number): void;
  route(thread: number): void;
  input(lines: number, count: number): void;
}

/**
 * `docs/core.md` as WebAssembly made for one image: the ticks of its cores and the routing of spikes, on the state that
 * lies in a `BoardMemory`. Everything else of the board works on the same arrays.
 */
export class BoardKernels {
  readonly #exports: Exports;
  readonly #words: Int32Array;
  /** Of the calling thread first. */
  readonly #shares: readonly ThreadShare[];
  readonly #team: Team | null;
  readonly #lines: Uint32Array;
  readonly #awake: readonly Uint8Array[];
  readonly #cores: readonly CoreState[];
  readonly #seed: number;
  readonly #addresses: readonly number[];
  #asleep = false;

  constructor(
    image: Image,
    cores: readonly CoreState[],
    modulators: ModulatorState,
    delays: readonly Uint8Array[],
    memory: BoardMemory,
    team: TeamMaker | null,
  ) {
    this.#words = memory.words;
    this.#cores = cores;
    this.#seed = image.network.seed;
    this.#lines = memory.uint32(image.network.inputCount);
    const list = memory.uint32(cores.length);
    memory.fill(boardRecord, boardAddress, {
      tick: 0,
      noiseOfTick: 0,
      learning: 1,
      m: modulators.m.byteOffset,
      sum: modulators.sum.byteOffset,
      history: modulators.history.byteOffset,
      cores: list.byteOffset,
      inputRouteStart: memory.copy(image.inputRouteStart),
      inputRoutes: memory.copy(image.inputRoutes),
    });
    const table = new KernelTable();
    const plans = cores.map(
      (core, number) => new CorePlan(core, number, image, delays[number]!, memory, table),
    );
    plans.forEach(({ address }, number) => {
      list[number] = address;
    });
    this.#addresses = plans.map(({ address }) => address);
    this.#shares = sharesOf(image.cores, team?.threads ?? 1).map(
      (numbers) =>
        new ThreadShare(
          numbers.map((number) => this.#addresses[number]!),
          memory,
        ),
    );
    this.#awake = plans.flatMap(({ awake }) => awake);
    const compiled = table.module(entries, memory.shared);
    const instance = new WebAssembly.Instance(compiled, { board: { memory: memory.memory } });
    this.#exports = instance.exports as unknown as Exports;
    const others = this.#shares.slice(1);
    this.#team =
      team !== null && others.length > 0
        ? team.make({ module: compiled, memory: memory.memory, shares: others })
        : null;
  }

  /** The state was changed from outside: whatever slept may have something to do. */
  wake(): void {
    this.#asleep = false;
  }

  /** Steps 1 to 5.1 of a tick on all cores; leaves their spikes in `spiked` and `spikeCount`, and what they counted in `counts`. */
  tick(tick: number, learning: boolean, counts: TickCounts): void {
    if (this.#asleep) this.#forgetSpikes();
    else this.#wakeAll();
    this.#asleep = true;
    const words = this.#words;
    const board = boardAddress >>> 2;
    words[board + boardRecord.at.tick / 4] = tick;
    words[board + boardRecord.at.noiseOfTick / 4] = randomOfTick(this.#seed, tick, noisePurpose);
    words[board + boardRecord.at.learning / 4] = learning ? 1 : 0;
    const [own] = this.#shares;
    this.#team?.begin();
    this.#exports.cores(own!.list, own!.count, own!.thread);
    this.#team?.end();
    for (const share of this.#shares) {
      share.takeCounts(counts);
      const spiking = share.spikingCount;
      for (let n = 0; n < spiking; n++) {
        const core = share.spikingCore(n);
        this.#cores[core]!.spikeCount = words[(this.#addresses[core]! + coreRecord.at.spikeCount) >>> 2]!;
      }
    }
  }

  /** Step 6: puts the spikes of this tick's cores in flight. */
  route(): void {
    for (const { thread } of this.#shares) this.#exports.route(thread);
  }

  /** Step 6: puts spikes of input lines in flight. */
  input(lines: Uint32Array, count: number): void {
    const own = this.#lines;
    for (let n = 0; n < count; n++) own[n] = lines[n]!;
    this.#exports.input(this.#lines.byteOffset, count);
  }

  /** Ends the threads of the team. */
  close(): void {
    this.#team?.close();
  }

  #wakeAll(): void {
    for (const flags of this.#awake) flags.fill(1);
    for (const core of this.#cores) core.spikeCount = 0;
    for (const share of this.#shares) share.forgetSpikes();
  }

  #forgetSpikes(): void {
    for (const share of this.#shares) {
      const spiking = share.spikingCount;
      for (let n = 0; n < spiking; n++) this.#cores[share.spikingCore(n)]!.spikeCount = 0;
      share.forgetSpikes();
    }
  }
}
