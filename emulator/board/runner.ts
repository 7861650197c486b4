import { encodePayload } from '../../firmware-protocol/codec/encode.js';
import { SpikeColumns } from '../../firmware-protocol/codec/spike-columns.js';
import { packSpikes } from '../../firmware-protocol/codec/spikes.js';
import { logLevels } from '../../firmware-protocol/declaration/device.js';
import { runDoneFlags, runEnds, runOptions } from '../../firmware-protocol/declaration/run.js';
import { isNarrowVariable } from '../../firmware-protocol/declaration/state.js';
import { Slab } from '../../firmware-protocol/framing/slab.js';
import type { BoardCounters } from './counters.js';
import type { BoardProbe, LoadedImage } from './loaded-image.js';
import type { StreamSender } from './stream-sender.js';

export interface RunRequest {
  /** At least 1. */
  readonly ticks: number;
  readonly hashEvery: number;
  readonly progressEvery: number;
  readonly options: number;
  /** Real time: length of a tick; null: lockstep. */
  readonly tickMicroseconds: number | null;
}

/** What a stream frame holds, for the report of its loss. */
interface RecordsOf {
  readonly spikes?: number;
  readonly samples?: number;
  readonly firstTick: number;
  readonly lastTick: number;
}

/** Ticks run between two looks at the clock. */
const sliceTicks = 64;
/** Ticks skipped at once: their spikes wait together to be sent. */
const longestSkip = 1 << 20;
/** Milliseconds a slice may take before the host is listened to again. */
const sliceMilliseconds = 8;
/** A computer's timers are coarse: only a lag beyond this counts as overrun. */
const overrunMilliseconds = 50;

const defer: (run: () => void) => void = globalThis.setImmediate ?? ((run) => setTimeout(run, 0));

/** One run: takes ticks in slices, pauses while the stream is full, and ends with RUN_DONE. */
export class Runner {
  readonly #loaded: LoadedImage;
  readonly #stream: StreamSender;
  readonly #request: RunRequest;
  readonly #counters: BoardCounters;
  readonly #maxPayload: () => number;
  readonly #onDone: () => void;
  readonly #startedAt = performance.now();
  readonly #before: { spikesIn: number; spikesOut: number; merged: number; late: number; overrun: number };
  /** Output not yet sent. */
  readonly #spikes = new SpikeColumns(1024);
  readonly #slab = new Slab();
  #hashes: { tick: number; hash: number }[] = [];
  #ticksRun = 0;
  #worstTick = 0;
  #droppedRecords = 0;
  #loss: { firstTick: number; lastTick: number; spikes: number; samples: number; logs: number } | null = null;
  #stopped = false;
  /** Why the machine gave up; null while it has not. */
  #fault: Error | null = null;
  #scheduled = false;
  #begun = false;

  constructor(
    loaded: LoadedImage,
    stream: StreamSender,
    counters: BoardCounters,
    request: RunRequest,
    maxPayload: () => number,
    onDone: () => void,
  ) {
    this.#loaded = loaded;
    this.#stream = stream;
    this.#counters = counters;
    this.#request = request;
    this.#maxPayload = maxPayload;
    this.#onDone = onDone;
    const { spikesIn, spikesOut, mergedInputs } = loaded.machine.statistics;
    this.#before = {
      spikesIn,
      spikesOut,
      merged: mergedInputs,
      late: counters.lateEvents,
      overrun: counters.overrunTicks,
    };
    this.wake();
  }

  get realtime(): boolean {
    return this.#request.tickMicroseconds !== null;
  }

  /** False until the first ticks, which follow at once; what waits to be sent then goes out with their output. */
  get begun(): boolean {
    return this.#begun;
  }

  stop(): void {
    this.#stopped = true;
    this.wake();
  }

  /** Before the counters of machine and board are zeroed: RUN_DONE still tells what the run has counted. */
  beforeClear(): void {
    const { spikesIn, spikesOut, mergedInputs } = this.#loaded.machine.statistics;
    this.#before.spikesIn -= spikesIn;
    this.#before.spikesOut -= spikesOut;
    this.#before.merged -= mergedInputs;
    this.#before.late -= this.#counters.lateEvents;
    this.#before.overrun -= this.#counters.overrunTicks;
  }

  /** Goes on if there is something to do; called when credit comes. */
  wake(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    defer(() => {
      this.#scheduled = false;
      this.#slice();
    });
  }

  #slice(): void {
    this.#begun = true;
    const start = performance.now();
    while (!this.#finished && (this.realtime || this.#stream.ready)) {
      const ticks = this.#ticksNow();
      if (ticks === 0) {
        this.#stream.flush();
        this.#sleep();
        return;
      }
      try {
        this.#runTicks(ticks);
      } catch (error) {
        this.#fault = error as Error;
      }
      if (performance.now() - start > sliceMilliseconds) break;
    }
    if (this.#finished) this.#finish();
    else if (this.realtime || this.#stream.ready) this.wake();
    this.#stream.flush();
  }

  get #finished(): boolean {
    return this.#fault !== null || this.#stopped || this.#ticksRun >= this.#request.ticks;
  }

  /** Ticks that may be run now: up to the next probe, hash or report, and in real time up to the clock. */
  #ticksNow(): number {
    const { ticks, hashEvery, progressEvery, tickMicroseconds } = this.#request;
    const { tick } = this.#loaded.machine;
    let most = ticks - this.#ticksRun;
    if (progressEvery > 0) most = Math.min(most, progressEvery - (this.#ticksRun % progressEvery));
    if (hashEvery > 0) most = Math.min(most, hashEvery - (tick % hashEvery));
    for (const { everyTicks } of this.#loaded.probes.values())
      most = Math.min(most, ((everyTicks - (tick % everyTicks)) % everyTicks) + 1);
    if (tickMicroseconds === null) return most;
    const due =
      Math.floor(((performance.now() - this.#startedAt) * 1000) / tickMicroseconds) - this.#ticksRun;
    if ((due * tickMicroseconds) / 1000 > overrunMilliseconds) this.#counters.overrunTicks++;
    return Math.max(0, Math.min(most, due));
  }

  /** At most so many, and only as many as do not keep the host waiting. */
  #runTicks(most: number): void {
    const { machine, probes } = this.#loaded;
    const before = performance.now();
    // A quiet span takes little time however long it is.
    const take = (tick: number, units: Uint32Array, count: number) => this.#take(tick, units, count);
    const skipped = machine.skip(Math.min(most, longestSkip), take);
    const ticks = skipped || Math.min(sliceTicks, most, machine.ticksToLook);
    if (skipped === 0) machine.run(ticks, take);
    this.#ticksRun += ticks;
    const perTick = Math.round(((performance.now() - before) * 1000) / ticks);
    this.#worstTick = Math.max(this.#worstTick, perTick);
    this.#counters.worstTick = Math.max(this.#counters.worstTick, perTick);
    if (this.#spikes.count * 2 > this.#maxPayload() || this.realtime) this.#sendSpikes(this.realtime);
    for (const [number, probe] of probes)
      if ((machine.tick - 1) % probe.everyTicks === 0) this.#sendProbe(number, probe, machine.tick - 1);
    const { hashEvery, progressEvery } = this.#request;
    if (hashEvery > 0 && machine.tick % hashEvery === 0) this.#addHash();
    if (progressEvery > 0 && this.#ticksRun % progressEvery === 0) this.#sendProgress();
  }

  #take(tick: number, units: Uint32Array, count: number): void {
    const spikes = this.#spikes;
    spikes.reserve(count);
    spikes.ticks.fill(tick, spikes.count, spikes.count + count);
    for (let n = 0; n < count; n++) spikes.units[spikes.count + n] = units[n]!;
    spikes.count += count;
  }

  /** All, or only batches that are full. */
  #sendSpikes(all: boolean): void {
    const { count, ticks, units } = this.#spikes;
    const maxPayload = this.#maxPayload();
    let start = 0;
    while (start < count) {
      const at = this.#slab.room(maxPayload);
      const { length, next } = packSpikes(ticks, units, start, count, this.#slab.bytes, at, maxPayload);
      if (next === count && !all) break;
      this.#push('SPIKES_OUT', this.#slab.cut(length), {
        spikes: next - start,
        firstTick: ticks[start]!,
        lastTick: ticks[next - 1]!,
      });
      start = next;
    }
    this.#spikes.drop(start);
  }

  #sendProbe(probe: number, { core, variable, first, count }: BoardProbe, tick: number): void {
    const values = this.#loaded.machine.read(core, variable, first, count);
    const narrow = isNarrowVariable(variable);
    const most = Math.floor((this.#maxPayload() - 14) / (narrow ? 2 : 4));
    for (let at = 0; at < count; at += most) {
      const part = values.subarray(at, Math.min(count, at + most));
      const lists = narrow ? { values16: part, values32: [] } : { values16: [], values32: part };
      const payload = encodePayload('PROBE_DATA', { probe, tick, first: at, ...lists });
      this.#push('PROBE_DATA', payload, { samples: 1, firstTick: tick, lastTick: tick });
    }
  }

  #addHash(): void {
    const { machine } = this.#loaded;
    this.#hashes.push({ tick: machine.tick, hash: machine.stateHash() });
    if (this.#hashes.length * 8 + 16 > this.#maxPayload()) this.#sendHashes();
  }

  #sendHashes(): void {
    // A new host may take smaller frames than the one they were collected for.
    const most = Math.floor((this.#maxPayload() - 2) / 8);
    for (let at = 0; at < this.#hashes.length; at += most) {
      const hashes = this.#hashes.slice(at, at + most);
      // The hash before tick n is a record of tick n - 1.
      this.#push('HASHES', encodePayload('HASHES', { hashes }), {
        samples: hashes.length,
        firstTick: hashes[0]!.tick - 1,
        lastTick: hashes.at(-1)!.tick - 1,
      });
    }
    this.#hashes = [];
  }

  #sendProgress(): void {
    const { machine } = this.#loaded;
    const fields = {
      tick: machine.tick,
      spikesOut: (machine.statistics.spikesOut - this.#before.spikesOut) >>> 0,
      lateEvents: this.#counters.lateEvents - this.#before.late,
    };
    const lastTick = machine.tick - 1;
    this.#push('RUN_PROGRESS', encodePayload('RUN_PROGRESS', fields), { firstTick: lastTick, lastTick });
  }

  /** In real time records that find no room are dropped and counted; in lockstep the run pauses instead. */
  #push(
    name: 'SPIKES_OUT' | 'PROBE_DATA' | 'HASHES' | 'RUN_PROGRESS',
    payload: Uint8Array,
    { spikes = 0, samples = 0, firstTick, lastTick }: RecordsOf,
  ): void {
    if (!this.realtime || this.#stream.hasRoom) {
      this.#reportLoss();
      this.#stream.push(name, payload);
      return;
    }
    this.#loss ??= { firstTick, lastTick, spikes: 0, samples: 0, logs: 0 };
    this.#loss.firstTick = Math.min(this.#loss.firstTick, firstTick);
    this.#loss.lastTick = Math.max(this.#loss.lastTick, lastTick);
    this.#loss.spikes += spikes;
    this.#loss.samples += samples;
    this.#droppedRecords += spikes + samples;
    this.#counters.droppedRecords += spikes + samples;
  }

  #reportLoss(): void {
    if (this.#loss !== null) this.#stream.push('STREAM_LOSS', encodePayload('STREAM_LOSS', this.#loss));
    this.#loss = null;
  }

  /** Real time: waits for the clock. */
  #sleep(): void {
    this.#scheduled = true;
    setTimeout(() => {
      this.#scheduled = false;
      this.#slice();
    }, 1);
  }

  get #end(): number {
    if (this.#fault !== null) return runEnds.value.FAULT;
    return this.#stopped ? runEnds.value.STOPPED : runEnds.value.COMPLETED;
  }

  #finish(): void {
    if (this.#fault !== null)
      this.#stream.push(
        'LOG',
        encodePayload('LOG', {
          level: logLevels.value.ERROR,
          tick: this.#loaded.machine.tick,
          text: this.#fault.message.slice(0, 150),
        }),
      );
    this.#sendSpikes(true);
    this.#sendHashes();
    this.#reportLoss();
    const { machine } = this.#loaded;
    const { statistics } = machine;
    const wantsHash = (this.#request.options & runOptions.value.HASH) !== 0;
    const overrunTicks = this.#counters.overrunTicks - this.#before.overrun;
    const { HASH, INCOMPLETE, OVERRUN } = runDoneFlags.value;
    this.#stream.push(
      'RUN_DONE',
      encodePayload('RUN_DONE', {
        end: this.#end,
        flags:
          (wantsHash ? HASH : 0) |
          (this.#droppedRecords > 0 ? INCOMPLETE : 0) |
          (overrunTicks > 0 ? OVERRUN : 0),
        tick: machine.tick,
        ticksRun: this.#ticksRun,
        hash: wantsHash ? machine.stateHash() : 0,
        spikesIn: (statistics.spikesIn - this.#before.spikesIn) >>> 0,
        spikesOut: (statistics.spikesOut - this.#before.spikesOut) >>> 0,
        duplicateSpikes: statistics.mergedInputs - this.#before.merged,
        lateEvents: this.#counters.lateEvents - this.#before.late,
        droppedRecords: this.#droppedRecords,
        overrunTicks,
        worstTick: this.#worstTick,
      }),
    );
    this.#onDone();
  }
}
