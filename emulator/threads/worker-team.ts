import { Worker } from 'node:worker_threads';
import { EngramError } from '../../src/errors/engram-error.js';
import type { Share, Team, TeamMaker, TeamWork } from '../core/kernels/team.js';

/** Words that the threads of a team share: the number of the tick begun, threads that have done it, and whether one failed. */
const words = { begun: 0, done: 1, failed: 2, stop: 3 } as const;
/** Looks at a word so often before it goes to sleep on it: ticks of a busy board follow each other at once. */
const looks = 100_000;
/** A thread that takes longer for a tick has died. */
const patience = 60_000;

interface WorkerTask extends Share {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly state: Int32Array;
  readonly words: typeof words;
  readonly looks: number;
}

/** So many threads, the calling one among them. Their ticks are the same bits for any number. */
export function workerTeam(threads: number): TeamMaker {
  return { threads, make: (work) => new WorkerTeam(work) };
}

class WorkerTeam implements Team {
  readonly #workers: readonly Worker[];
  readonly #state = new Int32Array(new SharedArrayBuffer(64));
  #begun = 0;
  #closed = false;

  constructor({ module, memory, shares }: TeamWork) {
    const source = `(${workCores.toString()})(require('node:worker_threads').workerData)`;
    this.#workers = shares.map(({ list, count, thread }) => {
      const task: WorkerTask = { module, memory, list, count, thread, state: this.#state, words, looks };
      const worker = new Worker(source, { eval: true, workerData: task });
      worker.unref();
      return worker;
    });
  }

  begin(): void {
    if (this.#closed) throw ended('its machine was closed', 'make a new machine');
    this.#wake();
  }

  #wake(): void {
    Atomics.store(this.#state, words.done, 0);
    this.#begun = (this.#begun + 1) | 0;
    Atomics.store(this.#state, words.begun, this.#begun);
    Atomics.notify(this.#state, words.begun);
  }

  end(): void {
    const all = this.#workers.length;
    for (let look = 0; look < looks; look++)
      if (Atomics.load(this.#state, words.done) === all) return this.#check();
    for (let done = Atomics.load(this.#state, words.done); done < all; ) {
      if (Atomics.wait(this.#state, words.done, done, patience) === 'timed-out')
        throw ended(`it has not answered for ${patience / 1000} s`);
      done = Atomics.load(this.#state, words.done);
    }
    this.#check();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    Atomics.store(this.#state, words.stop, 1);
    this.#wake();
    for (const worker of this.#workers) void worker.terminate();
  }

  #check(): void {
    if (Atomics.load(this.#state, words.failed) !== 0) throw ended('a kernel failed in it');
  }
}

function ended(reason: string, remedy = 'run with one thread'): EngramError {
  return new EngramError('E0903', `a thread of the emulator ended: ${reason}`, {
    fix: [remedy],
  });
}

/** What a thread does; it stands alone, since it is given to the thread as text. */
function workCores({ module, memory, list, count, thread, state, words, looks }: WorkerTask): void {
  const { exports } = new WebAssembly.Instance(module, { board: { memory } });
  const cores = exports.cores as (list: number, count: number, thread: number) => void;
  for (let begun = 0; ; ) {
    for (let look = 0; look < looks; look++) if (Atomics.load(state, words.begun) !== begun) break;
    while (Atomics.load(state, words.begun) === begun) Atomics.wait(state, words.begun, begun);
    begun = Atomics.load(state, words.begun);
    if (Atomics.load(state, words.stop) !== 0) return;
    try {
      cores(list, count, thread);
    } catch {
      Atomics.store(state, words.failed, 1);
    }
    Atomics.add(state, words.done, 1);
    Atomics.notify(state, words.done);
  }
}
