import { crc32 as nodeCrc32 } from 'node:zlib';
import { crc32 } from '@foxglove/crc';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frameLimits } from '../declaration/frame.js';
import { encodeFrame, type Frame, maxWireBytes } from './frame.js';
import { type FrameEvent, FrameParser } from './parser.js';

const frame: fc.Arbitrary<Frame> = fc.record({
  type: fc.nat(0xff),
  flags: fc.nat(0xff),
  sequence: fc.nat(0xffff),
  payload: fc.uint8Array({ maxLength: 600, size: 'max' }),
});

const join = (parts: readonly Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

function framesOf(events: readonly FrameEvent[]): Frame[] {
  return events.flatMap((event) => {
    if (event.kind !== 'frame') return [];
    const { kind: _kind, ...frame } = event;
    return [frame];
  });
}

function pushInChunks(parser: FrameParser, wire: Uint8Array, sizes: readonly number[]): FrameEvent[] {
  const events: FrameEvent[] = [];
  let at = 0;
  for (const size of sizes) {
    events.push(...parser.push(wire.subarray(at, at + size)));
    at += size;
  }
  return [...events, ...parser.push(wire.subarray(at))];
}

test('CRC-32 is that of zlib', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (data) => crc32(data) === nodeCrc32(data)));
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
});

describe('frames', () => {
  test('come back, however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(frame, { maxLength: 6 }),
        fc.array(fc.nat(50), { maxLength: 40 }),
        (frames, sizes) => {
          const wire = join(frames.map((one) => encodeFrame(one)));
          expect(framesOf(pushInChunks(new FrameParser(), wire, sizes))).toEqual(frames);
        },
      ),
    );
  });

  test('the cut of the bytes makes no difference, garbage included', () => {
    const piece = fc.oneof(
      frame.map((one) => encodeFrame(one)),
      fc.uint8Array({ maxLength: 400, size: 'max' }),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 6 }),
        fc.array(fc.nat(50), { maxLength: 40 }),
        (pieces, sizes) => {
          const wire = join(pieces);
          const whole = new FrameParser(300);
          const cut = new FrameParser(300);
          expect(pushInChunks(cut, wire, sizes)).toEqual(whole.push(wire));
          expect(cut.counters).toEqual(whole.counters);
        },
      ),
    );
  });

  test('the payload is a copy', () => {
    const wire = encodeFrame({ type: 1, flags: 0, sequence: 0, payload: Uint8Array.of(1, 2, 3) });
    const [event] = new FrameParser().push(wire);
    wire.fill(0xaa);
    expect(event).toMatchObject({ payload: Uint8Array.of(1, 2, 3) });
  });

  test('a payload larger than agreed is refused by the sender', () => {
    const payload = new Uint8Array(frameLimits.largestMaxPayload + 1);
    expect(() => encodeFrame({ type: 1, flags: 0, sequence: 0, payload })).toThrow('4097 bytes');
  });
});

describe('damage', () => {
  test('any flipped bit takes its frame and no other; in a delimiter the two beside it', () => {
    fc.assert(
      fc.property(
        fc.tuple(frame, frame, frame),
        fc.nat(),
        fc.nat(7),
        ([first, second, third], place, bit) => {
          const wires = [first, second, third].map((one) => encodeFrame(one));
          const damaged = wires[1]!;
          const at = place % damaged.length;
          damaged[at] = damaged[at]! ^ (1 << bit);
          const parser = new FrameParser();
          const survivors = at === damaged.length - 1 ? [first] : [first, third];
          expect(framesOf(parser.push(join(wires)))).toEqual(survivors);
          expect(parser.counters.frames).toBe(survivors.length);
          // A last frame shows that the parser is in step again.
          expect(framesOf(parser.push(encodeFrame(first)))).toEqual([first]);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('any lost byte of a frame takes that frame alone', () => {
    fc.assert(
      fc.property(frame, frame, fc.nat(), (first, second, place) => {
        const wire = encodeFrame(first);
        const at = place % (wire.length - 1);
        const short = Uint8Array.from([...wire.subarray(0, at), ...wire.subarray(at + 1)]);
        expect(framesOf(new FrameParser().push(join([short, encodeFrame(second)])))).toEqual([second]);
      }),
    );
  });

  test('garbage never costs a good frame that follows a delimiter, and is reported', () => {
    const garbage = fc.uint8Array({ maxLength: 900, size: 'max' });
    fc.assert(
      fc.property(fc.array(fc.tuple(garbage, frame), { minLength: 1, maxLength: 5 }), (pieces) => {
        const parser = new FrameParser(600);
        const wire = join(pieces.flatMap(([noise, one]) => [noise, Uint8Array.of(0), encodeFrame(one)]));
        const events = parser.push(wire);
        expect(framesOf(events)).toEqual(pieces.map(([, one]) => one));
        const lost = events.reduce((sum, event) => sum + (event.kind === 'discarded' ? event.bytes : 0), 0);
        const noiseBytes = pieces.reduce(
          (sum, [noise]) => sum + noise.filter((byte) => byte !== 0).length,
          0,
        );
        expect(lost).toBe(noiseBytes);
      }),
    );
  });

  test('endless garbage is one event of bounded memory, and the next frame is read', () => {
    const parser = new FrameParser(256);
    const noise = new Uint8Array(65_536).fill(0x55);
    for (let block = 0; block < 200; block++) expect(parser.push(noise)).toEqual([]);
    expect(parser.push(Uint8Array.of(0))).toEqual([
      { kind: 'discarded', reason: 'too-long', bytes: 200 * 65_536 },
    ]);
    expect(parser.counters).toMatchObject({ frames: 0, discarded: { 'too-long': 1 } });
    const good = { type: 3, flags: 0, sequence: 9, payload: new Uint8Array(256) };
    expect(framesOf(parser.push(encodeFrame(good)))).toEqual([good]);
  });

  test('repeated delimiters are no event', () => {
    expect(new FrameParser().push(new Uint8Array(5))).toEqual([]);
  });
});

describe('the size of a frame', () => {
  const sized = (payloadBytes: number, byte: number) =>
    encodeFrame({ type: 1, flags: 0, sequence: 0, payload: new Uint8Array(payloadBytes).fill(byte) });

  test.each([0, 1, 0xff])('is bounded by the payload, here of bytes %i', (byte) => {
    const parser = new FrameParser(256);
    expect(parser.push(sized(256, byte))).toMatchObject([{ kind: 'frame' }]);
    expect(parser.push(sized(257, byte))).toMatchObject([{ kind: 'discarded', reason: 'too-long' }]);
    expect(sized(256, byte).length).toBeLessThanOrEqual(maxWireBytes(256));
  });

  test('may change between frames and inside one', () => {
    const parser = new FrameParser(256);
    const wire = sized(256, 7);
    parser.push(wire.subarray(0, 100));
    parser.setMaxPayload(1024);
    expect(parser.push(wire.subarray(100))).toMatchObject([{ kind: 'frame' }]);
    expect(parser.push(sized(1024, 7))).toMatchObject([{ kind: 'frame' }]);
    parser.setMaxPayload(256);
    expect(parser.push(sized(257, 7))).toMatchObject([{ kind: 'discarded', reason: 'too-long' }]);
  });
});
