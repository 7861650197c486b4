import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Outcome } from './outcome.js';
import { type Run, runName } from './run-trial.js';

const line = z.object({
  run: z.string(),
  proportion: z.number(),
  weight: z.number().nullable(),
  minutes: z.number().nullable(),
});

/** Outcomes of runs that are done, by the name of the run. */
export interface Kept {
  find(run: Run): Outcome | undefined;
  keep(run: Run, outcome: Outcome): void;
}

/** Keeps outcomes in a file, one JSON object a line, so that a study that was stopped goes on where it was. */
export function keptIn(path: string): Kept {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const known = new Map(text.split('\n').flatMap(outcomeOf));
  // A line that was cut off stays alone and is passed over.
  if (text !== '' && !text.endsWith('\n')) appendFileSync(path, '\n');
  return {
    find: (run) => known.get(runName(run)),
    keep: (run, outcome) => {
      known.set(runName(run), outcome);
      appendFileSync(path, `${JSON.stringify({ run: runName(run), ...outcome })}\n`);
    },
  };
}

function outcomeOf(text: string): [string, Outcome][] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return [];
  }
  const { success, data } = line.safeParse(parsed);
  if (!success) return [];
  const { run, ...outcome } = data;
  return [[run, outcome]];
}
