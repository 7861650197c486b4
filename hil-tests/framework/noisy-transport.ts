import type { Draw } from '../../src/network/drawn-values.js';
import type { Transport } from '../../src/runtime/transport.js';

/** What a line has done to what it carried. */
export interface Noise {
  /** One byte in so many is lost or changed. */
  readonly oneIn: number;
  lost: number;
  changed: number;
}

/** The same line, on which bytes are lost and changed, both ways. */
export function noisy(line: Transport, draw: Draw, noise: Noise): Transport {
  let toNext = draw.integer(1, 2 * noise.oneIn);
  const pass = (bytes: Uint8Array): Uint8Array => {
    if (bytes.length < toNext) {
      toNext -= bytes.length;
      return bytes;
    }
    const at = toNext - 1;
    toNext = draw.integer(1, 2 * noise.oneIn);
    if (draw.flag()) {
      noise.lost++;
      return Uint8Array.of(...bytes.subarray(0, at), ...bytes.subarray(at + 1));
    }
    noise.changed++;
    const damaged = bytes.slice();
    damaged[at] = damaged[at]! ^ (1 << draw.integer(0, 7));
    return damaged;
  };
  return {
    info: line.info,
    start: ({ receive, closed }) => line.start({ receive: (bytes) => receive(pass(bytes)), closed }),
    send: (bytes) => line.send(pass(bytes)),
    close: () => line.close(),
  };
}
