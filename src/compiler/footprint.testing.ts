/** What a form between two passes holds: objects (functions and numbers are none), and bytes of its typed arrays. */
export interface Footprint {
  readonly objects: number;
  readonly bytes: number;
}

/** Everything that can be reached from `form`, each object and each buffer once. */
export function footprint(form: unknown): Footprint {
  const seen = new Set<object>();
  const buffers = new Set<ArrayBufferLike>();
  const waiting: unknown[] = [form];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next !== 'object' || next === null || seen.has(next)) continue;
    seen.add(next);
    if (ArrayBuffer.isView(next)) buffers.add(next.buffer);
    else if (next instanceof Map) waiting.push(...next.keys(), ...next.values());
    else waiting.push(...Object.values(next));
  }
  return { objects: seen.size, bytes: [...buffers].reduce((sum, { byteLength }) => sum + byteLength, 0) };
}
