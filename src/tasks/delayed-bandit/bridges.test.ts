import { expect, test } from 'vitest';
import { compile } from '../../compiler/compile.js';
import { loadTarget } from '../../compiler/load-target.js';
import { boardWide, variableCodes } from '../../image/layout.js';
import { readImage } from '../../image/read.js';
import { resolveNetwork } from '../../network/resolve.js';
import { lastProportion } from '../learning-curve.js';
import { machineBoard } from '../machine-board.testing.js';
import { playTask } from '../play.js';
import { banditNetwork } from './network.js';
import { type BanditOptions, banditOptions } from './options.js';
import task from './task.js';

const trials = 150;

async function play(given: Partial<BanditOptions>) {
  const options = banditOptions.parse({ trials, delayMin: 10_000, delayMax: 10_000, ...given });
  const image = readImage(compile(resolveNetwork(banditNetwork(options)), loadTarget('pico')).image);
  const board = machineBoard(image);
  const played = await playTask(board, image, task, options, { seed: options.seed });
  return {
    machine: board.machine,
    proportion: lastProportion(
      played.map(({ correct }) => correct),
      trials / 3,
    ),
  };
}

test('replay at feedback bridges a delay of five tag time constants; the tag alone does not', async () => {
  const { machine, proportion } = await play({ replay: true });
  expect(proportion).toBeGreaterThanOrEqual(0.9);
  const [recorded, lost, replayed] = machine.read(boardWide, variableCodes.episode, 3, 3);
  expect([recorded, lost, replayed]).toEqual([trials, 0, trials]);
  expect((await play({})).proportion).toBeLessThan(0.7);
});

test('so does a choice memory, while the network without it stays at chance', async () => {
  const held = await play({ explore: 'lines', memory: 'held' });
  const without = await play({ explore: 'lines' });
  expect(held.proportion).toBeGreaterThan(0.75);
  expect(without.proportion).toBeLessThan(0.7);
});

test('memory and replay together learn: the memory keeps the choice, the replay brings back its context', async () => {
  // Six time constants of the tag; a longer delay differs by spikes of the held group alone.
  const late = { tag: 500, delayMin: 3000, delayMax: 3000 };
  const { machine, proportion } = await play({ ...late, explore: 'lines', memory: 'held', replay: true });
  expect(proportion).toBeGreaterThanOrEqual(0.9);
  const [recorded, lost, replayed] = machine.read(boardWide, variableCodes.episode, 3, 3);
  expect([recorded, lost, replayed]).toEqual([trials, 0, trials]);
});
