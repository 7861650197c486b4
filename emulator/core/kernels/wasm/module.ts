import { Code, type Local } from './code.js';
import { type Bytes, name, section, unsigned, vector } from './encode.js';

/** Pages of 64 KiB of the largest memory. */
const mostPages = 65_536;

/** Functions that share one imported memory, as a WebAssembly module. All take i32s and give nothing. */
export class ModuleBuilder {
  readonly #functions: { readonly parameters: number; readonly body: Bytes }[] = [];
  readonly #exports: { readonly name: string; readonly index: number }[] = [];

  /** Adds a function; gives its number, which is its place in the table too. */
  function(parameters: number, write: (code: Code, ...parameters: Local<'i32'>[]) => void): number {
    const code = new Code(parameters);
    write(code, ...Array.from({ length: parameters }, (_, n) => code.parameter(n)));
    return this.#functions.push({ parameters, body: code.bytes }) - 1;
  }

  export(name: string, index: number): void {
    this.#exports.push({ name, index });
  }

  /** For a memory of any size; a shared one can be used by several threads. */
  bytes(shared: boolean): Uint8Array<ArrayBuffer> {
    const most = Math.max(0, ...this.#functions.map(({ parameters }) => parameters));
    const types = Array.from({ length: most + 1 }, (_, n) => [
      0x60,
      ...vector(new Array<Bytes>(n).fill([0x7f])),
      0,
    ]);
    const limits = [shared ? 3 : 1, ...unsigned(1), ...unsigned(mostPages)];
    const all = this.#functions.map((_, index) => unsigned(index));
    return Uint8Array.from([
      ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...section(1, vector(types)),
      ...section(2, vector([[...name('board'), ...name('memory'), 0x02, ...limits]])),
      ...section(3, vector(this.#functions.map(({ parameters }) => unsigned(parameters)))),
      ...section(4, vector([[0x70, 0, ...unsigned(all.length)]])),
      ...section(7, vector(this.#exports.map((entry) => [...name(entry.name), 0, ...unsigned(entry.index)]))),
      ...section(9, vector([[0, 0x41, 0, 0x0b, ...vector(all)]])),
      ...section(10, vector(this.#functions.map(({ body }) => [...unsigned(body.length), ...body]))),
    ]);
  }
}
