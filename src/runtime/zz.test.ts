import { expect, test } from 'vitest';
import { Machine } from '../../emulator/core/machine.js';
import { readImage } from '../image/read.js';
import { inputFor, learningImage, openBoard } from './board.testing.js';

const image = learningImage();
test('bench', async () => {
  const all = [] as ReturnType<typeof inputFor>[];
  for (let k = 0; k < 150; k++) all.push(inputFor(k * 500, k * 500 + 100));
  const machine = new Machine(readImage(image));
  let t = performance.now();
  for (const { ticks, units } of all) {
    for (let n = 0; n < ticks.length; n++) machine.addSpike(ticks[n]!, units[n]!);
    machine.run(500, () => {});
  }
  console.log('machine', performance.now() - t);
  const board = await openBoard(image);
  t = performance.now();
  for (const { ticks, units } of all) {
    await board.sendSpikes(ticks, units);
    await board.run(500);
  }
  console.log('board', performance.now() - t);
  expect(await board.stateHash()).toBe(machine.stateHash());
  t = performance.now();
  for (let k = 0; k < 2000; k++) await board.run(1);
  console.log('2000 steps', performance.now() - t);
  t = performance.now();
  await board.clearProbe(0xffff);
  await board.run(10000);
  console.log('100000 ticks run', performance.now() - t);
  t = performance.now();
  for (let k = 0; k < 10000; k++) machine.run(1);
  console.log('100000 ticks machine', performance.now() - t);
  await board.close();
});
