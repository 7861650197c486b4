/**
 * Consistent Overhead Byte Stuffing (S. Cheshire and M. Baker, IEEE/ACM Transactions on Networking 7(2), 1999):
 * takes the zero bytes out of a frame, so that a zero can end it.
 */

/** Most bytes that `length` bytes can become: one for each begun run of 254, at least one. */
export function cobsMaxLength(length: number): number {
  return length + Math.max(1, Math.ceil(length / 254));
}

/**
 * Encodes `data[0 … end)` into `out` from `at` on; returns where the encoding ends. `out` must have room for
 * `cobsMaxLength`.
 */
export function cobsEncode(data: Uint8Array, out: Uint8Array, at: number, end = data.length): number {
  let codeAt = at++;
  for (let index = 0; index < end; index++) {
    const byte = data[index]!;
    if (byte !== 0) {
      out[at++] = byte;
      if (at - codeAt < 0xff || index + 1 === end) continue;
    }
    out[codeAt] = at - codeAt;
    codeAt = at++;
  }
  out[codeAt] = at - codeAt;
  return at;
}

/**
 * Decodes `encoded[start … end)`, which must hold no zero, into `out` from `outStart` on; returns how many, or -1
 * if it is no encoding. `out` needs room for `end - start - 1` bytes.
 */
export function cobsDecode(
  encoded: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  outStart = 0,
): number {
  let outAt = outStart;
  let at = start;
  if (at >= end) return -1;
  for (;;) {
    const code = encoded[at++]!;
    const runEnd = at + code - 1;
    if (code === 0 || runEnd > end) return -1;
    while (at < runEnd) out[outAt++] = encoded[at++]!;
    if (at >= end) return outAt - outStart;
    if (code !== 0xff) out[outAt++] = 0;
  }
}
