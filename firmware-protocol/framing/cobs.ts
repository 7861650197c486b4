/**
 * Consistent Overhead Byte Stuffing (S. Cheshire and M. Baker, IEEE/ACM Transactions on Networking 7(2), 1999):
 * takes the zero bytes out of a frame, so that a zero can end it.
 */

/** Most bytes that `length` bytes can become: one for each begun run of 254, at least one. */
export function cobsMaxLength(length: number): number {
  return length + Math.max(1, Math.ceil(length / 254));
}

/** Encodes `data` into `out` from `at` on; returns where the encoding ends. `out` must have room for `cobsMaxLength`. */
export function cobsEncode(data: Uint8Array, out: Uint8Array, at: number): number {
  let codeAt = at++;
  let code = 1;
  for (let index = 0; index < data.length; index++) {
    const byte = data[index]!;
    if (byte !== 0) {
      out[at++] = byte;
      code += 1;
    }
    if (byte === 0 || (code === 0xff && index + 1 < data.length)) {
      out[codeAt] = code;
      codeAt = at++;
      code = 1;
    }
  }
  out[codeAt] = code;
  return at;
}

/**
 * Decodes `encoded[start … end)`, which must hold no zero, into `out`; returns the number of bytes, or -1 if it
 * is no encoding. `out` needs `end - start - 1` bytes.
 */
export function cobsDecode(encoded: Uint8Array, start: number, end: number, out: Uint8Array): number {
  let length = 0;
  let at = start;
  if (at >= end) return -1;
  for (;;) {
    const code = encoded[at++]!;
    const runEnd = at + code - 1;
    if (code === 0 || runEnd > end) return -1;
    while (at < runEnd) out[length++] = encoded[at++]!;
    if (at >= end) return length;
    if (code !== 0xff) out[length++] = 0;
  }
}
