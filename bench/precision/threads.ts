import { Worker } from 'node:worker_threads';
import type { Run } from './run-trial.js';

/** Gives the runs to so many threads; the results in the order of the runs. `onDone` is told after each. */
export async function runAll(
  runs: readonly Run[],
  threads: number,
  onDone: (run: Run, value: number, done: number) => void,
): Promise<number[]> {
  const values = new Array<number>(runs.length).fill(Number.NaN);
  let next = 0;
  let done = 0;
  await Promise.all(
    Array.from({ length: Math.min(threads, runs.length) }, async () => {
      const worker = new Worker(new URL('./thread.js', import.meta.url));
      try {
        while (next < runs.length) {
          const index = next++;
          const run = runs[index]!;
          const value = await ask(worker, run);
          values[index] = value;
          onDone(run, value, ++done);
        }
      } finally {
        await worker.terminate();
      }
    }),
  );
  return values;
}

function ask(worker: Worker, run: Run): Promise<number> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      worker.off('message', onMessage);
      worker.off('error', onError);
      act();
    };
    const onMessage = (value: number) => settle(() => resolve(value));
    const onError = (error: Error) => settle(() => reject(error));
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.postMessage(run);
  });
}
