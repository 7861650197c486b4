import { Machine } from '../../emulator/core/machine.js';
import type { Board } from '../../src/runtime/board.js';
import type { RunResult } from '../../src/runtime/run-output.js';
import type { LoopBoard } from '../../src/tasks/play.js';
import { fail } from '../framework/check.js';
import type { TestImage } from '../networks/for-target.js';
import type { Difference } from '../replay/replay.js';
import { emptyScript, type Script, ScriptRecorder, scriptHead, scriptPart } from '../replay/script.js';
import { type EmulatorOutput, runEmulator } from './emulator-run.js';
import { locate } from './locate.js';
import { differ } from './mismatch.js';
import { unitName } from './places.js';
import { putInMachine, putOnBoard, segmentEnd } from './play-script.js';
import type { Segment, SideBySide } from './side-by-side.js';

export interface PairOptions {
  readonly board: Board;
  readonly test: TestImage;
  /** Input events the board's queue holds, and probes it has. */
  readonly capacity: number;
  readonly probes: number;
  /** Compares the state whenever the next tick is a multiple of this, and at the end of each run. */
  readonly hashEvery?: number;
  /** Called after every tick of the emulator. */
  readonly onTick?: (machine: Machine) => void;
  readonly signal?: AbortSignal;
}

/**
 * A board and the emulator side by side: both get the same input and run the same ticks; state hashes, spikes and
 * samples must be the same. Throws E1002 with the first difference, found by `locate`, and a replay of it.
 */
export class Pair implements LoopBoard, SideBySide {
  /** May be another session with the same board, as long as no run is on. */
  board: Board;
  readonly test: TestImage;
  readonly machine: Machine;
  readonly capacity: number;
  /** All that was put in since the state of the image. */
  readonly recorded = new ScriptRecorder();
  /** State hashes found the same. */
  hashesCompared = 0;
  spikesCompared = 0;
  readonly #options: PairOptions;

  private constructor(options: PairOptions) {
    this.#options = options;
    this.board = options.board;
    this.test = options.test;
    this.capacity = options.capacity;
    this.machine = new Machine(options.test.image);
  }

  /** Loads the image and starts both from its state, or from a checkpoint. */
  static async start(options: PairOptions, checkpoint: Uint8Array | null = null): Promise<Pair> {
    const { board, test, signal } = options;
    await board.load(test.bytes, { skipSame: true, signal });
    await board.reset();
    const pair = new Pair(options);
    if (checkpoint) {
      pair.machine.restore(checkpoint);
      await board.restore(checkpoint);
    }
    return pair;
  }

  /** Puts both back to the state of the image. */
  async reset(): Promise<void> {
    await this.board.reset();
    this.machine.reset();
    this.recorded.clear();
  }

  get tick(): number {
    return this.machine.tick;
  }

  /** Puts events in, and writes state, on both. */
  async put(script: Script): Promise<void> {
    this.recorded.add(script);
    putInMachine(this.machine, script);
    await putOnBoard(this.board, script);
  }

  async sendSpikes(ticks: ArrayLike<number>, units: ArrayLike<number>): Promise<void> {
    const spikes = Array.from(ticks).flatMap((tick, n) => [tick, units[n]!]);
    await this.put({ ...emptyScript, spikes });
  }

  async reward(events: readonly { tick: number; channel: number; value: number }[]): Promise<void> {
    const rewards = events.map(
      ({ tick, channel, value }) => [tick, channel, Math.round(value * 2 ** 20)] as const,
    );
    await this.put({ ...emptyScript, rewards });
  }

  async control(
    events: readonly { tick: number; code: number; population: number; argument: number }[],
  ): Promise<void> {
    const controls = events.map(
      (event) => [event.tick, event.code, event.population, event.argument] as const,
    );
    await this.put({ ...emptyScript, controls });
  }

  /** Runs both by a script, to a tick. */
  async play(script: Script, to: number): Promise<void> {
    while (this.tick < to) {
      const end = segmentEnd(script, this.tick, to, this.capacity);
      await this.put(await this.#withRoom(scriptPart(script, this.tick, end)));
      await this.run(end - this.tick);
    }
  }

  /** What a replay puts off goes on taking places of the board's queue: only as much more as there is room for. */
  async #withRoom(script: Script): Promise<Script> {
    if (this.test.image.episodes.length === 0) return script;
    const { inputFree } = await this.board.ping();
    return scriptHead(script, inputFree);
  }

  async run(ticks: number): Promise<RunResult> {
    const { machine, board } = this;
    const { hashEvery = 1, onTick, signal, probes } = this.#options;
    const start = machine.tick;
    if (board.tick !== start) fail('the board is at another tick', { board: board.tick, emulator: start });
    const checkpoint = machine.checkpoint();
    const running = board.run(ticks, { hashEvery, hash: true, ...(signal ? { signal } : {}) });
    running.catch(() => {});
    const ours = runEmulator(machine, ticks, { hashEvery, probes, onTick });
    const theirs = await running;
    if (theirs.to !== machine.tick)
      fail('the board ran other ticks', { board: theirs.to, emulator: machine.tick });
    await this.#compareHashes(ours, theirs, { start, checkpoint });
    this.#compareSpikes(ours, theirs, { start, checkpoint });
    this.#compareSamples(ours, theirs, { start, checkpoint });
    return theirs;
  }

  /** What the board reads; it must be what the emulator holds. */
  async readState(core: number, variable: number, first: number, count: number): Promise<Int32Array> {
    const values = await this.board.readState(core, variable, first, count);
    const ours = this.machine.read(core, variable, first, count);
    const wrong = values.findIndex((value, n) => value !== ours[n]);
    if (wrong >= 0)
      fail('the board reads another state', {
        variable,
        index: first + wrong,
        board: values[wrong]!,
        emulator: ours[wrong]!,
      });
    return values;
  }

  async #compareHashes(ours: EmulatorOutput, theirs: RunResult, segment: Segment): Promise<void> {
    const found = new Map(theirs.hashes.map(({ tick, hash }) => [tick, hash]));
    const last = found.get(theirs.to) ?? theirs.done.hash;
    if (last !== theirs.done.hash)
      fail('RUN_DONE has another hash than HASHES', {
        tick: theirs.to,
        HASHES: last,
        RUN_DONE: theirs.done.hash,
      });
    found.set(theirs.to, last);
    const wrong = ours.hashes.findIndex(({ tick, hash }) => found.get(tick) !== hash);
    this.hashesCompared += wrong < 0 ? ours.hashes.length : wrong;
    if (wrong < 0) return;
    const from = ours.hashes[wrong - 1]?.tick ?? segment.start;
    const mismatch = await locate(this, segment, from, ours.hashes[wrong]!.tick);
    throw differ(this.test, mismatch);
  }

  #compareSpikes(ours: EmulatorOutput, { spikes }: RunResult, segment: Segment): void {
    const count = Math.max(ours.spikes.length / 2, spikes.count);
    this.spikesCompared += spikes.count;
    for (let n = 0; n < count; n++) {
      const [tick, unit] = [ours.spikes[2 * n], ours.spikes[2 * n + 1]];
      if (n < spikes.count && spikes.ticks[n] === tick && spikes.units[n] === unit) continue;
      // The earlier of the two has no counterpart.
      const theirs =
        n < spikes.count ? spikes.ticks[n]! * 2 ** 32 + spikes.units[n]! : Number.POSITIVE_INFINITY;
      const boardFirst = tick === undefined || theirs < tick * 2 ** 32 + unit!;
      this.#outputDiffers(segment, boardFirst ? spikes.ticks[n]! : tick, {
        variable: 'output spike',
        unit: boardFirst ? spikes.units[n]! : unit!,
        where: unitName(this.test.image, boardFirst ? spikes.units[n]! : unit!),
        board: boardFirst ? 1 : 0,
        emulator: boardFirst ? 0 : 1,
      });
    }
  }

  #compareSamples({ samples }: EmulatorOutput, { probes }: RunResult, segment: Segment): void {
    for (const { probe, tick, values } of samples) {
      const theirs = probes.get(probe)?.find((sample) => sample.tick === tick)?.values;
      const wrong = values.findIndex((value, n) => theirs?.[n] !== value);
      if (wrong >= 0 || theirs?.length !== values.length)
        this.#outputDiffers(segment, tick, {
          variable: `sample of probe ${probe}`,
          unit: null,
          where: `value ${wrong}`,
          board: theirs?.[wrong] ?? 0,
          emulator: values[wrong] ?? 0,
        });
    }
  }

  /** The states are the same, and what left the board is not. */
  #outputDiffers(
    { start, checkpoint }: Segment,
    tick: number,
    difference: Pick<Difference, 'variable' | 'unit' | 'where' | 'board' | 'emulator'>,
  ): never {
    throw differ(this.test, {
      tick,
      differences: [{ core: null, index: tick, ...difference }],
      rerun: 'not tried',
      readAfter: tick,
      fromTick: start,
      checkpoint,
      input: scriptPart(this.recorded, start, tick + 1),
    });
  }
}
