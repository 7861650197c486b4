const symbolBytes = 16;
const symbolTable = 2;

/** Addresses of all named symbols of an ELF file that `elfSegments` takes; of functions without the Thumb bit. */
export function elfSymbols(elf: Uint8Array): Map<string, number> {
  const view = new DataView(elf.buffer, elf.byteOffset, elf.byteLength);
  const [start, size, count] = [view.getUint32(32, true), view.getUint16(46, true), view.getUint16(48, true)];
  const section = (n: number, field: number) => view.getUint32(start + n * size + field * 4, true);
  const symbols = new Map<string, number>();
  for (let n = 0; n < count; n++) {
    if (section(n, 1) !== symbolTable) continue;
    const [offset, length, names] = [section(n, 4), section(n, 5), section(section(n, 6), 4)];
    for (let at = offset; at < offset + length; at += symbolBytes) {
      const name = textAt(elf, names + view.getUint32(at, true));
      const isFunction = (elf[at + 12]! & 15) === 2;
      if (name !== '') symbols.set(name, (view.getUint32(at + 4, true) & (isFunction ? ~1 : ~0)) >>> 0);
    }
  }
  return symbols;
}

function textAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, bytes.indexOf(0, at)));
}
