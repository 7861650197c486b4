import type { Code, Local } from './wasm/code.js';
import { type Int, i32 } from './wasm/values.js';

/** Where, in rising words from `from` up to `end`, the first stands that is at least `least`; `end` if none is. */
export function firstUp(code: Code, from: Int, end: Int, least: Int): Local<'i32'> {
  const low = code.letInt(from);
  const high = code.letInt(end);
  const middle = code.letInt(0);
  code.while(i32.ltU(low, high), () => {
    code.set(middle, i32.add(low, i32.shl(i32.shrU(i32.sub(high, low), 3), 2)));
    code.if(
      i32.ltU(i32.load(middle), least),
      () => code.set(low, i32.add(middle, 4)),
      () => code.set(high, middle),
    );
  });
  return low;
}
