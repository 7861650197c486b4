import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frameLimits } from '../declaration/frame.js';
import { encodeFrame, type Frame } from './frame.js';
import { Outbox } from './outbox.js';
import { FrameParser } from './parser.js';

const frame: fc.Arbitrary<Frame> = fc.record({
  type: fc.nat(0xff),
  flags: fc.nat(0xff),
  sequence: fc.nat(0xffff),
  payload: fc.oneof(
    fc.uint8Array({ maxLength: frameLimits.largestMaxPayload, size: 'max' }),
    fc.nat(frameLimits.largestMaxPayload).map((length) => new Uint8Array(length)),
    fc.nat(frameLimits.largestMaxPayload).map((length) => new Uint8Array(length).fill(7)),
  ),
});

const join = (parts: readonly Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

describe('an outbox', () => {
  test('sends the bytes of encodeFrame, in order, however it is flushed; pieces that were sent stay as they are', () => {
    const steps = fc.array(fc.oneof(frame, fc.constant('flush' as const)), { maxLength: 40, size: 'max' });
    fc.assert(
      fc.property(steps, fc.constantFrom(0, 5000, 1 << 14, 1 << 20), (given, sendEarly) => {
        const pieces: Uint8Array[] = [];
        const copies: Uint8Array[] = [];
        const outbox = new Outbox((bytes) => {
          pieces.push(bytes);
          copies.push(bytes.slice());
        }, sendEarly);
        for (const step of given) step === 'flush' ? outbox.flush() : outbox.add(step);
        outbox.flush();
        const frames = given.filter((step) => step !== 'flush');
        expect(join(pieces)).toEqual(join(frames.map((one) => encodeFrame(one))));
        expect(pieces).toEqual(copies);
      }),
      { numRuns: 60 },
    );
  });

  test('what it sends, cut anywhere, is what the parser reads', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 12 }), fc.array(fc.nat(3000)), (frames, cuts) => {
        const pieces: Uint8Array[] = [];
        const outbox = new Outbox((bytes) => pieces.push(bytes));
        for (const one of frames) outbox.add(one);
        outbox.flush();
        const wire = join(pieces);
        const parser = new FrameParser();
        const read = [...cuts.map((cut) => cut % (wire.length + 1)), 0, wire.length]
          .sort((a, b) => a - b)
          .flatMap((cut, n, all) => parser.push(wire.subarray(all[n - 1] ?? 0, cut)));
        expect(read).toEqual(frames.map((one) => ({ kind: 'frame', ...one })));
      }),
      { numRuns: 60 },
    );
  });

  test.each([1 << 14, 1 << 20])(
    'loses nothing where its buffer ends, sending early at %i bytes',
    (sendEarly) => {
      const pieces: Uint8Array[] = [];
      const outbox = new Outbox((bytes) => pieces.push(bytes), sendEarly);
      const frames = Array.from({ length: 200 }, (_, sequence) => ({
        type: 1,
        flags: 0,
        sequence,
        payload: new Uint8Array(3001).fill(sequence),
      }));
      for (const one of frames) outbox.add(one);
      outbox.flush();
      const expected = Buffer.concat(frames.map((one) => encodeFrame(one)));
      expect(Buffer.concat(pieces).equals(expected)).toBe(true);
    },
  );

  test('sends one piece for many frames, and none when there is nothing', () => {
    let pieces = 0;
    const outbox = new Outbox(() => pieces++);
    outbox.flush();
    for (let sequence = 0; sequence < 100; sequence++)
      outbox.add({ type: 1, flags: 0, sequence, payload: new Uint8Array(20) });
    expect(pieces).toBe(0);
    outbox.flush();
    outbox.flush();
    expect(pieces).toBe(1);
  });

  test('refuses a payload larger than agreed', () => {
    const outbox = new Outbox(() => {});
    const payload = new Uint8Array(257);
    expect(() => outbox.add({ type: 1, flags: 0, sequence: 0, payload }, 256)).toThrow('257 bytes');
  });
});
