import type { Transport, TransportHandlers } from './transport.js';

export interface FaultRates {
  /** Probabilities by frame and direction. */
  readonly drop: number;
  readonly duplicate: number;
  readonly corrupt: number;
  readonly split: number;
}

export interface FaultyTransport extends Transport {
  readonly counts: { dropped: number; duplicated: number; corrupted: number };
  /** As if the cable were pulled. */
  cut(): void;
  /** Pulls it once so many more frames have come from the board. */
  cutAfter: number;
}

/** A line that loses, doubles, damages and splits the frames it carries, by a seeded generator. */
export function faulty(inner: Transport, seed: number, rates: FaultRates): FaultyTransport {
  const random = randomOf(seed);
  const counts = { dropped: 0, duplicated: 0, corrupted: 0 };
  let handlers: TransportHandlers | null = null;
  /** What is left of the frames goes on together, but where it is split. */
  const pass = (frames: readonly Uint8Array[], deliver: (bytes: Uint8Array) => void): void => {
    let together: Uint8Array[] = [];
    const go = () => {
      if (together.length > 0) deliver(Buffer.concat(together));
      together = [];
    };
    for (const frame of frames) {
      if (random() < rates.drop) {
        counts.dropped++;
        continue;
      }
      let data = frame;
      if (random() < rates.corrupt && frame.length > 0) {
        counts.corrupted++;
        data = frame.slice();
        data[Math.floor(random() * data.length)]! ^= 1 + Math.floor(random() * 255);
      }
      if (random() < rates.split) {
        const at = Math.floor(random() * data.length);
        together.push(data.subarray(0, at));
        go();
        together.push(data.subarray(at));
      } else together.push(data);
      if (random() >= rates.duplicate) continue;
      counts.duplicated++;
      together.push(data);
    }
    go();
  };
  return {
    info: inner.info,
    counts,
    cutAfter: Number.POSITIVE_INFINITY,
    start(given) {
      handlers = given;
      inner.start({
        receive: (bytes) => {
          const frames = framesOf(bytes);
          const last = frames.slice(0, Math.max(0, this.cutAfter));
          this.cutAfter -= frames.length;
          pass(last, (data) => handlers?.receive(data));
          if (last.length < frames.length) this.cut();
        },
        closed: (reason) => handlers?.closed(reason),
      });
    },
    async send(bytes) {
      if (handlers) pass(framesOf(bytes), (data) => void inner.send(data));
    },
    close: () => inner.close(),
    cut() {
      const { closed } = handlers ?? { closed: () => {} };
      handlers = null;
      void inner.close();
      closed(new Error('the cable was pulled'));
    },
  };
}

export const noFaults: FaultRates = { drop: 0, duplicate: 0, corrupt: 0, split: 0 };

/** Bytes cut behind each delimiter. */
function framesOf(bytes: Uint8Array): Uint8Array[] {
  const frames: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const delimiter = bytes.indexOf(0, at);
    const end = delimiter < 0 ? bytes.length : delimiter + 1;
    frames.push(bytes.subarray(at, end));
    at = end;
  }
  return frames;
}

/** Numbers 0 … 1, the same for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}
