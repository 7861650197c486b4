import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { servePty } from '../../emulator/board/serve-pty.js';
import { VirtualBoard } from '../../emulator/board/virtual-board.js';
import { compile } from '../compiler/compile.js';
import { loadTarget } from '../compiler/load-target.js';
import { network } from '../network/builder.js';
import { resolveNetwork } from '../network/resolve.js';
import { Board } from './board.js';
import { target } from './board.testing.js';
import { inProcess } from './in-process.js';
import type { SpikeBatch } from './run-output.js';
import { openSerial } from './serial.js';
import { unevenLine } from './uneven-line.testing.js';

const lines = 300;
const image = echoImage();

/** Input lines whose spikes leave the board again in the same tick. */
function echoImage(): Uint8Array {
  const net = network({ name: 'echo', tick: '1 ms', seed: 1 });
  const input = net.input('input', lines);
  net.project(input, net.readout('sink', { size: 1, tauMembrane: '20 ms' }), { weight: 0.001 });
  net.probe('out', input, 'spikes');
  return compile(resolveNetwork(net.build()), loadTarget('pico')).image;
}

type Spike = readonly [tick: number, unit: number];

/** What comes back of spikes that were sent: each once, by tick, then by unit. */
function echoOf(sent: readonly Spike[]): Spike[] {
  const once = new Map(sent.map(([tick, unit]) => [tick * lines + unit, [tick, unit] as const]));
  return [...once].sort(([a], [b]) => a - b).map(([, spike]) => spike);
}

const spikesOf = ({ ticks, units }: SpikeBatch): Spike[] => Array.from(ticks, (tick, n) => [tick, units[n]!]);

async function send(board: Board, spikes: readonly Spike[]): Promise<void> {
  await board.sendSpikes(
    spikes.map(([tick]) => tick),
    spikes.map(([, unit]) => unit),
  );
}

const spikes = fc.array(
  fc.tuple(fc.oneof({ weight: 3, arbitrary: fc.nat(3) }, fc.nat(499)), fc.nat(lines - 1)),
  { minLength: 1, maxLength: 4000, size: 'max' },
);

test('nothing is lost or reordered, however bytes are cut, whatever the windows, and however slowly spikes are taken', async () => {
  await fc.assert(
    fc.asyncProperty(
      spikes,
      fc.constantFrom(256, 1024, 4096),
      fc.constantFrom(600, 8192, 1 << 20),
      fc.array(
        fc.oneof(fc.nat(40), fc.nat(5000)).map((size) => size + 1),
        { minLength: 1, maxLength: 20 },
      ),
      fc.nat(4),
      fc.boolean(),
      async (sent, maxPayload, streamCapacity, sizes, turnsABatch, keepSpikes) => {
        const device = new VirtualBoard({ target, maxPayload, streamCapacity });
        const board = await Board.connect(unevenLine(inProcess(device), [...sizes, 3000]));
        await board.load(image);
        const taken: Spike[] = [];
        const stream = board.spikes();
        const taking = (async () => {
          for await (const batch of stream) {
            taken.push(...spikesOf(batch));
            for (let n = 0; n < turnsABatch; n++) await turn();
          }
        })();
        const half = sent.length >>> 1;
        await Promise.all([send(board, sent.slice(0, half)), send(board, sent.slice(half))]);
        const result = await board.run(500, { keepSpikes });
        // All has come; what has not been taken yet is.
        while (taken.length < result.done.spikesOut) await turn();
        await stream.return?.();
        await taking;
        expect(taken).toEqual(echoOf(sent));
        expect(spikesOf(result.spikes)).toEqual(keepSpikes ? taken : []);
        await board.close();
      },
    ),
    { numRuns: 40 },
  );
}, 60_000);

test('through a pseudo-terminal, while the next spikes are sent and a slow reader holds the board back', async () => {
  const served = await servePty(new VirtualBoard({ target, streamCapacity: 1 << 14 }));
  const board = await Board.connect(await openSerial(served.path));
  await board.load(image);
  const perTick = 100;
  const batch = (from: number): Spike[] =>
    Array.from({ length: 20_000 }, (_, n) => [from + Math.floor(n / perTick), (n % perTick) * 3]);
  const stream = board.spikes();
  const taken: Spike[] = [];
  const taking = (async () => {
    for await (const one of stream) {
      taken.push(...spikesOf(one));
      await turn();
    }
  })();
  const sent: Spike[] = [];
  let next = batch(0);
  await send(board, next);
  for (let n = 0; n < 5; n++) {
    sent.push(...next);
    const running = board.run(200);
    next = batch(200 * (n + 1));
    await send(board, next);
    const { spikes: came } = await running;
    expect(spikesOf(came)).toEqual(sent.slice(-came.count));
    expect(came.count).toBe(20_000);
  }
  while (taken.length < sent.length) await turn();
  await stream.return?.();
  await taking;
  expect(taken).toEqual(sent);
  await board.close();
  await served.close();
}, 60_000);
