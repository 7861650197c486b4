import type { PayloadDecoder } from '../../firmware-protocol/codec/decode.js';
import { SpikeColumns } from '../../firmware-protocol/codec/spike-columns.js';
import { unpackSpikes } from '../../firmware-protocol/codec/spikes.js';
import type { MessageFields } from '../../firmware-protocol/codec/values.js';
import type { MessageName } from '../../firmware-protocol/declaration/messages.js';
import type { ReceivedFrame } from '../../firmware-protocol/framing/parser.js';

/** Spikes in order of tick, then unit. */
export interface SpikeBatch {
  readonly count: number;
  readonly ticks: Uint32Array;
  readonly units: Uint32Array;
}

/** Values of a probe after one tick. */
export interface ProbeSample {
  readonly tick: number;
  readonly values: Int32Array;
}

/** What a run gave. */
export interface RunResult {
  /** First tick of the run and the one after its last. */
  readonly from: number;
  readonly to: number;
  readonly spikes: SpikeBatch;
  readonly probes: ReadonlyMap<number, readonly ProbeSample[]>;
  /** State hash at each tick asked for. */
  readonly hashes: readonly { readonly tick: number; readonly hash: number }[];
  /** How the run ended, and its counters. */
  readonly done: MessageFields<'RUN_DONE'>;
  /** False if records were lost (real time only). */
  readonly complete: boolean;
}

/** Takes the stream frames of one run in, without an object for a spike. */
export class RunOutput {
  readonly #decoder: PayloadDecoder;
  readonly #from: number;
  readonly #keepSpikes: boolean;
  readonly #spikes = new SpikeColumns(64);
  readonly #probes = new Map<number, ProbeSample[]>();
  readonly #hashes: { tick: number; hash: number }[] = [];
  #complete = true;

  /** `decoder` is kept from run to run: making one costs as much as many ticks. */
  constructor(from: number, decoder: PayloadDecoder, keepSpikes = true) {
    this.#decoder = decoder;
    this.#from = from;
    this.#keepSpikes = keepSpikes;
  }

  /** Takes a frame; gives the result when it was the last of the run. */
  take(frame: ReceivedFrame, name: MessageName): RunResult | null {
    if (name === 'SPIKES_OUT') {
      if (this.#keepSpikes) unpackSpikes(frame, this.#spikes);
      return null;
    }
    const message = this.#decoder.decode(frame);
    if (message.name === 'PROBE_DATA') this.#addSample(message.fields);
    else if (message.name === 'HASHES') this.#hashes.push(...message.fields.hashes);
    else if (message.name === 'STREAM_LOSS') this.#complete = false;
    else if (message.name === 'RUN_DONE') return this.#result(message.fields);
    return null;
  }

  /** A sample may come in parts, `first` rising. */
  #addSample({ probe, tick, first, values16, values32 }: MessageFields<'PROBE_DATA'>): void {
    const part = values16.length > 0 ? Int32Array.from(values16) : values32;
    const samples = this.#probes.get(probe) ?? [];
    this.#probes.set(probe, samples);
    const last = samples.at(-1);
    if (first === 0 || last === undefined) samples.push({ tick, values: Int32Array.from(part) });
    else samples[samples.length - 1] = { tick, values: Int32Array.of(...last.values, ...part) };
  }

  #result(done: MessageFields<'RUN_DONE'>): RunResult {
    return {
      from: this.#from,
      to: done.tick,
      spikes: batchOf(this.#spikes),
      probes: this.#probes,
      hashes: this.#hashes,
      done,
      complete: this.#complete && done.droppedRecords === 0,
    };
  }
}

/** The spikes of one SPIKES_OUT; none if it is not valid. */
export function spikeBatch(frame: ReceivedFrame): SpikeBatch {
  const spikes = new SpikeColumns(0);
  unpackSpikes(frame, spikes);
  return batchOf(spikes);
}

function batchOf({ count, ticks, units }: SpikeColumns): SpikeBatch {
  return { count, ticks: ticks.subarray(0, count), units: units.subarray(0, count) };
}
