import { EngramError } from '../../src/errors/engram-error.js';
import type { Frame } from '../framing/frame.js';
import { getU32, putU32 } from '../framing/little-endian.js';
import { type Malformed, malformed } from './malformed.js';
import type { SpikeColumns } from './spike-columns.js';

/**
 * The quick way for SPIKES_IN and SPIKES_OUT payloads (`declaration/spikes.ts`), without an object a spike: from and to
 * two columns, ticks and units, ticks never falling. `spikes.test.ts` holds it equal to the general codec.
 */

const batchHeader = 6;
const groupHeader = 4;
const lastNarrowUnit = 0xffff;
const maxOffset = 0xffff;
const maxGroupCount = 0xff;

export interface PackedSpikes {
  /** Bytes of the payload of one SPIKES_IN or SPIKES_OUT. */
  readonly length: number;
  /** Spike with which the next batch begins. */
  readonly next: number;
}

/**
 * Packs as many of the spikes `start … end - 1` as one payload of `most` bytes (14 or more) holds, at least one, into
 * `out` from `outStart` on. Their order is kept. Throws E0704 if ticks fall.
 */
export function packSpikes(
  ticks: Uint32Array,
  units: Uint32Array,
  start: number,
  end: number,
  out: Uint8Array,
  outStart: number,
  most: number,
): PackedSpikes {
  const outEnd = outStart + most;
  const baseTick = start < end ? ticks[start]! : 0;
  let at = outStart + batchHeader;
  let next = start;
  let groups = 0;
  let before = baseTick;
  while (next < end && groups < 0xffff) {
    const tick = ticks[next]!;
    if (tick < before) throw fallingTicks(tick, before);
    before = tick;
    if (tick - baseTick > maxOffset || at + groupHeader + 4 > outEnd) break;
    out[at] = tick - baseTick;
    out[at + 1] = (tick - baseTick) >>> 8;
    const narrowCountAt = at + 2;
    const narrowStart = next;
    at += 3;
    // The count of wide units needs a byte behind the narrow ones: keep it free.
    let stop = Math.min(end, next + Math.min(maxGroupCount, (outEnd - at - 1) >>> 1));
    while (next < stop && ticks[next] === tick) {
      const unit = units[next]!;
      if (unit > lastNarrowUnit) break;
      out[at] = unit;
      out[at + 1] = unit >>> 8;
      at += 2;
      next += 1;
    }
    out[narrowCountAt] = next - narrowStart;
    const wideCountAt = at++;
    const wideStart = next;
    stop = Math.min(end, next + Math.min(maxGroupCount, (outEnd - at) >>> 2));
    while (next < stop && ticks[next] === tick) {
      const unit = units[next]!;
      if (unit <= lastNarrowUnit) break;
      putU32(out, at, unit);
      at += 4;
      next += 1;
    }
    out[wideCountAt] = next - wideStart;
    groups += 1;
  }
  putU32(out, outStart, baseTick);
  out[outStart + 4] = groups;
  out[outStart + 5] = groups >>> 8;
  return { length: at - outStart, next };
}

/**
 * Appends the spikes of a SPIKES_IN or SPIKES_OUT payload, in the order sent, to a list; null, or why the payload is not
 * valid: then nothing is appended.
 */
export function unpackSpikes(
  { type, payload }: Pick<Frame, 'type' | 'payload'>,
  list: SpikeColumns,
): Malformed | null {
  const count = countSpikes(payload);
  if (count < 0) return malformed(type, 'BAD_LENGTH', `(spikes, ${payload.length} bytes)`);
  list.reserve(count);
  const { ticks, units } = list;
  const baseTick = getU32(payload, 0);
  const groups = payload[4]! | (payload[5]! << 8);
  let at = batchHeader;
  let next = list.count;
  let lastOffset = 0;
  for (let group = 0; group < groups; group++) {
    const offset = payload[at]! | (payload[at + 1]! << 8);
    if (offset < lastOffset || baseTick + offset > 0xffff_ffff) {
      return malformed(type, 'BAD_VALUE', `groups[${group}].tickOffset is ${offset}.`);
    }
    lastOffset = offset;
    const tick = baseTick + offset;
    const narrowEnd = at + 3 + 2 * payload[at + 2]!;
    for (at += 3; at < narrowEnd; at += 2) {
      ticks[next] = tick;
      units[next++] = payload[at]! | (payload[at + 1]! << 8);
    }
    const wideEnd = at + 1 + 4 * payload[at]!;
    for (at += 1; at < wideEnd; at += 4) {
      ticks[next] = tick;
      units[next++] = getU32(payload, at);
    }
  }
  list.count = next;
  return null;
}

/** Number of spikes in a payload; -1 if its length is wrong. */
function countSpikes(payload: Uint8Array): number {
  const { length } = payload;
  if (length < batchHeader) return -1;
  let at = batchHeader;
  let spikes = 0;
  for (let groups = payload[4]! | (payload[5]! << 8); groups > 0; groups--) {
    if (at + 3 > length) return -1;
    const narrow = payload[at + 2]!;
    at += 3 + 2 * narrow;
    if (at >= length) return -1;
    const wide = payload[at]!;
    at += 1 + 4 * wide;
    spikes += narrow + wide;
  }
  return at === length ? spikes : -1;
}

function fallingTicks(tick: number, before: number): EngramError {
  return new EngramError('E0704', `spike of tick ${tick} stands behind one of tick ${before}`, {
    facts: [['allowed', 'spikes in ascending order of ticks']],
    fix: ['sort the spikes by tick before sending them'],
  });
}
