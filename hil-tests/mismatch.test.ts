import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadTarget } from '../src/compiler/load-target.js';
import { blockFlags, variableCodes } from '../src/image/layout.js';
import { virtualKind } from '../src/runtime/virtual-board-kind.js';
import { startedDevice, type TestDevice } from './framework/device.js';
import { type Fault, faultyDevice } from './framework/faulty-board.testing.js';
import { quick } from './framework/options.js';
import { runSuites } from './framework/run-suites.js';
import type { CaseResult, HilCase } from './framework/suite.js';
import { Pair } from './lockstep/pair.js';
import { compileFor } from './networks/for-target.js';
import { practiceNetwork, practiceSpikes } from './networks/practice.js';
import { readReplay } from './replay/replay.js';
import { runReplay } from './replay/run-replay.js';
import { emptyScript } from './replay/script.js';

const pico = loadTarget('pico');
const practice = compileFor(pico, practiceNetwork());
const { firstNeuron, firstUnit } = practice.image.cores[0]!.neuronGroups[0]!;
const plastic = practice.image.cores[0]!.blocks.find(({ flags }) => flags & blockFlags.plastic)!;
const ticks = 384;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'engram-replay-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The practice network for some ticks, with hashes this far apart. */
function practiceCase(hashEvery: number): HilCase {
  return {
    name: 'practice',
    async run(context) {
      const board = await context.board();
      const pair = await Pair.start({ board, test: practice, ...context.limits, hashEvery });
      const { ticks: at, units } = practiceSpikes(0, ticks);
      const spikes = at.flatMap((tick, n) => [tick, units[n]!]);
      await pair.play({ ...emptyScript, spikes }, ticks);
    },
  };
}

async function resultOn(device: TestDevice, hashEvery: number): Promise<CaseResult> {
  const suite = { name: 'one', title: '', cases: [practiceCase(hashEvery)] };
  const report = await runSuites(device, [suite], quick);
  return report.suites[0]!.cases[0]!;
}

/** Runs a result's replay from its file, as the command does. */
async function replayed({ replay }: CaseResult, device: TestDevice) {
  const path = join(folder, 'replay.json');
  await writeFile(path, JSON.stringify(replay));
  return runReplay(device, await readReplay(path));
}

/** The voltage is the last: a neuron forgets it when it spikes, and no later hash would show that it was wrong. */
const faults: readonly (readonly [string, Fault, string])[] = [
  [
    'a membrane voltage',
    { tick: 383, core: 0, variable: variableCodes.v, index: firstNeuron + 3, flip: 1 << 14 },
    `unit ${firstUnit + 3} (act[3]), V`,
  ],
  [
    'a weight',
    {
      tick: 251,
      core: 0,
      variable: variableCodes.weight,
      index: plastic.firstSynapse + 10 * 7 + 3,
      flip: 256,
    },
    `unit ${firstUnit + 3} (input[7] → act[3] of input-act), W`,
  ],
  [
    'a tag',
    { tick: 0, core: 0, variable: variableCodes.tag, index: plastic.firstSynapse + 21, flip: 4 },
    `unit ${firstUnit + 1} (input[2] → act[1] of input-act), T`,
  ],
  [
    'a modulator',
    { tick: 370, core: 0xffff, variable: variableCodes.modulator, index: 0, flip: 2 },
    'board, reward, M',
  ],
];

describe.each([1, 64, 1024])('with a hash every %i ticks', (hashEvery) => {
  test.each(faults)('%s that flips is named by tick, unit and both values', async (_, fault, place) => {
    const result = await resultOn(faultyDevice(pico, fault), hashEvery);
    expect(result.outcome).toBe('failed');
    expect(result.code).toBe('E1002');
    expect(result.reason).toContain(`tick ${fault.tick}: `);
    expect(result.reason).toContain(place);
    expect(result.facts).toMatchObject({ tick: fault.tick, count: 1, rerun: 'from a checkpoint' });
    const [difference] = result.facts['differences'] as { board: number; emulator: number }[];
    expect(difference!.board ^ difference!.emulator).toBe(fault.flip);

    const again = await replayed(result, faultyDevice(pico, fault));
    expect(again).toMatchObject({ outcome: 'same difference', tick: fault.tick });
    const elsewhere = await replayed(result, faultyDevice(pico, { ...fault, flip: fault.flip * 2 }));
    expect(elsewhere).toMatchObject({ outcome: 'another difference', tick: fault.tick });
    const started = await virtualKind(pico).start();
    expect(await replayed(result, startedDevice('virtual', started))).toMatchObject({ outcome: 'agrees' });
  });
});

test('a fault that does not come again is reported with what is different later', async () => {
  const [, fault] = faults[1]!;
  const result = await resultOn(faultyDevice(pico, { ...fault, once: true }), 1);
  expect(result.facts).toMatchObject({ tick: fault.tick, rerun: 'not again' });
  expect(result.reason).toContain('did not do again');
  const { differences } = result.facts as { differences: { variable: string; where: string }[] };
  expect(differences).toContainEqual(
    expect.objectContaining({ variable: 'W', where: 'input[7] → act[3] of input-act' }),
  );
});

test('a file that is no replay is refused', async () => {
  const path = join(folder, 'other.json');
  for (const text of [
    '',
    '[]',
    '{"engram":1}',
    '{"engram":"replay","version":2}',
    '{"engram":"replay","version":1}',
  ]) {
    await writeFile(path, text);
    await expect(readReplay(path)).rejects.toMatchObject({ code: 'E1003' });
  }
  await expect(readReplay(join(folder, 'missing.json'))).rejects.toMatchObject({ code: 'E1003' });
});
