import { parentPort } from 'node:worker_threads';
import { type Run, runTrial } from './run-trial.js';

/** A thread of the study: a run comes in, its outcome goes out. */
parentPort?.on('message', (run: Run) => parentPort?.postMessage(runTrial(run)));
