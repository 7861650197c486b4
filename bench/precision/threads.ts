import { Worker } from 'node:worker_threads';
import type { Outcome } from './outcome.js';
import type { Run } from './run-trial.js';

/** Gives the runs to so many threads; `onDone` is told after each. */
export async function runAll(
  runs: readonly Run[],
  threads: number,
  onDone: (run: Run, outcome: Outcome) => void,
): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: Math.min(threads, runs.length) }, async () => {
      const worker = new Worker(new URL('./thread.js', import.meta.url));
      try {
        while (next < runs.length) {
          const run = runs[next++]!;
          onDone(run, await ask(worker, run));
        }
      } finally {
        await worker.terminate();
      }
    }),
  );
}

function ask(worker: Worker, run: Run): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      worker.off('message', onMessage);
      worker.off('error', onError);
      act();
    };
    const onMessage = (outcome: Outcome) => settle(() => resolve(outcome));
    const onError = (error: Error) => settle(() => reject(error));
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.postMessage(run);
  });
}
