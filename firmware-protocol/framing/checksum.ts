import { crc32 as portableCrc32 } from '@foxglove/crc';

type Crc32 = (bytes: Uint8Array) => number;

/** CRC-32 (IEEE 802.3) of a frame. Node's own where there is one: it is quicker; the portable one gives the same values. */
export const frameChecksum: Crc32 =
  globalThis.process?.getBuiltinModule?.('node:zlib')?.crc32 ?? ((bytes) => portableCrc32(bytes));
