import type { RecordLayout } from './layout.js';

/** 'ENGS' read as a little-endian u32. */
export const checkpointMagic = 0x53474e45;
export const checkpointVersion = 2;

/**
 * A checkpoint is this header and then, without gaps: M, B, S of all channels (i32 each), R (64 i32 a channel); with an
 * episodic buffer its 17 words, the counts, outcomes and priorities of its slots, and their events (u32 or i32 each;
 * slots · events of the last, 0 beyond a slot's count); then core by core V, I, A, y1, y2, y3 (i32 by neuron; A or a y that no group of the core has is left out), x1, x2 (i32 by axon;
 * likewise), the delay line (u32 words, a bit per axon, slot = tick & (slots − 1)), refractory counts (u16 by neuron),
 * W, T and, if some block of the core has it, T2 (i16 each, in the order of the image's 16-bit weights; 0 where there is none).
 */
export const checkpointHeaderLayout = {
  name: 'checkpoint header',
  fields: [
    { name: 'magic', type: 'u32', doc: "'ENGS'" },
    { name: 'version', type: 'u16', doc: 'format version' },
    { name: 'flags', type: 'u16', doc: 'bit 0: learning is on' },
    { name: 'imageHash', type: 'u32', doc: 'contentHash of the image' },
    { name: 'tick', type: 'u32', doc: 'tick to be run next' },
    { name: 'length', type: 'u32', doc: 'bytes of the whole checkpoint' },
    { name: 'contentCrc', type: 'u32', doc: 'CRC-32 of everything after the header' },
    { name: 'reserved', type: 'u32', doc: 'zero' },
    { name: 'headerCrc', type: 'u32', doc: 'CRC-32 of the header up to here' },
  ],
} as const satisfies RecordLayout;
