import type { SpikeBatch } from './run-output.js';

/** Spikes for an async iterator: batches wait here, unreleased, until they are taken. */
export class SpikeStream implements AsyncIterableIterator<SpikeBatch> {
  readonly #batches: { batch: SpikeBatch; release: (() => void) | null }[] = [];
  #holding = true;
  readonly #onEnd: (stream: SpikeStream) => void;
  #waiting: { resolve: (result: IteratorResult<SpikeBatch>) => void; reject: (error: Error) => void } | null =
    null;
  #ended = false;
  #failure: Error | null = null;

  constructor(onEnd: (stream: SpikeStream) => void) {
    this.#onEnd = onEnd;
  }

  /** `release` is called when the batch has been taken; until then the board's credit stays used. */
  push(batch: SpikeBatch, release: () => void): void {
    if (this.#ended) return release();
    if (this.#waiting === null) {
      this.#batches.push({ batch, release: this.#holding ? release : null });
      if (!this.#holding) release();
      return;
    }
    const { resolve } = this.#waiting;
    this.#waiting = null;
    release();
    resolve({ done: false, value: batch });
  }

  /** Whether batches that nobody has taken hold the board back. An aborted run must end whether they are taken or not. */
  hold(on: boolean): void {
    this.#holding = on;
    if (on) return;
    for (const waiting of this.#batches) {
      waiting.release?.();
      waiting.release = null;
    }
  }

  fail(error: Error): void {
    this.#failure = error;
    this.#waiting?.reject(error);
    this.#waiting = null;
  }

  next(): Promise<IteratorResult<SpikeBatch>> {
    const first = this.#batches.shift();
    if (first) {
      first.release?.();
      return Promise.resolve({ done: false, value: first.batch });
    }
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  return(): Promise<IteratorResult<SpikeBatch>> {
    this.#ended = true;
    for (const { release } of this.#batches.splice(0)) release?.();
    this.#waiting?.resolve({ done: true, value: undefined });
    this.#waiting = null;
    this.#onEnd(this);
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
