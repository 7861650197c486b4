import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compile } from '../../compiler/compile.js';
import { loadTarget } from '../../compiler/load-target.js';
import { variableCodes } from '../../image/layout.js';
import { readImage } from '../../image/read.js';
import type { NetworkDescription } from '../../network/description.js';
import { resolveNetwork } from '../../network/resolve.js';
import { drawsOf } from '../draws.js';
import { machineBoard } from '../machine-board.testing.js';
import { playTask } from '../play.js';
import type { StepOutcome, Task, TaskContext, Trial } from '../task.js';
import { readCueEvents } from './events.js';
import { cueTask } from './generator.js';
import { cueNetwork } from './network.js';
import { type CueOptions, cueOptions } from './options.js';
import { playCues } from './play.js';
import task from './task.js';

const root = resolve(import.meta.dirname, '../../..');
const trained = JSON.parse(
  readFileSync(resolve(root, 'examples/cue-accumulation/network.json'), 'utf8'),
) as NetworkDescription;
/** None of the example's own trials, which were those of seed 1. */
const freshSeed = 4242;

async function session(
  description: NetworkDescription,
  given: Partial<CueOptions>,
  played: Task<CueOptions> = task,
) {
  const options = cueOptions.parse({ seed: freshSeed, ...given });
  const image = readImage(compile(resolveNetwork(description), loadTarget('pico')).image);
  const board = machineBoard(image);
  const weights = () => [
    ...board.machine.read(0, variableCodes.weight, 0, image.cores[0]!.core.synapseCount),
  ];
  const before = weights();
  const trials = await playTask(board, image, played, options, { seed: options.seed });
  return { image, trials, before, after: weights() };
}
const correct = (trials: readonly Trial[]) => trials.filter((trial) => trial.correct).length / trials.length;

describe('the network that learnt on the emulated core', () => {
  test('answers 90 % of fresh trials, and learns nothing from them', async () => {
    const { trials, before, after } = await session(trained, { trials: 100, learn: 0 });
    expect(correct(trials)).toBeGreaterThanOrEqual(0.9);
    expect(after).toEqual(before);
  });

  test('answers 90 % of the 50 trials published with ReckOn, which it never saw', async () => {
    const published = readCueEvents(
      readFileSync(resolve(root, 'tests/data/cue-accumulation/train.dat'), 'utf8'),
      'train.dat',
    );
    let next = 0;
    const replayed = { ...task, play: playCuesOf(() => published[next++]!) };
    const { trials } = await session(trained, { trials: published.length, learn: 0 }, replayed);
    expect(correct(trials)).toBeGreaterThanOrEqual(0.9);
  });
});

const playCuesOf =
  (nextTrial: Parameters<typeof playCues>[1]): Task<CueOptions>['play'] =>
  (context) =>
    playCues(context, nextTrial);

test('before learning it is at chance', async () => {
  const { trials } = await session(cueNetwork(cueOptions.parse({})), { trials: 40, learn: 0 });
  // Four standard errors of 40 coins.
  expect(Math.abs(correct(trials) - 0.5)).toBeLessThan(0.32);
});

test('one that lost its readout learns a new one, in closed loop', async () => {
  // The other weights stay: their learning is most of the work of a trial.
  const blank = Object.fromEntries(
    Object.entries(trained.projections!).map(([name, { plasticity, ...projection }]) => [
      name,
      name.endsWith('-readout') && plasticity ? { ...projection, plasticity, weight: 0 } : projection,
    ]),
  );
  const { trials } = await session({ ...trained, projections: blank }, { trials: 110, learn: 70 });
  expect(correct(trials.slice(70))).toBeGreaterThanOrEqual(0.8);
});

describe('errors', () => {
  const changed = async (neurons: CueOptions['neurons'], feedback: CueOptions['feedback']) => {
    const options = { neurons, feedback, size: 20, trials: 4, learn: 4 };
    const { image, before, after } = await session(cueNetwork(cueOptions.parse(options)), options);
    const names = new Set<string>();
    for (const { projection, firstSynapse, synapseCount } of image.cores[0]!.blocks)
      for (let s = firstSynapse; s < firstSynapse + synapseCount; s++)
        if (before[s] !== after[s]) names.add(image.host.projections[projection]!.name);
    return [...names].sort();
  };

  test.each([
    ['lif', 'symmetric', ['cues-lif', 'lif-lif', 'lif-readout']],
    ['lif', 'random', ['cues-lif', 'lif-lif', 'lif-readout']],
    ['lif', 'adaptive', ['cues-lif', 'lif-errors', 'lif-lif', 'lif-readout']],
  ] as const)('reach the weights of %s neurons by %s feedback', async (neurons, feedback, expected) => {
    expect(await changed(neurons, feedback)).toEqual(expected);
  });

  test('act after the answer and for less long as learning goes on', () => {
    const options = cueOptions.parse({ trials: 601, learn: 601 });
    const spans: number[] = [];
    const context: TaskContext<CueOptions> = {
      options,
      tickMilliseconds: 1,
      ticks: (milliseconds) => milliseconds,
      now: () => 0,
      population: () => ({ size: cueTask.lines, unit: (n) => n }),
      draws: drawsOf(1),
      report: () => undefined,
    };
    const game = playCues(context);
    const outcome: StepOutcome = {
      count: 0,
      ticks: new Uint32Array(0),
      units: new Uint32Array(0),
      membranes: () => Float64Array.of(0.1, 0.2),
      weights: () => expect.unreachable('no weights are asked for'),
    };
    let ran = 0;
    for (let next = game.next(); !next.done; next = game.next(outcome)) {
      const { rewards = [], run } = next.value;
      if (rewards.length > 0) {
        expect(ran).toBe(cueTask.recallFrom + options.judge);
        const gate = rewards.filter(({ modulator }) => modulator === 'teach');
        expect(gate.map(({ value }) => value)).toEqual([1, -1]);
        spans.push(gate[1]!.in - gate[0]!.in + 1);
        for (const name of ['teach', 'error[0]', 'error[1]'])
          expect(
            rewards.filter(({ modulator }) => modulator === name).reduce((sum, { value }) => sum + value, 0),
          ).toBe(0);
      }
      ran = run === 1 ? 0 : ran + run;
    }
    // 70 ms, at trial 600 half of it.
    expect([spans[0], spans[600]]).toEqual([70, 35]);
  });
});
