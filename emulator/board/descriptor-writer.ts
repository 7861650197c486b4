import { write, writeSync } from 'node:fs';

/** Tries, each by a thread, before a timer is waited for: a reader at work makes room sooner than that. */
const quickTries = 4;

/**
 * Writes to a terminal in order, without ever blocking: where it is full it tries again a little later. Its descriptor
 * must not block either; so the first try is made at once, for a thread would cost more than the write.
 */
export class DescriptorWriter {
  readonly #descriptor: () => number | null;
  readonly #failed: () => void;
  readonly #queue: Uint8Array[] = [];
  #drained: (() => void)[] = [];
  #tries = 0;
  #waiting = false;
  #closed = false;

  /** `descriptor`: null once it is closed, for its number may then be another file's. `failed`: the terminal is gone. */
  constructor(descriptor: () => number | null, failed: () => void = () => {}) {
    this.#descriptor = descriptor;
    this.#failed = failed;
  }

  /** Resolves when nothing waits any more. */
  write(bytes: Uint8Array): Promise<void> {
    if (this.#closed || bytes.length === 0) return Promise.resolve();
    this.#queue.push(bytes);
    if (!this.#waiting) this.#next();
    if (this.#queue.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#drained.push(resolve));
  }

  /** Forgets what waits. */
  close(): void {
    this.#closed = true;
    this.#queue.length = 0;
    this.#release();
  }

  #next(): void {
    while (this.#queue.length > 0 && !this.#waiting) {
      const descriptor = this.#descriptor();
      if (descriptor === null) return this.#gone();
      try {
        this.#written(writeSync(descriptor, this.#queue[0]!));
      } catch (error) {
        this.#refused(error as NodeJS.ErrnoException);
      }
    }
    if (this.#queue.length === 0) this.#release();
  }

  #written(count: number): void {
    const bytes = this.#queue[0]!;
    this.#tries = 0;
    if (count < bytes.length) this.#queue[0] = bytes.subarray(count);
    else this.#queue.shift();
  }

  #refused({ code }: NodeJS.ErrnoException): void {
    if (code !== 'EAGAIN') return this.#gone();
    const descriptor = this.#descriptor();
    this.#waiting = true;
    if (descriptor === null || this.#tries++ >= quickTries) setTimeout(() => this.#again(null, 0), 1);
    else write(descriptor, this.#queue[0]!, (error, count) => this.#again(error, count));
  }

  #gone(): void {
    this.close();
    this.#failed();
  }

  #again(error: NodeJS.ErrnoException | null, count: number): void {
    this.#waiting = false;
    if (this.#closed) return;
    if (error) this.#refused(error);
    else if (count > 0) this.#written(count);
    this.#next();
  }

  #release(): void {
    for (const resolve of this.#drained.splice(0)) resolve();
  }
}
