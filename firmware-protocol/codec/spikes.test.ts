import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { messages } from '../declaration/messages.js';
import { createDecoder } from './decode.js';
import { encodePayload } from './encode.js';
import { packSpikes, unpackSpikes } from './spikes.js';

const type = messages.SPIKES_OUT.id;

/** Pairs whose ticks never fall, with runs of one tick and leaps, and units on both sides of 65,536. */
const spikes = fc
  .record({
    first: fc.integer({ min: 0, max: 0xffff_0000 }),
    steps: fc.array(
      fc.tuple(
        fc.oneof(
          { weight: 6, arbitrary: fc.constant(0) },
          fc.nat(3),
          fc.constantFrom(65_535, 65_536, 70_000),
        ),
        fc.oneof(
          fc.nat(0xffff),
          fc.integer({ min: 0x1_0000, max: 0xffff_ffff }),
          fc.constantFrom(0xffff, 0x1_0000),
        ),
      ),
      { maxLength: 1500, size: 'max' },
    ),
  })
  .map(({ first, steps }) => {
    let tick = first;
    return Uint32Array.from(
      steps.flatMap(([step, unit]) => {
        tick = Math.min(tick + step, 0xffff_ffff);
        return [tick, unit];
      }),
    );
  });

function packAll(pairs: Uint32Array, maxPayload: number): Uint8Array[] {
  const payloads: Uint8Array[] = [];
  for (let at = 0; at < pairs.length; ) {
    const packed = packSpikes(pairs, at, pairs.length, maxPayload);
    expect(packed.next).toBeGreaterThan(at);
    expect(packed.payload.length).toBeLessThanOrEqual(maxPayload);
    payloads.push(packed.payload);
    at = packed.next;
  }
  return payloads;
}

describe('spike batches', () => {
  test('come back in their order, whatever the size of a payload', () => {
    fc.assert(
      fc.property(spikes, fc.constantFrom(14, 15, 17, 64, 256, 1024, 4096), (pairs, maxPayload) => {
        const back = packAll(pairs, maxPayload).flatMap((payload) => [
          ...(unpackSpikes({ type, payload }) as Uint32Array),
        ]);
        expect(back).toEqual([...pairs]);
      }),
    );
  });

  test('are what the general codec reads and writes', () => {
    const decoder = createDecoder();
    fc.assert(
      fc.property(spikes, (pairs) => {
        for (const payload of packAll(pairs, 1024)) {
          const message = decoder.decode({ type, payload });
          if (message.name !== 'SPIKES_OUT') throw new Error(message.name);
          const { baseTick, groups } = message.fields;
          const flat = groups.flatMap(({ tickOffset, narrow, wide }) =>
            [...narrow, ...wide].flatMap((unit) => [baseTick + tickOffset, unit]),
          );
          expect(flat).toEqual([...(unpackSpikes({ type, payload }) as Uint32Array)]);
          expect(encodePayload('SPIKES_OUT', message.fields)).toEqual(payload);
        }
      }),
    );
  });

  test('take two bytes a narrow spike and four a group', () => {
    const pairs = new Uint32Array(2 * 100).map((_, index) => (index % 2 === 0 ? 5 : index));
    expect(packSpikes(pairs, 0, pairs.length, 1024).payload.length).toBe(6 + 4 + 2 * 100);
  });

  test('none at all', () => {
    const { payload, next } = packSpikes(new Uint32Array(0), 0, 0, 256);
    expect(next).toBe(0);
    expect(unpackSpikes({ type, payload })).toEqual(new Uint32Array(0));
  });

  test('refuse falling ticks, on both ways', () => {
    expect(() => packSpikes(Uint32Array.of(5, 1, 4, 1), 0, 4, 256)).toThrow('spike of tick 4');
    const group = (tickOffset: number) => ({ tickOffset, narrow: [1], wide: [] });
    const falling = encodePayload('SPIKES_OUT', { baseTick: 0, groups: [group(2), group(1)] });
    expect(unpackSpikes({ type, payload: falling })).toMatchObject({ error: 'BAD_VALUE' });
    const beyond = encodePayload('SPIKES_OUT', { baseTick: 0xffff_ffff, groups: [group(1)] });
    expect(unpackSpikes({ type, payload: beyond })).toMatchObject({ error: 'BAD_VALUE' });
  });

  test('of any bytes are accepted only where the general codec accepts them', () => {
    const decoder = createDecoder();
    const counts = fc.uint8Array({ maxLength: 60 }).map((bytes) => bytes.map((byte) => byte & 3));
    fc.assert(
      fc.property(counts, (payload) => {
        const quick = unpackSpikes({ type, payload });
        const general = decoder.decode({ type, payload });
        const badLength = !(quick instanceof Uint32Array) && quick.error === 'BAD_LENGTH';
        expect(badLength).toBe(general.name === 'MALFORMED');
      }),
      { numRuns: 2000 },
    );
  });
});
