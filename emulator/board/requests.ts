import { SpikeColumns } from '../../firmware-protocol/codec/spike-columns.js';
import type { Message, MessageFields, MessageInput } from '../../firmware-protocol/codec/values.js';
import { allPopulations } from '../../firmware-protocol/declaration/events.js';
import type { MessageName } from '../../firmware-protocol/declaration/messages.js';
import { rebootModes, resetCauses } from '../../firmware-protocol/declaration/session.js';
import type { Frame } from '../../firmware-protocol/framing/frame.js';
import type { FrameCounters } from '../../firmware-protocol/framing/parser.js';
import { BoardCounters } from './counters.js';
import { type InputTarget, inputCapacity, takeControl, takeRewards, takeSpikes } from './input.js';
import { LoadedImage, type MakeMachine, maxProbes } from './loaded-image.js';
import { Refusal } from './refusal.js';
import { Runner, type RunRequest } from './runner.js';
import { readState, setProbe, writeState } from './state.js';
import type { StreamSender } from './stream-sender.js';
import { Transfers } from './transfers.js';

/** What the requests need of the session around them. */
export interface BoardContext {
  readonly targetId: number;
  readonly stream: StreamSender;
  readonly makeMachine: MakeMachine;
  maxPayload(): number;
  frameCounters(): FrameCounters;
  /** Ends the session, as a restart does. */
  restart(): void;
}

/** A reply with data; null stands for OK. */
export type Reply =
  | { [N in MessageName]: { readonly name: N; readonly fields: MessageInput<N> } }[MessageName]
  | null;

const allProbes = 0xffff;
const lastTick = 0xffff_ffff;

/** Does what the requests ask. Throws a `Refusal` before anything has changed. */
export class BoardRequests {
  loaded: LoadedImage | null = null;
  readonly #context: BoardContext;
  readonly #transfers: Transfers;
  readonly #counters = new BoardCounters();
  readonly #spikes = new SpikeColumns(1024);
  readonly #startedAt = performance.now();
  #runner: Runner | null = null;
  #framesBefore = { frames: 0, crc: 0, cobs: 0, short: 0, long: 0 };

  constructor(context: BoardContext) {
    this.#context = context;
    this.#transfers = new Transfers(context.targetId);
  }

  get running(): boolean {
    return this.#runner !== null;
  }

  /** A run has been asked for whose first ticks follow at once. */
  get starting(): boolean {
    return this.#runner !== null && !this.#runner.begun;
  }

  wake(): void {
    this.#runner?.wake();
  }

  /** The board is switched off. */
  close(): void {
    this.#runner?.stop();
    this.loaded?.machine.close();
  }

  newSession(): void {
    this.#transfers.endDownload();
  }

  spikes(frame: Frame): Reply {
    takeSpikes(frame, this.#input(), this.#spikes);
    return null;
  }

  handle(message: Message): Reply {
    switch (message.name) {
      case 'PING':
        return null;
      case 'INFO':
        return { name: 'INFO_REPLY', fields: this.#info() };
      case 'RESET':
        this.#idleImage().reset();
        this.#clearStatistics();
        return null;
      case 'REBOOT':
        return this.#reboot(message.fields.mode);
      case 'RESEND':
        this.#context.stream.resend(message.fields.next, message.fields.window);
        this.wake();
        return null;
      case 'RUN_LOCKSTEP':
        return this.#run({ ...message.fields, tickMicroseconds: null });
      case 'RUN_REALTIME': {
        const { tickMicroseconds } = message.fields;
        const own = this.loaded?.image.network.tickMicroseconds ?? 1000;
        return this.#run({ ...message.fields, tickMicroseconds: tickMicroseconds || own });
      }
      case 'STOP':
        this.#runner?.stop();
        return null;
      case 'REWARD':
        takeRewards(message.fields, this.#input());
        return null;
      case 'CONTROL':
        takeControl(message.fields, this.#input());
        return null;
      case 'SPIKES_SELECT':
        return this.#selectSpikes(message.fields);
      case 'PROBE_SET':
        setProbe(message.fields, this.#pausedImage());
        return null;
      case 'PROBE_CLEAR':
        return this.#clearProbe(message.fields.probe);
      case 'STATE_READ':
        return {
          name: 'STATE_DATA',
          fields: readState(message.fields, this.#image(), this.#context.maxPayload()),
        };
      case 'STATE_WRITE':
        writeState(message.fields, this.#idleImage());
        return null;
      case 'STATE_HASH': {
        const { machine } = this.#idleImage('download allowed');
        return { name: 'STATE_HASH_REPLY', fields: { tick: machine.tick, hash: machine.stateHash() } };
      }
      case 'STATISTICS_READ':
        return { name: 'STATISTICS', fields: this.#statistics() };
      case 'STATISTICS_CLEAR':
        this.#clearStatistics();
        return null;
      case 'STATE_SAVE':
      case 'STATE_FORGET':
        throw new Refusal('NOT_SUPPORTED');
      default:
        return this.#transfer(message);
    }
  }

  #transfer(message: Message): Reply {
    const transfers = this.#transfers;
    switch (message.name) {
      case 'UPLOAD_BEGIN':
        if (this.running || transfers.frozen) throw new Refusal('BUSY');
        return { name: 'UPLOAD_READY', fields: transfers.begin(message.fields, this.loaded) };
      case 'UPLOAD_DATA':
        transfers.data(message.fields);
        return null;
      case 'UPLOAD_COMMIT': {
        if (this.running || transfers.frozen) throw new Refusal('BUSY');
        const image = transfers.commit(this.loaded);
        if (image !== null) {
          const next = new LoadedImage(image, this.#context.makeMachine);
          this.loaded?.machine.close();
          this.loaded = next;
        }
        this.#clearStatistics();
        return null;
      }
      case 'UPLOAD_CANCEL':
        transfers.cancel();
        return null;
      case 'DOWNLOAD_BEGIN':
        return {
          name: 'DOWNLOAD_READY',
          fields: transfers.beginDownload(this.#idleImage('download allowed')),
        };
      case 'DOWNLOAD_READ':
        return { name: 'DOWNLOAD_DATA', fields: transfers.read(message.fields, this.#context.maxPayload()) };
      case 'DOWNLOAD_END':
        transfers.endDownload();
        return null;
      default:
        throw new Refusal('UNKNOWN_MESSAGE');
    }
  }

  #image(): LoadedImage {
    if (this.loaded === null) throw new Refusal('NO_IMAGE');
    return this.loaded;
  }

  /** The image, while no run is on; unless allowed, also not while a download freezes the state. */
  #idleImage(download?: 'download allowed'): LoadedImage {
    const loaded = this.#image();
    if (this.running || (this.#transfers.frozen && !download)) throw new Refusal('BUSY');
    return loaded;
  }

  /** The image, while no lockstep run is on. */
  #pausedImage(): LoadedImage {
    const loaded = this.#image();
    if (this.#runner !== null && !this.#runner.realtime) throw new Refusal('BUSY');
    return loaded;
  }

  #input(): InputTarget {
    const loaded = this.#image();
    if (this.#transfers.frozen) throw new Refusal('BUSY');
    return { loaded, counters: this.#counters, realtime: this.#runner?.realtime ?? false };
  }

  #run(request: RunRequest): Reply {
    const loaded = this.#idleImage();
    const left = lastTick - loaded.machine.tick;
    if (request.ticks > left || left === 0) throw new Refusal('TICK_LIMIT', left);
    // A run without end ends with the last tick there is.
    const ticks = request.ticks || left;
    this.#runner = new Runner(
      loaded,
      this.#context.stream,
      this.#counters,
      { ...request, ticks },
      () => this.#context.maxPayload(),
      () => {
        this.#runner = null;
      },
    );
    return null;
  }

  #reboot(mode: number): Reply {
    if (mode !== rebootModes.value.APPLICATION) throw new Refusal('NOT_SUPPORTED');
    this.#runner?.stop();
    setTimeout(() => {
      this.loaded?.machine.close();
      this.loaded = null;
      this.#transfers.cancel();
      this.#context.restart();
    }, 0);
    return null;
  }

  #selectSpikes({ population, on }: MessageFields<'SPIKES_SELECT'>): Reply {
    const { machine, image } = this.#pausedImage();
    const all = image.populations.map((_, index) => index);
    if (population !== allPopulations && population >= all.length)
      throw new Refusal('UNKNOWN_POPULATION', population);
    for (const index of population === allPopulations ? all : [population])
      machine.setSpikesOut(index, on === 1);
    return null;
  }

  #clearProbe(probe: number): Reply {
    if (this.#runner !== null && !this.#runner.realtime) throw new Refusal('BUSY');
    if (probe === allProbes) this.loaded?.probes.clear();
    else this.loaded?.probes.delete(probe);
    return null;
  }

  #info(): MessageFields<'INFO_REPLY'> {
    const image = this.loaded?.image;
    return {
      clockHz: 0,
      uptime: Math.floor(performance.now() - this.#startedAt) >>> 0,
      resetCause: resetCauses.value.POWER,
      cores: image?.cores.length ?? 0,
      populations: image?.populations.length ?? 0,
      units: image?.network.unitCount ?? 0,
      channels: image?.modulators.length ?? 0,
      memoryBytes: 0,
      memoryFree: 0,
      inputCapacity,
      streamCapacity: this.#context.stream.capacity,
      probes: maxProbes,
    };
  }

  #statistics(): MessageFields<'STATISTICS'> {
    const statistics = this.loaded?.machine.statistics;
    const { lateEvents, droppedRecords, overrunTicks, worstTick } = this.#counters;
    const { frames, crc, cobs, short, long } = this.#frames();
    const before = this.#framesBefore;
    return {
      ticks: (statistics?.ticks ?? 0) >>> 0,
      spikesIn: (statistics?.spikesIn ?? 0) >>> 0,
      spikesOut: (statistics?.spikesOut ?? 0) >>> 0,
      duplicateSpikes: (statistics?.mergedInputs ?? 0) >>> 0,
      lateEvents,
      droppedEvents: 0,
      droppedRecords,
      overrunTicks,
      worstTick,
      worstTickCycles: 0,
      cyclesLow: 0,
      cyclesHigh: 0,
      saturatedStates: 0,
      saturatedWeights: 0,
      saturatedTags: 0,
      framesGood: frames - before.frames,
      discardedCrc: crc - before.crc,
      discardedCobs: cobs - before.cobs,
      discardedShort: short - before.short,
      discardedLong: long - before.long,
    };
  }

  #clearStatistics(): void {
    this.#runner?.beforeClear();
    this.#counters.clear();
    this.loaded?.machine.clearStatistics();
    this.#framesBefore = this.#frames();
  }

  #frames() {
    const { frames, discarded } = this.#context.frameCounters();
    return {
      frames,
      crc: discarded.crc,
      cobs: discarded.cobs,
      short: discarded['too-short'],
      long: discarded['too-long'],
    };
  }
}
