import type { Code, Local } from './wasm/code.js';
import type { ModuleBuilder } from './wasm/module.js';

/** The kernels of a board: one of each shape, made when it is first asked for. */
export class KernelTable {
  readonly #module: ModuleBuilder;
  readonly #known = new Map<string, number>();

  constructor(module: ModuleBuilder) {
    this.#module = module;
  }

  /** Number of the kernel of a shape; `shape` must tell all that `write` depends on. */
  kernel(name: string, shape: unknown, write: (code: Code, record: Local<'i32'>) => void): number {
    const key = `${name} ${JSON.stringify(shape)}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const index = this.#module.function(1, (code, record) => write(code, record!));
    this.#known.set(key, index);
    return index;
  }
}
