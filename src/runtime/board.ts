import { createDecoder } from '../../firmware-protocol/codec/decode.js';
import { packSpikes } from '../../firmware-protocol/codec/spikes.js';
import type { MessageFields } from '../../firmware-protocol/codec/values.js';
import type { MessageName } from '../../firmware-protocol/declaration/messages.js';
import { runEnds, runOptions } from '../../firmware-protocol/declaration/run.js';
import { rebootModes } from '../../firmware-protocol/declaration/session.js';
import { isNarrowVariable } from '../../firmware-protocol/declaration/state.js';
import type { ReceivedFrame } from '../../firmware-protocol/framing/parser.js';
import { Slab } from '../../firmware-protocol/framing/slab.js';
import { EngramError } from '../errors/engram-error.js';
import type { Image } from '../image/image.js';
import { readImage } from '../image/read.js';
import { Link } from './link.js';
import { readTags, readTags2, readWeights } from './read-synapses.js';
import { RunOutput, type RunResult, type SpikeBatch, spikeBatch } from './run-output.js';
import { SpikeStream } from './spike-stream.js';
import type { SynapseValues } from './synapse-values.js';
import { downloadCheckpoint, type TransferOptions, upload } from './transfer.js';
import type { Transport } from './transport.js';
import { aborted } from './wire-failure.js';

export interface ConnectOptions {
  readonly signal?: AbortSignal;
}

/** Aborting rejects with E0708; a request that is under way may still be done. */
export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface RunOptions {
  readonly signal?: AbortSignal;
  /** State hash whenever the next tick is a multiple of this; 0: never. */
  readonly hashEvery?: number;
  /** State hash at the end, in `done.hash`. */
  readonly hash?: boolean;
  /** Whether the result holds the output spikes. `false` for runs so long that only `spikes()` should take them. */
  readonly keepSpikes?: boolean;
}

export interface RealtimeOptions extends RunOptions {
  /** Ticks to run; without it until `stop`. */
  readonly ticks?: number;
  /** Length of a tick in microseconds; without it the image's. */
  readonly tickMicroseconds?: number;
}

/** Who the board is. */
export interface BoardInfo {
  readonly targetId: number;
  readonly targetName: string;
  readonly firmware: string;
  readonly serial: string;
  readonly protocol: string;
}

export interface RewardInput {
  readonly tick: number;
  readonly channel: number;
  /** −2047 … 2047, resolved to 2^-20. */
  readonly value: number;
}

export interface ControlInput {
  readonly tick: number;
  readonly code: number;
  readonly population: number;
  readonly argument: number;
}

export interface ProbeOptions {
  readonly core: number;
  readonly variable: number;
  readonly first: number;
  readonly count: number;
  readonly everyTicks: number;
}

interface ActiveRun {
  readonly output: RunOutput;
  resolve(result: RunResult): void;
  reject(error: Error): void;
}

const rewardUnit = 2 ** 20;
const largestReward = 2 ** 31 / rewardUnit;

/**
 * A session with a board over any transport. All methods reject with an `EngramError`; after E0701 the board still
 * holds its state and `resume` goes on with the same session, run included.
 */
export class Board {
  #link!: Link;
  #tick = 0;
  #image: Image | null = null;
  #loadedHash = 0;
  #run: ActiveRun | null = null;
  readonly #streams = new Set<SpikeStream>();
  readonly #decoder = createDecoder();
  /** For payloads of spikes. */
  readonly #slab = new Slab();

  private constructor() {}

  /** Opens a session. Throws E0701, E0702 (no answer), E0703 (other protocol version), E0708. */
  static async connect(transport: Transport, { signal }: ConnectOptions = {}): Promise<Board> {
    const board = new Board();
    board.#link = await Link.open(
      transport,
      {
        stream: (frame, name, release) => board.#stream(frame, name, release),
        lost: (error) => board.#lost(error),
      },
      signal,
    );
    board.#tick = board.#link.hello.tick;
    board.#loadedHash = board.#link.hello.imageHash;
    if (board.#link.running) await board.#endOrphan();
    return board;
  }

  get info(): BoardInfo {
    const { targetId, target, firmware, serial, major, minor } = this.#link.hello;
    return { targetId, targetName: target, firmware, serial, protocol: `${major}.${minor}` };
  }

  /** Hash of the image the board holds; 0: none. */
  get loadedHash(): number {
    return this.#loadedHash;
  }

  /** Tick to be run next, as last heard of. */
  get tick(): number {
    return this.#tick;
  }

  /** The image this session works with. Throws E0704 before `load` or `useImage`. */
  get image(): Image {
    if (this.#image) return this.#image;
    throw new EngramError('E0704', 'the session has no image yet', { fix: ['call load or useImage first'] });
  }

  /** Goes on after E0701, over a new connection; gives the result of the run that was interrupted, if there was one. */
  async resume(transport: Transport, { signal }: ConnectOptions = {}): Promise<RunResult | null> {
    const interrupted = this.#run;
    const result = interrupted && this.#awaitRun(interrupted.output);
    result?.catch(() => {});
    this.#link.watching = interrupted !== null;
    await this.#link.resume(transport, signal);
    this.#tick = this.#link.hello.tick;
    if (this.#run === null || this.#link.running || this.#link.streamLeft) return result;
    // The board never heard of the run.
    this.#endRun();
    return null;
  }

  /** Checks an image, sends it and starts it. Throws E0501–E0503 (bad image), E0705 (other target), E0707 (refused), E0708. */
  async load(
    bytes: Uint8Array,
    options: TransferOptions & { readonly skipSame?: boolean } = {},
  ): Promise<void> {
    const image = readImage(bytes);
    const { targetId, target } = this.#link.hello;
    if (image.targetId !== targetId)
      throw new EngramError(
        'E0705',
        `the image is for target '${image.host.target}'; the board is a '${target}'`,
        {
          fix: [`compile the network with --target ${target}`],
          context: { image: image.targetId, board: targetId },
        },
      );
    if (!(options.skipSame && this.loadedHash === image.contentHash)) {
      await upload(this.#link, 'IMAGE', bytes, image.contentHash, options);
      this.#tick = 0;
      this.#loadedHash = image.contentHash;
    }
    this.#image = image;
  }

  /** Works with an image that the board holds already. Throws E0704 if it holds another. */
  useImage(bytes: Uint8Array): void {
    const image = readImage(bytes);
    if (image.contentHash !== this.loadedHash)
      throw new EngramError('E0704', 'the board holds another image');
    this.#image = image;
  }

  /** Runs so many ticks in lockstep; nothing is ever late. Aborting stops after the tick that is being run (E0708). */
  run(ticks: number, options: RunOptions = {}): Promise<RunResult> {
    return this.#start('RUN_LOCKSTEP', { ticks }, options);
  }

  /** Runs one tick. */
  step(): Promise<RunResult> {
    return this.run(1);
  }

  /** Runs by the board's own clock. Without `ticks` it runs until `stop` or abort. */
  runRealtime({ ticks = 0, tickMicroseconds = 0, ...options }: RealtimeOptions = {}): Promise<RunResult> {
    return this.#start('RUN_REALTIME', { ticks, tickMicroseconds }, options);
  }

  /** Ends a run; its promise resolves with what came so far. */
  async stop(): Promise<void> {
    await this.#link.request('STOP', {});
  }

  /** Sends input spikes; resolves when the board has taken them. Ticks in any order. */
  async sendSpikes(
    ticks: ArrayLike<number>,
    units: ArrayLike<number>,
    { signal }: RequestOptions = {},
  ): Promise<void> {
    const columns = byTick(ticks, units);
    const { maxPayload } = this.#link;
    const sent: Promise<unknown>[] = [];
    for (let start = 0; start < ticks.length; ) {
      const at = this.#slab.room(maxPayload);
      const { bytes } = this.#slab;
      const packed = packSpikes(columns.ticks, columns.units, start, ticks.length, bytes, at, maxPayload);
      sent.push(this.#link.requestPayload('SPIKES_IN', this.#slab.cut(packed.length), signal));
      start = packed.next;
    }
    await allDone(sent);
  }

  /** Sends reward events. Throws E0804 for a value beyond ±2047. */
  async reward(events: readonly RewardInput[], { signal }: RequestOptions = {}): Promise<void> {
    const inUnits = events.map(({ tick, channel, value }) => {
      if (!(Math.abs(value) < largestReward))
        throw new EngramError('E0804', `reward ${value} is out of range`, {
          fix: ['send values between -2047 and 2047'],
        });
      return { tick, channel, value: Math.round(value * rewardUnit) };
    });
    await this.#inParts('REWARD', inUnits, 9, signal);
  }

  /** Sends control events (`docs/core.md`, section 8). */
  async control(events: readonly ControlInput[], { signal }: RequestOptions = {}): Promise<void> {
    await this.#inParts('CONTROL', events, 11, signal);
  }

  /** Sets a probe; its samples come with each run, under its number. */
  async probe(number: number, options: ProbeOptions, { signal }: RequestOptions = {}): Promise<void> {
    await this.#link.request('PROBE_SET', { probe: number, ...options }, signal);
  }

  async clearProbe(number: number, { signal }: RequestOptions = {}): Promise<void> {
    await this.#link.request('PROBE_CLEAR', { probe: number }, signal);
  }

  /** Chooses whether a population's spikes leave the board; 65535: all. */
  async selectSpikes(population: number, on: boolean, { signal }: RequestOptions = {}): Promise<void> {
    await this.#link.request('SPIKES_SELECT', { population, on: on ? 1 : 0 }, signal);
  }

  /** Batches of output spikes as they come, beside what `run` gives. While they are not taken, the board waits. */
  spikes(): AsyncIterableIterator<SpikeBatch> {
    const stream = new SpikeStream((ended) => this.#streams.delete(ended));
    this.#streams.add(stream);
    return stream;
  }

  /** Reads state (`docs/core.md`, section 11). */
  async readState(
    core: number,
    variable: number,
    first: number,
    count: number,
    { signal }: RequestOptions = {},
  ): Promise<Int32Array> {
    const values = new Int32Array(count);
    for (let done = 0; done < count; ) {
      const request = { core, variable, first: first + done, count: count - done };
      const { values16, values32 } = (await this.#link.request('STATE_READ', request, signal))
        .fields as MessageFields<'STATE_DATA'>;
      const part = values16.length > 0 ? values16 : values32;
      values.set(part, done);
      done += part.length;
    }
    return values;
  }

  /** Writes state; each frame's worth is written whole or not at all. */
  async writeState(
    core: number,
    variable: number,
    first: number,
    values: Int32Array,
    { signal }: RequestOptions = {},
  ): Promise<void> {
    const narrow = isNarrowVariable(variable);
    const most = Math.floor((this.#link.maxPayload - 11) / (narrow ? 2 : 4));
    for (let at = 0; at < values.length; at += most) {
      const part = values.subarray(at, at + most);
      const lists = narrow ? { values16: part, values32: [] } : { values16: [], values32: part };
      await this.#link.request('STATE_WRITE', { core, variable, first: first + at, ...lists }, signal);
    }
  }

  /** Weights of a projection in membrane units: as they act, and of plastic ones also as they are kept (`fine`). */
  async readWeights(projection: string, options: RequestOptions = {}): Promise<SynapseValues> {
    return readWeights(this.image, projection, (...place) => this.readState(...place, options));
  }

  /** Tags of a projection, in the units of its rule; 0 where it has none. */
  async readTags(projection: string, options: RequestOptions = {}): Promise<SynapseValues> {
    return readTags(this.image, projection, (...place) => this.readState(...place, options));
  }

  /** Second tags of a projection, in the units of its rule; 0 where it has none. */
  async readTags2(projection: string, options: RequestOptions = {}): Promise<SynapseValues> {
    return readTags2(this.image, projection, (...place) => this.readState(...place, options));
  }

  /** The state hash between two ticks (`docs/core.md`, section 10). */
  async stateHash({ signal }: RequestOptions = {}): Promise<number> {
    return ((await this.#link.request('STATE_HASH', {}, signal)).fields as MessageFields<'STATE_HASH_REPLY'>)
      .hash;
  }

  /** Everything that evolves, as bytes that `restore` takes. */
  checkpoint(options: TransferOptions = {}): Promise<Uint8Array> {
    return downloadCheckpoint(this.#link, options);
  }

  /** Goes on from a checkpoint of the same image; queued input is dropped. */
  async restore(bytes: Uint8Array, options: TransferOptions = {}): Promise<void> {
    await upload(this.#link, 'CHECKPOINT', bytes, this.image.contentHash, options);
    await this.ping();
  }

  async statistics({ signal }: RequestOptions = {}): Promise<MessageFields<'STATISTICS'>> {
    return (await this.#link.request('STATISTICS_READ', {}, signal)).fields as MessageFields<'STATISTICS'>;
  }

  async clearStatistics({ signal }: RequestOptions = {}): Promise<void> {
    await this.#link.request('STATISTICS_CLEAR', {}, signal);
  }

  /** Has the board keep image and state without power. What it kept before stays until that is complete. Throws E0704. */
  async save({ signal }: RequestOptions = {}): Promise<void> {
    await this.#link.request('STATE_SAVE', {}, signal);
  }

  /** Has the board forget what `save` kept; what it is running stays. Throws E0704. */
  async forget({ signal }: RequestOptions = {}): Promise<void> {
    await this.#link.request('STATE_FORGET', {}, signal);
  }

  /** Restarts the board once it has answered; the session is over then. Throws E0704 if it has no bootloader. */
  async reboot(mode: 'application' | 'bootloader', { signal }: RequestOptions = {}): Promise<void> {
    const { APPLICATION, BOOTLOADER } = rebootModes.value;
    await this.#link.request('REBOOT', { mode: mode === 'bootloader' ? BOOTLOADER : APPLICATION }, signal);
  }

  /** Back to the state of the image. */
  async reset({ signal }: RequestOptions = {}): Promise<void> {
    await this.#link.request('RESET', {}, signal);
    this.#tick = 0;
  }

  /** Asks the board for a sign of life; brings `tick` up to date. Gives how many input events its queue still takes. */
  async ping({ signal }: RequestOptions = {}): Promise<{ readonly inputFree: number }> {
    const { tick, inputFree } = (await this.#link.request('PING', {}, signal)).fields as MessageFields<'OK'>;
    this.#tick = tick;
    return { inputFree };
  }

  async close(): Promise<void> {
    const closed = new EngramError('E0706', 'the session was closed');
    this.#run?.reject(closed);
    this.#run = null;
    for (const stream of this.#streams) stream.fail(closed);
    await this.#link.close();
  }

  async #start(
    name: 'RUN_LOCKSTEP' | 'RUN_REALTIME',
    fields: { ticks: number; tickMicroseconds?: number },
    { signal, hashEvery = 0, hash = false, keepSpikes = true }: RunOptions,
  ): Promise<RunResult> {
    if (signal?.aborted) throw aborted('the run', { tick: this.#tick });
    if (this.#run)
      throw new EngramError('E0704', 'a run is on already', { fix: ['await it first, or stop it'] });
    const finished = this.#awaitRun(new RunOutput(this.#tick, this.#decoder, keepSpikes));
    finished.catch(() => {});
    const onAbort = () => {
      for (const stream of this.#streams) stream.hold(false);
      void this.stop().catch(() => {});
    };
    try {
      const options = hash ? runOptions.value.HASH : 0;
      this.#link.watching = true;
      await this.#link.request(name, { ...fields, hashEvery, progressEvery: 0, options } as never);
      signal?.addEventListener('abort', onAbort, { once: true });
      if (signal?.aborted) onAbort();
      const result = await finished;
      if (signal?.aborted) throw aborted('the run', { tick: result.to });
      return result;
    } catch (error) {
      if (!(error instanceof EngramError && error.context['resumable'])) this.#endRun();
      throw error;
    } finally {
      signal?.removeEventListener('abort', onAbort);
      for (const stream of this.#streams) stream.hold(true);
    }
  }

  /** Ends a run that an earlier host left behind. */
  async #endOrphan(): Promise<void> {
    const ended = this.#awaitRun(new RunOutput(this.#tick, this.#decoder));
    ended.catch(() => {});
    this.#link.watching = true;
    await this.stop();
    await ended;
  }

  #awaitRun(output: RunOutput): Promise<RunResult> {
    return new Promise((resolve, reject) => {
      this.#run = { output, resolve, reject };
    });
  }

  #endRun(): void {
    this.#run = null;
    this.#link.watching = false;
  }

  #stream(frame: ReceivedFrame, name: MessageName, release: () => void): void {
    const run = this.#run;
    const result = run?.output.take(frame, name) ?? null;
    if (name === 'SPIKES_OUT' && this.#streams.size > 0) this.#share(frame, release);
    else release();
    if (run === null || result === null) return;
    this.#tick = result.to;
    this.#endRun();
    if (result.done.end === runEnds.value.FAULT)
      run.reject(
        new EngramError('E0704', `the board gave up the run at tick ${result.to}`, {
          fix: ['reset the board or load the image again, and report it with the network you ran'],
          context: { wireError: 'FAULT', tick: result.to },
        }),
      );
    else run.resolve(result);
  }

  /** Spikes for the iterators; the bytes are released when the last of them has taken the batch. */
  #share(frame: ReceivedFrame, release: () => void): void {
    const batch = spikeBatch(frame);
    let open = this.#streams.size;
    for (const stream of this.#streams)
      stream.push(batch, () => {
        open--;
        if (open === 0) release();
      });
  }

  #lost(error: EngramError): void {
    const resumable = error.context['resumable'] === true;
    this.#run?.reject(error);
    if (!resumable) this.#run = null;
    for (const stream of this.#streams) stream.fail(error);
  }

  async #inParts<E>(
    name: 'REWARD' | 'CONTROL',
    events: readonly E[],
    eventBytes: number,
    signal?: AbortSignal,
  ): Promise<void> {
    const most = Math.floor((this.#link.maxPayload - 2) / eventBytes);
    const sent: Promise<unknown>[] = [];
    for (let at = 0; at < events.length; at += most)
      sent.push(this.#link.request(name, { events: events.slice(at, at + most) } as never, signal));
    await allDone(sent);
  }
}

/** Waits for all; the first failure is thrown when none is under way any more. */
async function allDone(sent: readonly Promise<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(sent);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

/** Typed columns in order of ticks; spikes of a tick keep their order. The given ones where they are that. */
function byTick(
  ticks: ArrayLike<number>,
  units: ArrayLike<number>,
): { readonly ticks: Uint32Array; readonly units: Uint32Array } {
  if (isRising(ticks)) return { ticks: column(ticks), units: column(units) };
  const order = Uint32Array.from(ticks, (_, n) => n).sort((a, b) => ticks[a]! - ticks[b]!);
  return { ticks: order.map((n) => ticks[n]!), units: order.map((n) => units[n]!) };
}

function column(numbers: ArrayLike<number>): Uint32Array {
  return numbers instanceof Uint32Array ? numbers : Uint32Array.from(numbers);
}

function isRising(ticks: ArrayLike<number>): boolean {
  for (let n = 1; n < ticks.length; n++) if (ticks[n - 1]! > ticks[n]!) return false;
  return true;
}
