import type { Code, Local } from './wasm/code.js';
import { ModuleBuilder } from './wasm/module.js';

/** Writes a kernel: a function that is given the address of the record it works on. */
export type Kernel = (code: Code, record: Local<'i32'>) => void;

/** A function of a module that is not a kernel: it is called by its name. */
export interface Entry {
  readonly name: string;
  readonly parameters: number;
  readonly write: (code: Code, ...parameters: Local<'i32'>[]) => void;
}

/** Modules kept for the next board with the same kernels: its engine has compiled them already. */
const kept = new Map<string, WebAssembly.Module>();
const mostKept = 32;

/** The kernels of a board: one of each shape. */
export class KernelTable {
  readonly #numbers = new Map<string, number>();
  readonly #writes: Kernel[] = [];

  /** Number of the kernel of a shape; `shape` must tell all that `write` depends on. */
  kernel(name: string, shape: unknown, write: Kernel): number {
    const key = `${name} ${JSON.stringify(shape)}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#writes.push(write) - 1;
    this.#numbers.set(key, number);
    return number;
  }

  /** The module of all kernels asked for, and of some entries that are the same for every board. */
  module(entries: readonly Entry[], shared: boolean): WebAssembly.Module {
    const key = [shared, ...this.#numbers.keys()].join('\n');
    const known = kept.get(key);
    const module = known ?? this.#make(entries, shared);
    kept.delete(key);
    kept.set(key, module);
    if (kept.size > mostKept) kept.delete(kept.keys().next().value!);
    return module;
  }

  #make(entries: readonly Entry[], shared: boolean): WebAssembly.Module {
    const builder = new ModuleBuilder();
    for (const write of this.#writes) builder.function(1, (code, record) => write(code, record!));
    for (const { name, parameters, write } of entries)
      builder.export(name, builder.function(parameters, write));
    return new WebAssembly.Module(builder.bytes(shared));
  }
}
