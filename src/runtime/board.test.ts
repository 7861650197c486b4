import { describe, expect, test, vi } from 'vitest';
import { VirtualBoard } from '../../emulator/board/virtual-board.js';
import { Machine } from '../../emulator/core/machine.js';
import { loadTarget } from '../compiler/load-target.js';
import { boardWide, variableCodes } from '../image/layout.js';
import { readImage } from '../image/read.js';
import { Board } from './board.js';
import {
  expected,
  feed,
  inputFor,
  inputs,
  learningImage,
  openBoard,
  spikePairs,
  target,
} from './board.testing.js';
import { inProcess } from './in-process.js';

const image = learningImage();

describe('running', () => {
  test('hashes, spikes and probes are those of the machine', async () => {
    const { hashes, spikes, machine } = expected(image, 300);
    const board = await openBoard(image);
    await feed(board, 0, 300);
    const result = await board.run(300, { hashEvery: 1, hash: true });
    expect(result.hashes.map(({ hash }) => hash)).toEqual(hashes);
    expect(spikePairs(result.spikes)).toEqual(spikes);
    expect(spikes.length).toBeGreaterThan(100);
    expect([result.from, result.to, board.tick, result.complete]).toEqual([0, 300, 300, true]);
    expect(result.done.hash).toBe(machine.stateHash());
    expect(result.probes.get(0)!.map(({ tick }) => tick)).toEqual([...Array(12).keys()].map((n) => n * 25));
    await board.close();
  });

  test('many short runs are one long one', async () => {
    const { hashes, spikes } = expected(image, 100);
    const board = await openBoard(image);
    const came: number[][] = [];
    for (let tick = 0; tick < 100; tick++) {
      await feed(board, tick, tick + 1);
      came.push(...spikePairs((await board.step()).spikes));
    }
    expect(await board.stateHash()).toBe(hashes[99]);
    expect(came).toEqual(spikes);
    await board.close();
  });

  test('a request, a run and its input may be under way together', async () => {
    const { hashes } = expected(image, 50);
    const board = await openBoard(image);
    void feed(board, 0, 50);
    const { to } = await board.run(50);
    expect([to, await board.stateHash()]).toEqual([50, hashes[49]]);
    await board.close();
  });

  test('input spikes may come in any order', async () => {
    const [a, b] = [await openBoard(image), await openBoard(image)];
    await a.sendSpikes([1, 5, 9, 9], [3, 2, 1, 4]);
    await b.sendSpikes([9, 1, 9, 5], [4, 3, 1, 2]);
    await Promise.all([a.run(20), b.run(20)]);
    expect(await a.stateHash()).toBe(await b.stateHash());
    await Promise.all([a.close(), b.close()]);
  });

  test('a real-time run takes late events at the next tick and counts them', async () => {
    const board = await openBoard(image);
    const running = board.runRealtime({ tickMicroseconds: 500 });
    await new Promise((resolve) => setTimeout(resolve, 40));
    await board.sendSpikes([0, 0, 0xffff], [1, 2, 3]);
    await new Promise((resolve) => setTimeout(resolve, 40));
    await board.stop();
    const { done, to } = await running;
    expect(done.lateEvents).toBe(2);
    expect(to).toBeGreaterThan(20);
    expect((await board.statistics()).spikesIn).toBe(2);
    await board.close();
  });

  test('a probe that was set gives samples of what was asked, also wider than a frame', async () => {
    const device = new VirtualBoard({ target, maxPayload: 256 });
    const board = await openBoard(image, device);
    const synapses = readImage(image).cores[0]!.core.synapseCount;
    await board.clearProbe(0xffff);
    await board.probe(7, {
      core: 0,
      variable: variableCodes.weight,
      first: 0,
      count: synapses,
      everyTicks: 10,
    });
    await feed(board, 0, 31);
    const { probes } = await board.run(31);
    const samples = probes.get(7)!;
    expect([...probes.keys()]).toEqual([7]);
    expect(samples.map(({ tick }) => tick)).toEqual([0, 10, 20, 30]);
    expect(synapses).toBeGreaterThan(200);
    expect(samples.at(-1)!.values).toEqual(await board.readState(0, variableCodes.weight, 0, synapses));
    await board.close();
  });
});

test('a machine that fails in mid-run ends the run with a typed error, and the board still answers', async () => {
  const board = await openBoard(image);
  const failing = vi.spyOn(Machine.prototype, 'run').mockImplementation(() => {
    throw new Error('broken on purpose');
  });
  try {
    await expect(board.run(10)).rejects.toMatchObject({ code: 'E0704', context: { wireError: 'FAULT' } });
  } finally {
    failing.mockRestore();
  }
  expect((await board.run(10)).to).toBe(10);
  await board.close();
});

describe('state', () => {
  test('a checkpoint goes on bit for bit in another board', async () => {
    const { hashes } = expected(image, 400);
    const [a, b] = [await openBoard(image), await openBoard(image)];
    await feed(a, 0, 170);
    await a.run(170);
    await b.restore(await a.checkpoint());
    expect(b.tick).toBe(170);
    await feed(b, 170, 400);
    const { hashes: later } = await b.run(230, { hashEvery: 1 });
    expect(later.map(({ hash }) => hash)).toEqual(hashes.slice(170));
    await Promise.all([a.close(), b.close()]);
  });

  test('a checkpoint of another image, or a damaged one, is refused and changes nothing', async () => {
    const [a, b] = [await openBoard(image), await openBoard(learningImage(2))];
    await a.run(10);
    const bytes = await a.checkpoint();
    const before = await b.stateHash();
    await expect(b.restore(bytes)).rejects.toMatchObject({ code: 'E0707' });
    const damaged = bytes.slice();
    damaged[damaged.length >> 1]! ^= 1;
    await expect(a.restore(damaged)).rejects.toMatchObject({ code: 'E0707' });
    expect([a.tick, await b.stateHash()]).toEqual([10, before]);
    await Promise.all([a.close(), b.close()]);
  });

  test('reset gives the state of the image', async () => {
    const board = await openBoard(image);
    const before = await board.stateHash();
    await feed(board, 0, 50);
    await board.run(50);
    expect(await board.stateHash()).not.toBe(before);
    await board.reset();
    expect([board.tick, await board.stateHash()]).toEqual([0, before]);
    await board.close();
  });

  test('state that was written is read back; what cannot be is refused', async () => {
    const board = await openBoard(image);
    await board.writeState(0, variableCodes.v, 2, Int32Array.of(5, -6, 7));
    expect([...(await board.readState(0, variableCodes.v, 1, 5))]).toEqual([0, 5, -6, 7, 0]);
    const outside = board.readState(0, variableCodes.v, 0, 10_000);
    await expect(outside).rejects.toMatchObject({ code: 'E0704', context: { wireError: 'OUT_OF_RANGE' } });
    const tooLarge = board.writeState(0, variableCodes.v, 0, Int32Array.of(2 ** 30));
    await expect(tooLarge).rejects.toMatchObject({ code: 'E0704', context: { wireError: 'BAD_VALUE' } });
    await board.close();
  });

  test('weights come in membrane units, in order of neurons', async () => {
    const board = await openBoard(image);
    const plastic = await board.readWeights('in-act');
    expect(plastic.values.length).toBe(inputs * 10);
    expect([...plastic.pre.slice(9, 12)]).toEqual([0, 1, 1]);
    expect([...plastic.post.slice(9, 12)]).toEqual([9, 0, 1]);
    for (const value of plastic.values) expect(value).toBeCloseTo(0.25, 2);
    for (const value of plastic.fine!) expect(value).toBeCloseTo(0.25, 2);
    expect((await board.readWeights('act-out')).fine).toBeUndefined();
    for (const value of (await board.readWeights('act-out')).values) expect(value).toBeCloseTo(0.5, 2);
    await feed(board, 0, 400);
    await board.run(400);
    const learnt = await board.readWeights('in-act');
    const step = 2 ** board.image.host.projections[0]!.exponent;
    learnt.fine!.forEach((fine, n) => {
      expect(learnt.values[n]).toBe(Math.floor(fine / step) * step);
    });
    expect(learnt.fine).not.toEqual(plastic.fine);
    const tags = (await board.readTags('in-act')).values;
    expect(tags.some((value) => value > 0)).toBe(true);
    await expect(board.readWeights('no-such')).rejects.toMatchObject({ code: 'E0804' });
    await board.close();
  });

  test('a reward arrives as its value', async () => {
    const board = await openBoard(image);
    await board.reward([{ tick: 0, channel: 0, value: 0.5 }]);
    await board.run(1);
    const [m] = await board.readState(boardWide, variableCodes.modulator, 0, 1);
    expect(m).toBeGreaterThan(0);
    for (const value of [2048, -2049, Number.NaN])
      await expect(board.reward([{ tick: 9, channel: 0, value }])).rejects.toMatchObject({ code: 'E0804' });
    await board.close();
  });
});

describe('loading', () => {
  test('an image for another target is refused before anything is sent', async () => {
    const board = await openBoard();
    const other = learningImage(1, loadTarget('manycore'));
    await expect(board.load(other)).rejects.toMatchObject({ code: 'E0705' });
    await expect(board.run(1)).rejects.toMatchObject({ context: { wireError: 'NO_IMAGE' } });
    await board.close();
  });

  test('a damaged image is refused', async () => {
    const board = await openBoard(image);
    const before = await board.stateHash();
    for (const at of [0, 5, 40, image.length >> 1, image.length - 1]) {
      const damaged = image.slice();
      damaged[at]! ^= 4;
      await expect(board.load(damaged)).rejects.toMatchObject({ code: /^E05/ });
    }
    await expect(board.load(image.slice(0, -1))).rejects.toMatchObject({ code: /^E05/ });
    expect(await board.stateHash()).toBe(before);
    await board.close();
  });

  test('skipSame leaves the state of the image that is loaded, and only of that one', async () => {
    const device = new VirtualBoard({ target });
    const first = await openBoard(image, device);
    await first.run(7);
    await first.close();
    const board = await Board.connect(inProcess(device));
    await board.load(image, { skipSame: true });
    expect(board.tick).toBe(7);
    const other = learningImage(2);
    await board.load(other, { skipSame: true });
    await board.load(image, { skipSame: true });
    expect(board.tick).toBe(0);
    expect(board.image.contentHash).toBe(readImage(image).contentHash);
    const fresh = await openBoard(image);
    await Promise.all([board.run(20), fresh.run(20)]);
    expect(await board.stateHash()).toBe(await fresh.stateHash());
    await Promise.all([board.close(), fresh.close()]);
  });

  test('progress rises to 1', async () => {
    const board = await openBoard();
    const shares: number[] = [];
    await board.load(image, { onProgress: (done) => shares.push(done) });
    expect(shares.at(-1)).toBe(1);
    expect([...shares].sort((a, b) => a - b)).toEqual(shares);
    await board.close();
  });

  test('an aborted upload goes on where it ended', async () => {
    const device = new VirtualBoard({ target, maxPayload: 256 });
    const board = await Board.connect(inProcess(device));
    const abort = new AbortController();
    const loading = board.load(image, {
      signal: abort.signal,
      onProgress: (done) => done > 0.6 && abort.abort(),
    });
    await expect(loading).rejects.toMatchObject({ code: 'E0708' });
    const shares: number[] = [];
    await board.load(image, { onProgress: (done) => shares.push(done) });
    expect(shares[0]).toBeGreaterThan(0.6);
    expect((await board.run(5)).to).toBe(5);
    await board.close();
  });
});

describe('refusals', () => {
  test('an event of the past names the tick; the session goes on', async () => {
    const board = await openBoard(image);
    await board.run(10);
    await expect(board.sendSpikes([9], [0])).rejects.toMatchObject({
      code: 'E0704',
      context: { wireError: 'TICK_PAST', detail: 10 },
    });
    await expect(board.sendSpikes([12], [inputs + 3])).rejects.toMatchObject({
      context: { wireError: 'UNKNOWN_UNIT', detail: inputs + 3 },
    });
    await expect(board.reward([{ tick: 12, channel: 3, value: 1 }])).rejects.toMatchObject({
      context: { wireError: 'UNKNOWN_CHANNEL' },
    });
    expect((await board.run(5)).to).toBe(15);
    await board.close();
  });

  test('a run does not start without its input', async () => {
    const board = await openBoard(image);
    await board.run(10);
    const sending = board.sendSpikes([3], [0]);
    const running = board.run(5);
    await expect(sending).rejects.toMatchObject({ context: { wireError: 'TICK_PAST' } });
    await expect(running).rejects.toMatchObject({ context: { wireError: 'SKIPPED' } });
    await board.ping();
    expect(board.tick).toBe(10);
    await board.close();
  });

  test('requests that were skipped behind a refused one are done in their order', async () => {
    const board = await openBoard(image);
    await board.run(10);
    const sending = board.sendSpikes([3], [0]);
    const settled = Promise.allSettled([
      sending,
      board.writeState(0, variableCodes.v, 0, Int32Array.of(1)),
      board.writeState(0, variableCodes.v, 0, Int32Array.of(2)),
      board.writeState(0, variableCodes.v, 0, Int32Array.of(3)),
    ]);
    expect((await settled).map(({ status }) => status)).toEqual([
      'rejected',
      'fulfilled',
      'fulfilled',
      'fulfilled',
    ]);
    expect([...(await board.readState(0, variableCodes.v, 0, 1))]).toEqual([3]);
    await board.close();
  });

  test('a second run while one is on is refused', async () => {
    const board = await openBoard(image);
    const first = board.run(2000);
    await expect(board.run(1)).rejects.toMatchObject({ code: 'E0704' });
    expect((await first).to).toBe(2000);
    await board.close();
  });

  test('after close everything is refused', async () => {
    const board = await openBoard(image);
    await board.close();
    await expect(board.run(1)).rejects.toMatchObject({ code: 'E0706' });
    await expect(board.stateHash()).rejects.toMatchObject({ code: 'E0706' });
  });
});

describe('aborting', () => {
  test('any request: E0708, and the session goes on', async () => {
    const board = await openBoard(image);
    const signal = AbortSignal.abort();
    const calls = [
      board.sendSpikes([0], [0], { signal }),
      board.reward([{ tick: 0, channel: 0, value: 1 }], { signal }),
      board.readWeights('in-act', { signal }),
      board.stateHash({ signal }),
    ];
    for (const call of calls) await expect(call).rejects.toMatchObject({ code: 'E0708' });
    const stop = new AbortController();
    // A request for data waits until nothing is in flight: it can still be taken back.
    const waiting = [board.stateHash(), board.readState(0, variableCodes.v, 0, 1, { signal: stop.signal })];
    stop.abort();
    await expect(waiting[1]).rejects.toMatchObject({ code: 'E0708' });
    await waiting[0];
    expect((await board.run(5)).done.spikesIn).toBe(0);
    await board.close();
  });

  test('a run ends after a whole tick and can be followed by another', async () => {
    const board = await openBoard(image);
    const abort = new AbortController();
    const running = board.run(10_000_000, { signal: abort.signal });
    setTimeout(() => abort.abort(), 30);
    await expect(running).rejects.toMatchObject({ code: 'E0708' });
    const { tick } = board;
    expect(tick).toBeGreaterThan(0);
    expect((await board.run(5)).to).toBe(tick + 5);
    await expect(board.run(5, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'E0708' });
    await board.close();
  });

  test('connecting', async () => {
    const device = new VirtualBoard({ target });
    const connecting = Board.connect(inProcess(device), { signal: AbortSignal.abort() });
    await expect(connecting).rejects.toMatchObject({ code: 'E0708' });
  });

  test('a run whose spikes nobody takes', async () => {
    const board = await openBoard(image);
    const spikes = board.spikes();
    const { ticks, units } = inputFor(0, 60_000);
    await board.sendSpikes(ticks, units);
    const abort = new AbortController();
    const running = board.run(10_000_000, { signal: abort.signal });
    const failed = expect(running).rejects.toMatchObject({ code: 'E0708' });
    // The board has stopped for want of credit once it makes no more ticks, even after a RESEND.
    for (let before = -1, now = 0; now !== before; ) {
      before = now;
      await new Promise((resolve) => setTimeout(resolve, 600));
      now = (await board.statistics()).ticks;
    }
    abort.abort();
    await failed;
    expect((await spikes.next()).value.count).toBeGreaterThan(0);
    await spikes.return?.();
    await board.close();
  });
});

describe('back-pressure', () => {
  test('in real time records without room are dropped and counted; the state is what it would be', async () => {
    const { machine } = expected(image, 6000);
    const board = await openBoard(image, new VirtualBoard({ target, streamCapacity: 512, maxPayload: 256 }));
    await board.clearProbe(0xffff);
    await feed(board, 0, 6000);
    const stream = board.spikes();
    const { complete, done, spikes } = await board.runRealtime({
      ticks: 6000,
      tickMicroseconds: 100,
      hash: true,
    });
    expect(complete).toBe(false);
    expect(done.droppedRecords).toBeGreaterThan(0);
    expect(spikes.count + done.droppedRecords).toBe(done.spikesOut);
    expect([done.lateEvents, done.hash]).toEqual([0, machine.stateHash()]);
    await stream.return?.();
    await board.close();
  });

  test('a slow reader loses nothing, and the board waits for it', async () => {
    const { spikes } = expected(image, 3000);
    const board = await openBoard(image, new VirtualBoard({ target, streamCapacity: 4096, maxPayload: 256 }));
    await feed(board, 0, 3000);
    const stream = board.spikes();
    const running = board.run(3000);
    const came: number[][] = [];
    for await (const batch of stream) {
      came.push(...spikePairs(batch));
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (came.length >= spikes.length) break;
    }
    expect(came).toEqual(spikes);
    expect(spikePairs((await running).spikes)).toEqual(spikes);
    await board.close();
  });
});
