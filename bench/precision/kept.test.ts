import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { coreFormat, float64 } from './format.js';
import { keptIn } from './kept.js';
import { quickEffort } from './plan.js';
import type { Run } from './run-trial.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'engram-precision-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const run: Run = {
  trial: { task: 'distal-reward', format: coreFormat, tagRange: 1, faster: 1 },
  seed: 1,
  effort: quickEffort,
};
const outcome = { proportion: 1, weight: 0.93, minutes: 41.5 };

test('what was kept is found again, by any run of the same seed, format and length, and by no other', () => {
  const path = join(folder, 'results.jsonl');
  keptIn(path).keep(run, outcome);
  const again = keptIn(path);
  expect(again.find(structuredClone(run))).toEqual(outcome);
  for (const other of [
    { ...run, seed: 2 },
    { ...run, effort: { ...quickEffort, distalSeconds: quickEffort.distalSeconds + 1 } },
    { ...run, trial: { ...run.trial, format: float64 } },
    { ...run, trial: { ...run.trial, tagRange: 1 / 4 } },
    { ...run, trial: { ...run.trial, faster: 4 } },
    { ...run, trial: { ...run.trial, task: 'delayed-bandit' as const } },
  ])
    expect(again.find(other)).toBeUndefined();
});

test('a line cut off by a kill is passed over, and the next stands alone', () => {
  const path = join(folder, 'results.jsonl');
  keptIn(path).keep(run, outcome);
  appendFileSync(path, '{"run":"distal-rew');
  keptIn(path).keep({ ...run, seed: 2 }, outcome);
  const again = keptIn(path);
  expect(again.find(run)).toEqual(outcome);
  expect(again.find({ ...run, seed: 2 })).toEqual(outcome);
});
