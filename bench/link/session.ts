import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { compile } from '../../src/compiler/compile.js';
import { loadTarget } from '../../src/compiler/load-target.js';
import type { NetworkDescription } from '../../src/network/description.js';
import { resolveNetwork } from '../../src/network/resolve.js';
import { Board } from '../../src/runtime/board.js';
import { openSerial } from '../../src/runtime/serial.js';
import { busyNetwork, relayNetwork } from '../pico/networks.js';
import type { Row } from '../rows.js';
import { median } from './median.js';
import { echoNetwork } from './network.js';
import { traffic } from './traffic.js';

const target = loadTarget('posix');
const goal = 300_000;
const lines = 1000;
/** Two of these wait in the board's queue at a time. */
const spikesPerBatch = 6000;
const milliseconds = 3000;
const roundTrips = 2000;

/** Spikes a second through a pseudo-terminal to a board in a process of its own, sustained, and round trips. */
export async function measureSession(kind: string): Promise<Row[]> {
  const { path, child } = await serve(kind);
  try {
    const board = await Board.connect(await openSerial(path));
    try {
      return (await measureBoard(board)).map((row) => ({ ...row, name: `${kind}/${row.name}` }));
    } finally {
      await board.close();
    }
  } finally {
    child.kill();
    await once(child, 'exit');
  }
}

/** A board on a pseudo-terminal, as users have it. */
async function serve(kind: string): Promise<{ path: string; child: ChildProcess }> {
  const main = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
  const words = [main, 'board', '--board', kind, '--target', target.name, '--pty', '--json', '--quiet'];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit').then(() => {
    throw new Error(`engram board --board ${kind} ended`);
  });
  const [line] = await Promise.race([once(createInterface(child.stdout), 'line'), ended]);
  return { path: JSON.parse(line).pty, child };
}

async function measureBoard(board: Board): Promise<Row[]> {
  const load = (network: NetworkDescription) => board.load(compile(resolveNetwork(network), target).image);
  const rows: Row[] = [];
  const rate = (name: string, value: number) =>
    rows.push({ name, value: Math.round(value), unit: 'spikes/s', goal: `>= ${goal}`, met: value >= goal });
  for (const perTick of [200, 10]) {
    await load(echoNetwork(lines));
    await board.selectSpikes(0xffff, false);
    rate(`in, ${perTick} a tick`, await flow(board, perTick, 0));
    await load(echoNetwork(lines));
    rate(`in and out again, ${perTick} a tick`, await flow(board, perTick, 1));
    await load(busyNetwork(perTick));
    rate(`out, ${perTick} a tick`, await flowOut(board, perTick));
  }
  const trip = async (name: string, work: (n: number) => Promise<unknown>) => {
    const times: number[] = [];
    for (let n = 0; n < roundTrips; n++) {
      const start = performance.now();
      await work(n);
      times.push(1000 * (performance.now() - start));
    }
    rows.push({ name, value: Math.round(median(times)), unit: 'µs', goal: null, met: null });
  };
  await trip('round trip of a request', () => board.ping());
  await load(relayNetwork(lines));
  await trip('closed loop: spike in, one tick, spike out', async (n) => {
    const [, { spikes }] = await Promise.all([board.sendSpikes([n], [n % lines]), board.run(1)]);
    if (spikes.count !== Math.min(n, 1)) throw new Error(`${spikes.count} spikes in tick ${n}`);
  });
  return rows;
}

/** Sends batch after batch, each while the one before runs; `copies` come back of each spike. */
async function flow(board: Board, perTick: number, copies: number): Promise<number> {
  const { ticks: offsets, units } = traffic('', spikesPerBatch, perTick, lines);
  const span = spikesPerBatch / perTick;
  const ticksFrom = (from: number) => offsets.map((tick) => from + tick);
  await board.clearStatistics();
  const start = performance.now();
  let [sent, came, end] = [0, 0, start];
  await board.sendSpikes(ticksFrom(board.tick), units);
  for (let from = board.tick + span; end - start < milliseconds; from += span) {
    const running = board.run(span);
    await board.sendSpikes(ticksFrom(from), units);
    came += (await running).spikes.count;
    sent += units.length;
    end = performance.now();
  }
  const { spikesIn } = await board.statistics();
  if (came !== copies * sent || spikesIn !== sent)
    throw new Error(`${sent} sent, ${spikesIn} arrived, ${came} came back`);
  return (1000 * sent) / (end - start);
}

async function flowOut(board: Board, perTick: number): Promise<number> {
  const span = Math.floor(100_000 / perTick);
  const start = performance.now();
  let [came, ticks, end] = [0, 0, start];
  while (end - start < milliseconds) {
    came += (await board.run(span)).spikes.count;
    ticks += span;
    end = performance.now();
  }
  if (came !== ticks * perTick) throw new Error(`${came} spikes in ${ticks} ticks of ${perTick}`);
  return (1000 * came) / (end - start);
}
