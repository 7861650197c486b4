import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { VirtualBoard } from '../../emulator/board/virtual-board.js';
import { isEngramError } from '../errors/engram-error.js';
import { Board } from './board.js';
import { expected, feed, learningImage, spikePairs, target } from './board.testing.js';
import { faulty, noFaults } from './faults.testing.js';
import { inProcess } from './in-process.js';

const image = learningImage();
const { hashes, spikes } = expected(image, 200);

/** Time-outs in fast motion: the link's clock runs 100 times as fast as the computer's. */
const real = globalThis.setTimeout;
let clock: { stop: boolean };
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  const mine = { stop: false };
  clock = mine;
  const advance = () => {
    if (mine.stop) return;
    vi.advanceTimersByTime(100);
    real(advance, 1);
  };
  advance();
});
afterEach(() => {
  clock.stop = true;
  vi.useRealTimers();
});

/** Loads, runs in parts, and gives all that can be compared. */
async function wholeSession(board: Board) {
  const came: number[][] = [];
  const hashesCame: number[] = [];
  await board.load(image);
  for (let tick = 0; tick < 200; tick += 40) {
    await feed(board, tick, tick + 40);
    const result = await board.run(40, { hashEvery: 1 });
    came.push(...spikePairs(result.spikes));
    hashesCame.push(...result.hashes.map(({ hash }) => hash));
  }
  return { came, hashesCame, last: await board.stateHash() };
}

describe('a bad line', () => {
  test('lost, doubled and damaged frames never change the result', async () => {
    let [done, given, faults] = [0, 0, 0];
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.constantFrom(256, 1024), async (seed, maxPayload) => {
        const device = new VirtualBoard({ target, maxPayload });
        const line = faulty(inProcess(device), seed, {
          drop: 0.015,
          duplicate: 0.03,
          corrupt: 0.015,
          split: 0.1,
        });
        let board: Board | null = null;
        try {
          board = await Board.connect(line);
          const { came, hashesCame, last } = await wholeSession(board);
          expect(hashesCame).toEqual(hashes);
          expect(came).toEqual(spikes);
          expect(last).toBe(hashes.at(-1));
          done++;
        } catch (error) {
          // Three losses of the same request in a row are a dead board to the host; anything else is a bug.
          if (!isEngramError(error, 'E0702')) throw error;
          given++;
        } finally {
          const { dropped, duplicated, corrupted } = line.counts;
          faults += dropped + duplicated + corrupted;
          await board?.close();
        }
      }),
      { numRuns: 25, seed: 7 },
    );
    expect(faults).toBeGreaterThan(100);
    expect(given).toBeLessThanOrEqual(done / 5);
  });

  test('a board that falls silent is given up with E0702, and nothing hangs', async () => {
    const line = faulty(inProcess(new VirtualBoard({ target })), 1, noFaults);
    const board = await Board.connect(line);
    await board.load(image);
    line.send = async () => {};
    await expect(board.run(10)).rejects.toMatchObject({ code: 'E0702' });
    await expect(board.stateHash()).rejects.toMatchObject({ code: 'E0702' });
    await board.close();
  });

  test('nothing that answers: E0702', async () => {
    const line = faulty(inProcess(new VirtualBoard({ target })), 1, { ...noFaults, drop: 1 });
    await expect(Board.connect(line)).rejects.toMatchObject({ code: 'E0702' });
  });
});

describe('a pulled cable', () => {
  test('in mid-run: E0701, and the run goes on over the next connection with the same hashes', async () => {
    const device = new VirtualBoard({ target, streamCapacity: 8192 });
    const ticks = 2000;
    const all = expected(image, ticks);
    const line = faulty(inProcess(device), 1, noFaults);
    const board = await Board.connect(line);
    await board.load(image);
    await feed(board, 0, ticks);
    line.cutAfter = 12;
    const running = board.run(ticks, { hashEvery: 1 });
    await expect(running).rejects.toMatchObject({ code: 'E0701', context: { resumable: true } });
    await expect(board.stateHash()).rejects.toMatchObject({ code: 'E0701' });
    const result = await board.resume(inProcess(device));
    expect(result!.hashes.map(({ hash }) => hash)).toEqual(all.hashes);
    expect(spikePairs(result!.spikes)).toEqual(all.spikes);
    expect(board.tick).toBe(ticks);
    expect(await board.stateHash()).toBe(all.hashes.at(-1));
    await board.close();
  });

  test('before the board has heard of the run: resuming says that it never began', async () => {
    const device = new VirtualBoard({ target });
    const line = faulty(inProcess(device), 1, noFaults);
    const board = await Board.connect(line);
    await board.load(image);
    line.send = async () => {};
    const running = board.run(10);
    line.cut();
    await expect(running).rejects.toMatchObject({ code: 'E0701' });
    expect(await board.resume(inProcess(device))).toBeNull();
    expect((await board.run(10)).to).toBe(10);
    await board.close();
  });

  test('in mid-upload: the next session sends the rest only', async () => {
    const device = new VirtualBoard({ target, maxPayload: 256 });
    const line = faulty(inProcess(device), 1, noFaults);
    const board = await Board.connect(line);
    const send = line.send.bind(line);
    let left = 0.6 * image.length;
    line.send = async (bytes) => {
      await send(bytes.subarray(0, left));
      left -= bytes.length;
      if (left <= 0) line.cut();
    };
    const loading = board.load(image);
    await expect(loading).rejects.toMatchObject({ code: 'E0701' });
    const next = await Board.connect(inProcess(device));
    const shares: number[] = [];
    await next.load(image, { onProgress: (done) => shares.push(done) });
    expect(shares[0]).toBeGreaterThan(0.4);
    const { hashes: after } = await next.run(1, { hashEvery: 1 });
    expect(after).toHaveLength(1);
    await next.close();
  });

  test('a new host ends the run of one that vanished', async () => {
    const device = new VirtualBoard({ target });
    const line = faulty(inProcess(device), 1, noFaults);
    const gone = await Board.connect(line);
    await gone.load(image);
    const running = gone.run(10_000_000);
    running.catch(() => {});
    real(() => line.cut(), 20);
    await expect(running).rejects.toMatchObject({ code: 'E0701' });
    const board = await Board.connect(inProcess(device));
    await board.load(image);
    await feed(board, 0, 200);
    await board.run(200);
    expect(await board.stateHash()).toBe(hashes.at(-1));
    await board.close();
  });

  test('a session that the board has forgotten cannot be resumed', async () => {
    const device = new VirtualBoard({ target });
    const line = faulty(inProcess(device), 1, noFaults);
    const board = await Board.connect(line);
    await board.load(image);
    line.cut();
    const other = await Board.connect(inProcess(device));
    await expect(board.resume(inProcess(device))).rejects.toMatchObject({
      code: 'E0701',
      context: { resumable: false },
    });
    await other.close();
  });
});
