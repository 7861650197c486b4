import { expect, test } from 'vitest';
import { epropNetwork } from '../../hil-tests/networks/learning-core.js';
import { compile } from '../../src/compiler/compile.js';
import { loadTarget } from '../../src/compiler/load-target.js';
import { readImage } from '../../src/image/read.js';
import { resolveNetwork } from '../../src/network/resolve.js';
import { Board } from '../../src/runtime/board.js';
import { openVirtual } from '../../src/runtime/in-process.js';
import { Machine } from '../core/machine.js';
import { workerTeam } from './worker-team.js';

const target = loadTarget('manycore');
const { image: bytes } = compile(resolveNetwork(epropNetwork(4)), target, { cores: 2 });

/** Many ticks one by one, so that no quiet span is skipped. */
function oneByOne(machine: Machine, ticks: number): void {
  for (let tick = 0; tick < ticks; tick++) machine.run(1);
}

test('a machine that was closed refuses to run at once', () => {
  const machine = new Machine(readImage(bytes), { team: workerTeam(2) });
  oneByOne(machine, 5);
  machine.close();
  machine.close();
  expect(() => oneByOne(machine, 1)).toThrow(expect.objectContaining({ code: 'E0903' }));
}, 20_000);

test('threads end with the board that was opened for one connection', async () => {
  const machines: Machine[] = [];
  const transport = openVirtual({ id: target.id, name: target.name }, (image) => {
    const machine = new Machine(image, { team: workerTeam(2) });
    machines.push(machine);
    return machine;
  });
  const board = await Board.connect(transport);
  await board.load(bytes);
  await board.run(20);
  await board.load(bytes);
  await board.run(20);
  await board.close();
  for (const machine of machines)
    expect(() => oneByOne(machine, 1)).toThrow(expect.objectContaining({ code: 'E0903' }));
}, 20_000);

test('an image that no machine can be made for leaves the board with the one it had', async () => {
  let refuses = false;
  const transport = openVirtual({ id: target.id, name: target.name }, (image) => {
    if (refuses) throw new RangeError('no memory');
    return new Machine(image, { team: workerTeam(2) });
  });
  const board = await Board.connect(transport);
  await board.load(bytes);
  refuses = true;
  const other = compile(resolveNetwork(epropNetwork(5)), target, { cores: 2 }).image;
  await expect(board.load(other)).rejects.toThrow();
  await board.run(20);
  expect((await board.statistics()).ticks).toBe(20);
  await board.close();
}, 20_000);
