import { expect, test } from 'vitest';
import { ChipClock } from '../chip/clock.js';
import { type TransferResult, UsbBus } from './bus.js';
import { frameNanos, type UsbFunction, type UsbReply } from './wire.js';

/** A device that answers as it is told, and a clock that runs on request. */
class Bench implements UsbFunction {
  attached = true;
  readonly log: string[] = [];
  replies: UsbReply[] = [];
  always: UsbReply = { kind: 'nak' };
  onFrame = () => {};
  readonly clock = new ChipClock();
  readonly bus: UsbBus;

  constructor() {
    const core = { cycles: 0 };
    this.clock.attach(core as never);
    this.clock.setFrequency(1e9);
    this.bus = new UsbBus(this, this.clock, (text) => {
      throw new Error(text);
    });
  }

  busReset(): void {}
  startOfFrame(): void {
    this.log.push('frame');
  }
  setup(_: number, packet: Uint8Array): boolean {
    this.log.push(`setup ${[...packet].join(' ')}`);
    return true;
  }
  in(address: number, endpoint: number): UsbReply {
    this.log.push(`in ${address}.${endpoint}`);
    return this.replies.shift() ?? this.always;
  }
  out(address: number, endpoint: number, pid: 0 | 1, bytes: Uint8Array): UsbReply {
    this.log.push(`out ${address}.${endpoint} DATA${pid} ${bytes.length}`);
    return this.replies.shift() ?? this.always;
  }
  peek(): number | null {
    const next = this.replies[0] ?? this.always;
    return next.kind === 'data' ? next.bytes.length : null;
  }
}

const data = (pid: 0 | 1, length: number): UsbReply => ({
  kind: 'data',
  pid,
  bytes: new Uint8Array(length).fill(7),
});
const ack: UsbReply = { kind: 'ack' };

test('nineteen full packets fit into a frame', () => {
  const bench = new Bench();
  bench.always = ack;
  const frames = 50;
  bench.bus.pipe(2, false).send(new Uint8Array(64 * 2000), () => {});
  bench.clock.pass(frames * frameNanos);
  expect(bench.log.length).toBe(19 * frames);
});

test('two pipes share the bus in turns', () => {
  const bench = new Bench();
  bench.always = ack;
  for (const endpoint of [2, 3]) bench.bus.pipe(endpoint, false).send(new Uint8Array(64 * 5), () => {});
  bench.clock.pass(frameNanos);
  const order = bench.log.map((line) => line.split(' ')[1]);
  expect(order).toEqual(['0.2', '0.3', '0.2', '0.3', '0.2', '0.3', '0.2', '0.3', '0.2', '0.3']);
});

test('packets out alternate their data bit, and a refused one is sent again with the same', () => {
  const bench = new Bench();
  let result: TransferResult | null = null;
  bench.replies = [ack, { kind: 'nak' }, ack, ack];
  bench.bus.pipe(2, false).send(new Uint8Array(130), (outcome) => {
    result = outcome;
  });
  bench.clock.pass(frameNanos);
  expect(bench.log).toEqual(['out 0.2 DATA0 64', 'out 0.2 DATA1 64']);
  expect(result).toBeNull();
  // Nothing is polled while the device has not changed; then the packet goes out again.
  bench.bus.wake(2, false);
  bench.clock.pass(frameNanos);
  expect(bench.log.slice(2)).toEqual(['out 0.2 DATA1 64', 'out 0.2 DATA0 2']);
  expect(result).toMatchObject({ status: 'ok', sent: 130 });
});

test('a transfer in ends with a short packet, and with its length', () => {
  const bench = new Bench();
  const results: TransferResult[] = [];
  bench.replies = [data(0, 64), data(1, 10), data(0, 64), data(1, 64), data(0, 0)];
  for (const length of [256, 128, 64])
    bench.bus.pipe(2, true).receive(length, (result) => results.push(result));
  bench.clock.pass(frameNanos);
  expect(results.map(({ status, data: bytes }) => [status, bytes.length])).toEqual([
    ['ok', 74],
    ['ok', 128],
    ['ok', 0],
  ]);
});

test('more than was asked for is babble; a stall ends one transfer', () => {
  const bench = new Bench();
  const results: string[] = [];
  bench.replies = [data(0, 64), { kind: 'stall' }, data(1, 3)];
  for (let n = 0; n < 3; n++)
    bench.bus.pipe(2, true).receive(n === 0 ? 32 : 64, ({ status }) => results.push(status));
  bench.clock.pass(frameNanos);
  expect(results).toEqual(['babble', 'stall', 'ok']);
});

test('a wrong data bit and a silent endpoint are faults', () => {
  const wrong = new Bench();
  wrong.replies = [data(1, 8)];
  wrong.bus.pipe(2, true).receive(64, () => {});
  expect(() => wrong.clock.pass(frameNanos)).toThrow('endpoint 2 IN sends DATA1 where DATA0 is due');
  const silent = new Bench();
  silent.always = { kind: 'none' };
  silent.bus.pipe(3, false).send(new Uint8Array(1), () => {});
  expect(() => silent.clock.pass(frameNanos)).toThrow(
    'endpoint 3 OUT of the active configuration does not answer',
  );
});

test('requests have their stages', () => {
  const bench = new Bench();
  const results: TransferResult[] = [];
  const request = {
    requestType: 0x80,
    request: 6,
    value: 0x0100,
    index: 0,
    length: 100,
    data: new Uint8Array(0),
  };
  bench.replies = [data(1, 64), data(0, 36), ack, ack, data(1, 0), { kind: 'stall' }];
  bench.bus.control(request, (result) => results.push(result));
  bench.bus.control(
    { ...request, requestType: 0x21, request: 0x20, length: 0, data: new Uint8Array(7) },
    (result) => results.push(result),
  );
  bench.bus.control({ ...request, requestType: 0x00, request: 9, length: 0 }, (result) =>
    results.push(result),
  );
  bench.clock.pass(5 * frameNanos);
  expect(results.map(({ status, data: bytes, sent }) => [status, bytes.length, sent])).toEqual([
    ['ok', 100, 0],
    ['ok', 0, 7],
    ['stall', 0, 0],
  ]);
  expect(bench.log).toEqual([
    'setup 128 6 0 1 0 0 100 0',
    'in 0.0',
    'in 0.0',
    'out 0.0 DATA1 0',
    'setup 33 32 0 1 0 0 7 0',
    'out 0.0 DATA1 7',
    'in 0.0',
    'setup 0 9 0 1 0 0 0 0',
    'in 0.0',
  ]);
});

test('frames are told to a device that wants them, on the millisecond', () => {
  const bench = new Bench();
  bench.clock.pass(0.5 * frameNanos);
  bench.bus.wantFrames(true);
  bench.clock.pass(3 * frameNanos);
  expect(bench.log).toEqual(['frame', 'frame', 'frame']);
  bench.bus.wantFrames(false);
  bench.clock.pass(3 * frameNanos);
  expect(bench.log.length).toBe(3);
});

test('a device that leaves ends what is under way', () => {
  const bench = new Bench();
  const results: string[] = [];
  bench.bus.pipe(2, true).receive(64, ({ status }) => results.push(status));
  bench.bus.control(
    { requestType: 0x80, request: 6, value: 0, index: 0, length: 8, data: new Uint8Array(0) },
    ({ status }) => results.push(status),
  );
  bench.clock.pass(0.5 * frameNanos);
  bench.bus.end();
  expect(results.sort()).toEqual(['gone', 'gone']);
});
