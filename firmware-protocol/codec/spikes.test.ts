import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { messages } from '../declaration/messages.js';
import { createDecoder } from './decode.js';
import { encodePayload } from './encode.js';
import { SpikeColumns } from './spike-columns.js';
import { packSpikes, unpackSpikes } from './spikes.js';

const type = messages.SPIKES_OUT.id;

interface Columns {
  readonly ticks: Uint32Array;
  readonly units: Uint32Array;
}

const columns = (pairs: readonly (readonly [tick: number, unit: number])[]): Columns => ({
  ticks: Uint32Array.from(pairs, ([tick]) => tick),
  units: Uint32Array.from(pairs, ([, unit]) => unit),
});

/** Spikes whose ticks never fall, with runs of one tick and leaps, and units on both sides of 65,536. */
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
    return columns(
      steps.map(([step, unit]) => {
        tick = Math.min(tick + step, 0xffff_ffff);
        return [tick, unit];
      }),
    );
  });

/** Packs into the middle of a buffer, whose other bytes must stay as they are. */
function pack({ ticks, units }: Columns, start: number, maxPayload: number) {
  const out = new Uint8Array(maxPayload + 10).fill(0xaa);
  const { length, next } = packSpikes(ticks, units, start, ticks.length, out, 5, maxPayload);
  expect(length).toBeLessThanOrEqual(maxPayload);
  expect([...out.subarray(0, 5), ...out.subarray(5 + maxPayload)]).toEqual(Array(10).fill(0xaa));
  return { payload: out.slice(5, 5 + length), next };
}

function packAll(all: Columns, maxPayload: number): Uint8Array[] {
  const payloads: Uint8Array[] = [];
  for (let at = 0; at < all.ticks.length; ) {
    const { payload, next } = pack(all, at, maxPayload);
    expect(next).toBeGreaterThan(at);
    payloads.push(payload);
    at = next;
  }
  return payloads;
}

function unpackAll(payloads: readonly Uint8Array[]): Columns {
  const list = new SpikeColumns(1);
  for (const payload of payloads) expect(unpackSpikes({ type, payload }, list)).toBeNull();
  return { ticks: list.ticks.slice(0, list.count), units: list.units.slice(0, list.count) };
}

describe('spike batches', () => {
  test('come back in their order, whatever the size of a payload', () => {
    fc.assert(
      fc.property(spikes, fc.constantFrom(14, 15, 17, 64, 256, 1024, 4096), (all, maxPayload) => {
        expect(unpackAll(packAll(all, maxPayload))).toEqual(all);
      }),
    );
  });

  test('are what the general codec reads and writes', () => {
    const decoder = createDecoder();
    fc.assert(
      fc.property(spikes, (all) => {
        for (const payload of packAll(all, 1024)) {
          const message = decoder.decode({ type, payload });
          if (message.name !== 'SPIKES_OUT') throw new Error(message.name);
          const { baseTick, groups } = message.fields;
          const pairs = groups.flatMap(({ tickOffset, narrow, wide }) =>
            [...narrow, ...wide].map((unit) => [baseTick + tickOffset, unit] as const),
          );
          expect(columns(pairs)).toEqual(unpackAll([payload]));
          expect(encodePayload('SPIKES_OUT', message.fields)).toEqual(payload);
        }
      }),
    );
  });

  test('take two bytes a narrow spike and four a group', () => {
    const all = columns(Array.from({ length: 100 }, (_, unit) => [5, unit]));
    expect(pack(all, 0, 1024).payload.length).toBe(6 + 4 + 2 * 100);
  });

  test('none at all', () => {
    const { payload, next } = pack(columns([]), 0, 256);
    expect(next).toBe(0);
    expect(unpackAll([payload])).toEqual(columns([]));
  });

  test('refuse falling ticks, on both ways', () => {
    const falls = columns([
      [5, 1],
      [4, 1],
    ]);
    expect(() => pack(falls, 0, 256)).toThrow('spike of tick 4');
    const group = (tickOffset: number) => ({ tickOffset, narrow: [1], wide: [] });
    const list = new SpikeColumns(0);
    const falling = encodePayload('SPIKES_OUT', { baseTick: 0, groups: [group(2), group(1)] });
    expect(unpackSpikes({ type, payload: falling }, list)).toMatchObject({ error: 'BAD_VALUE' });
    const beyond = encodePayload('SPIKES_OUT', { baseTick: 0xffff_ffff, groups: [group(1)] });
    expect(unpackSpikes({ type, payload: beyond }, list)).toMatchObject({ error: 'BAD_VALUE' });
    expect(list.count).toBe(0);
  });

  test('of any bytes are accepted only where the general codec accepts them', () => {
    const decoder = createDecoder();
    const counts = fc.uint8Array({ maxLength: 60 }).map((bytes) => bytes.map((byte) => byte & 3));
    fc.assert(
      fc.property(counts, (payload) => {
        const quick = unpackSpikes({ type, payload }, new SpikeColumns(0));
        const general = decoder.decode({ type, payload });
        expect(quick?.error === 'BAD_LENGTH').toBe(general.name === 'MALFORMED');
      }),
      { numRuns: 2000 },
    );
  });
});
