import { EngramError } from '../../src/errors/engram-error.js';
import type { Frame } from '../framing/frame.js';
import { type Malformed, malformed } from './malformed.js';

/**
 * The quick way for SPIKES_IN and SPIKES_OUT payloads (`declaration/spikes.ts`), without an object a spike.
 * Spikes are pairs in a Uint32Array: tick, unit, tick, unit, …, ticks never falling.
 * `spikes.test.ts` holds it equal to the general codec.
 */

const batchHeader = 6;
const groupHeader = 4;
const lastNarrowUnit = 0xffff;
const maxOffset = 0xffff;
const maxGroupCount = 0xff;

export interface PackedSpikes {
  /** Payload of one SPIKES_IN or SPIKES_OUT. */
  readonly payload: Uint8Array;
  /** Index into the pairs' array at which the next batch begins. */
  readonly next: number;
}

/**
 * Packs as many pairs of `pairs[start … end)` (indices of the array, both even) as one payload of
 * `maxPayload` bytes (14 or more) holds, at least one. Their order is kept. Throws E0704 if ticks fall.
 */
export function packSpikes(pairs: Uint32Array, start: number, end: number, maxPayload: number): PackedSpikes {
  const out = new Uint8Array(maxPayload);
  const view = new DataView(out.buffer);
  const baseTick = pairs[start]!;
  let at = batchHeader;
  let next = start;
  let groups = 0;
  while (next < end && groups < 0xffff) {
    const tick = pairs[next]!;
    if (tick < baseTick || (next > start && tick < pairs[next - 2]!))
      throw fallingTicks(tick, pairs[next - 2]!);
    if (tick - baseTick > maxOffset || at + groupHeader + 4 > maxPayload) break;
    view.setUint16(at, tick - baseTick, true);
    // The count of wide units needs a byte behind the narrow ones: keep it free.
    const narrowStart = at + 3;
    let count = 0;
    at = narrowStart;
    while (next < end && pairs[next] === tick && pairs[next + 1]! <= lastNarrowUnit) {
      if (count === maxGroupCount || at + 2 + 1 > maxPayload) break;
      view.setUint16(at, pairs[next + 1]!, true);
      at += 2;
      next += 2;
      count += 1;
    }
    out[narrowStart - 1] = count;
    const wideCountAt = at++;
    count = 0;
    while (next < end && pairs[next] === tick && pairs[next + 1]! > lastNarrowUnit) {
      if (count === maxGroupCount || at + 4 > maxPayload) break;
      view.setUint32(at, pairs[next + 1]!, true);
      at += 4;
      next += 2;
      count += 1;
    }
    out[wideCountAt] = count;
    groups += 1;
  }
  view.setUint32(0, start < end ? baseTick : 0, true);
  view.setUint16(4, groups, true);
  return { payload: out.subarray(0, at), next };
}

/** Spikes of a SPIKES_IN or SPIKES_OUT payload as pairs, in the order sent; or why it is not valid. */
export function unpackSpikes({ type, payload }: Pick<Frame, 'type' | 'payload'>): Uint32Array | Malformed {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const count = countSpikes(view);
  if (count < 0) return malformed(type, 'BAD_LENGTH', `(spikes, ${payload.length} bytes)`);
  const pairs = new Uint32Array(count * 2);
  const baseTick = view.getUint32(0, true);
  const groups = view.getUint16(4, true);
  let at = batchHeader;
  let next = 0;
  let lastOffset = 0;
  for (let group = 0; group < groups; group++) {
    const offset = view.getUint16(at, true);
    if (offset < lastOffset || baseTick + offset > 0xffff_ffff) {
      return malformed(type, 'BAD_VALUE', `groups[${group}].tickOffset is ${offset}.`);
    }
    lastOffset = offset;
    const tick = baseTick + offset;
    const narrowEnd = at + 3 + 2 * payload[at + 2]!;
    for (at += 3; at < narrowEnd; at += 2) {
      pairs[next++] = tick;
      pairs[next++] = view.getUint16(at, true);
    }
    const wideEnd = at + 1 + 4 * payload[at]!;
    for (at += 1; at < wideEnd; at += 4) {
      pairs[next++] = tick;
      pairs[next++] = view.getUint32(at, true);
    }
  }
  return pairs;
}

/** Number of spikes in a payload; -1 if its length is wrong. */
function countSpikes(view: DataView): number {
  const { byteLength } = view;
  if (byteLength < batchHeader) return -1;
  let at = batchHeader;
  let spikes = 0;
  for (let groups = view.getUint16(4, true); groups > 0; groups--) {
    if (at + 3 > byteLength) return -1;
    const narrow = view.getUint8(at + 2);
    at += 3 + 2 * narrow;
    if (at >= byteLength) return -1;
    const wide = view.getUint8(at);
    at += 1 + 4 * wide;
    spikes += narrow + wide;
  }
  return at === byteLength ? spikes : -1;
}

function fallingTicks(tick: number, before: number): EngramError {
  return new EngramError('E0704', `spike of tick ${tick} stands behind one of tick ${before}`, {
    facts: [['allowed', 'spikes in ascending order of ticks']],
    fix: ['sort the spikes by tick before sending them'],
  });
}
