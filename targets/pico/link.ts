import { Worker } from 'node:worker_threads';
import type { Call, FromWorker, StateReport, ToWorker, UsbPresence, WorkerStart } from './worker-messages.js';

interface Waiting {
  resolve(value: never): void;
  reject(error: Error): void;
}

/** A failure in the worker, by its name. */
export class LinkFailure extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/** The program's end of a board that runs in a worker. */
export class PicoLink {
  /** What the board is doing, as last told. */
  state: StateReport = { kind: 'off', reason: '', pc: null, lr: null };
  /** What is on the bus. */
  device: UsbPresence | null = null;
  onBytes: (bytes: Uint8Array) => void = () => {};
  onSent: (bytes: number) => void = () => {};
  readonly #worker: Worker;
  readonly #bell: Int32Array;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Set<() => void>();
  #next = 0;
  #ended: Error | null = null;

  constructor(uf2: Uint8Array | null, serial: string) {
    const bell = new SharedArrayBuffer(4);
    this.#bell = new Int32Array(bell);
    const typescript = import.meta.url.endsWith('.ts');
    const url = new URL(typescript ? './worker.ts' : './worker.js', import.meta.url).href;
    const workerData: WorkerStart = { url, bell, uf2, serial };
    // Node runs JavaScript only; sources go through the loader that also reads networks.
    this.#worker = typescript
      ? new Worker(loadTypeScript, { eval: true, workerData })
      : new Worker(new URL(url), { workerData });
    this.#worker.on('message', (message: FromWorker) => this.#take(message));
    this.#worker.on('error', (error) => this.#end(error));
    this.#worker.on('exit', () => this.#end(new Error('the emulator has ended')));
    this.#worker.unref();
  }

  async call<T = void>(call: Call): Promise<T> {
    if (this.#ended) throw this.#ended;
    const id = this.#next++;
    // A worker that is asked for something keeps the program alive.
    if (this.#waiting.size === 0) this.#worker.ref();
    const answer = new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: never) => void, reject });
    });
    this.send({ kind: 'call', id, call });
    return answer;
  }

  send(message: ToWorker): void {
    this.#worker.postMessage(message);
    Atomics.add(this.#bell, 0, 1);
    Atomics.notify(this.#bell, 0);
  }

  /** Called whenever `state` or `device` has changed. Gives what ends it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when the condition holds; false if it does not within so many milliseconds. */
  async until(condition: () => boolean, milliseconds: number): Promise<boolean> {
    if (condition()) return true;
    return new Promise((resolve) => {
      const finish = (held: boolean) => {
        clearTimeout(timer);
        end();
        if (this.#waiting.size === 0) this.#worker.unref();
        resolve(held);
      };
      const timer = setTimeout(() => finish(condition()), milliseconds);
      const end = this.onChange(() => (condition() || this.#ended) && finish(condition()));
      this.#worker.ref();
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #take(message: FromWorker): void {
    switch (message.kind) {
      case 'reply':
        return this.#settle(message.id)?.resolve(message.value as never);
      case 'failure':
        return this.#settle(message.id)?.reject(new LinkFailure(message.name, message.message));
      case 'cdc-in':
        return this.onBytes(message.bytes);
      case 'cdc-sent':
        return this.onSent(message.bytes);
      case 'state':
        this.state = message.state;
        break;
      case 'device':
        this.device = message.device;
        break;
    }
    this.#changed();
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#worker.unref();
    return waiting;
  }

  #end(error: Error): void {
    this.#ended ??= error;
    this.device = null;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    this.#changed();
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

const loadTypeScript = `
  const { workerData } = require('node:worker_threads');
  const { createJiti } = require('node:module').createRequire(workerData.url)('jiti');
  createJiti(workerData.url, { interopDefault: false }).import(workerData.url);
`;
