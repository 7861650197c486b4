import type { Code, Local } from './wasm/code.js';
import { type Int, i32, i64, v128, zero } from './wasm/values.js';

/** Neurons, or traces, that sleep and wake together. */
export const chunkBits = 6;
export const chunkSize = 1 << chunkBits;

/** Chunks of so many items; each has a flag of one byte. */
export function chunksOf(items: number): number {
  return Math.ceil(items / chunkSize);
}

/** Bytes before the flags of the chunks; the first says whether any chunk is awake. */
export const flagsHead = 8;

/** Sets the flag of a chunk. */
export function wakeChunk(code: Code, flags: Int, chunk: Int): void {
  code.store8(i32.add(flags, chunk), 1);
  code.store8(i32.sub(flags, flagsHead), 1);
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
  const awake = code.letInt(0);
  const chunks = code.letInt(i32.shrU(i32.add(count, chunkSize - 1), chunkBits));
  const any = code.letInt(i32.sub(flags, flagsHead));
  code.if(i32.load8U(any), () => {
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
          const stays = code.letInt(v128.any(live));
          code.store8(i32.add(flags, chunk), stays);
          code.set(awake, i32.or(awake, stays));
          code.advance(chunk, 1);
        },
      );
    });
    code.store8(any, awake);
  });
}
