import type { Transport, TransportHandlers } from './transport.js';

export interface FaultRates {
  /** Probabilities by chunk and direction. */
  readonly drop: number;
  readonly duplicate: number;
  readonly corrupt: number;
  readonly split: number;
}

export interface FaultyTransport extends Transport {
  readonly counts: { dropped: number; duplicated: number; corrupted: number };
  /** As if the cable were pulled. */
  cut(): void;
  /** Pulls it once so many more chunks have come from the board. */
  cutAfter: number;
}

/** A line that loses, doubles, damages and splits what it carries, by a seeded generator. */
export function faulty(inner: Transport, seed: number, rates: FaultRates): FaultyTransport {
  const random = randomOf(seed);
  const counts = { dropped: 0, duplicated: 0, corrupted: 0 };
  let handlers: TransportHandlers | null = null;
  const pass = (bytes: Uint8Array, deliver: (bytes: Uint8Array) => void): void => {
    if (random() < rates.drop) {
      counts.dropped++;
      return;
    }
    let data = bytes;
    if (random() < rates.corrupt && bytes.length > 0) {
      counts.corrupted++;
      data = bytes.slice();
      data[Math.floor(random() * data.length)]! ^= 1 + Math.floor(random() * 255);
    }
    if (random() < rates.split) {
      const at = Math.floor(random() * data.length);
      deliver(data.subarray(0, at));
      deliver(data.subarray(at));
    } else deliver(data);
    if (random() >= rates.duplicate) return;
    counts.duplicated++;
    deliver(data);
  };
  return {
    info: inner.info,
    counts,
    cutAfter: Number.POSITIVE_INFINITY,
    start(given) {
      handlers = given;
      inner.start({
        receive: (bytes) => {
          if (this.cutAfter-- <= 0) this.cut();
          pass(bytes, (data) => handlers?.receive(data));
        },
        closed: (reason) => handlers?.closed(reason),
      });
    },
    async send(bytes) {
      if (handlers) pass(bytes, (data) => void inner.send(data));
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
