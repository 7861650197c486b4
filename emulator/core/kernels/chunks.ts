import type { Code, Local } from './wasm/code.js';
import { type Int, i32, i64, v128, zero } from './wasm/values.js';

/** Neurons, or traces, that sleep and wake together. */
export const chunkBits = 6;
export const chunkSize = 1 << chunkBits;

/** Flags of so many items: a byte a chunk, and eight more, since eight are looked at in one from any place. */
export function flagCount(items: number): number {
  return Math.ceil(items / chunkSize) + 8;
}

/**
 * Goes through the chunks that are awake: `body` gets their first and their last item + 1, and gathers in `live` the bits
 * of all it leaves; a chunk that leaves only zeros sleeps until something wakes it.
 */
export function forAwake(
  code: Code,
  flags: Local<'i32'>,
  count: Int,
  body: (from: Local<'i32'>, to: Local<'i32'>, live: Local<'v128'>) => void,
): void {
  const from = code.letInt(0);
  const to = code.letInt(0);
  const live = code.local('v128');
  const chunk = code.letInt(0);
  const eight = code.local('i64');
  const chunks = code.letInt(i32.shrU(i32.add(count, chunkSize - 1), chunkBits));
  code.while(i32.ltU(chunk, chunks), () => {
    code.set(eight, i64.load(i32.add(flags, chunk)));
    code.if(
      i64.eqz(eight),
      () => code.advance(chunk, 8),
      () => {
        code.advance(chunk, i32.shrU(i64.wrap(i64.ctz(eight)), 3));
        code.set(from, i32.shl(chunk, chunkBits));
        code.set(to, i32.add(from, chunkSize));
        code.set(to, i32.select(to, count, i32.ltU(to, count)));
        code.set(live, zero);
        body(from, to, live);
        code.store8(i32.add(flags, chunk), v128.any(live));
        code.advance(chunk, 1);
      },
    );
  });
}
