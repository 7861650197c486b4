import { type Fail, hex } from './fault.js';
import type { Peripheral } from './rp2040js.js';

/** A block of registers with the chip's aliases for exclusive-or, set and clear. */
export abstract class Registers implements Peripheral {
  readonly name: string;
  protected readonly fail: Fail;
  /** What was written, before an alias made it a new value: what clears a write-one-to-clear bit. */
  protected written = 0;

  constructor(name: string, fail: Fail) {
    this.name = name;
    this.fail = fail;
  }

  protected abstract read(offset: number): number;
  protected abstract write(offset: number, value: number): void;
  /** Back to the state after power-up. */
  abstract reset(): void;

  readUint32(offset: number): number {
    return this.read(offset & 0xfff);
  }

  writeUint32(offset: number, value: number): void {
    this.written = value >>> 0;
    this.write(offset & 0xfff, value >>> 0);
  }

  writeUint32Atomic(offset: number, value: number, alias: number): void {
    this.written = value >>> 0;
    if (alias === 0) return this.write(offset, value >>> 0);
    const before = this.read(offset);
    const after = alias === 1 ? before ^ value : alias === 2 ? before | value : before & ~value;
    this.write(offset, after >>> 0);
  }

  protected unknown(kind: 'read' | 'write', offset: number): never {
    this.fail(`${kind} of ${this.name} register ${hex(offset, 2)}, which is not emulated`);
  }
}

/** Registers that only keep what is written to them. */
export class PlainRegisters extends Registers {
  readonly #initial: ReadonlyMap<number, number>;
  readonly #values = new Map<number, number>();

  /** `initial`: value after reset, by offset; there are no others. */
  constructor(name: string, fail: Fail, initial: Readonly<Record<number, number>>) {
    super(name, fail);
    this.#initial = new Map(Object.entries(initial).map(([offset, value]) => [Number(offset), value]));
    this.reset();
  }

  reset(): void {
    this.#values.clear();
    for (const [offset, value] of this.#initial) this.#values.set(offset, value);
  }

  protected read(offset: number): number {
    return this.#values.get(offset) ?? this.unknown('read', offset);
  }

  protected write(offset: number, value: number): void {
    if (!this.#values.has(offset)) this.unknown('write', offset);
    this.#values.set(offset, value);
  }
}

/** Stands where a peripheral is that is held in reset: silicon would hang or ignore the access. */
export class HeldInReset extends Registers {
  protected read(offset: number): number {
    return this.fail(`read of ${this.name} register ${hex(offset, 2)} while it is held in reset`);
  }

  protected write(offset: number): void {
    this.fail(`write to ${this.name} register ${hex(offset, 2)} while it is held in reset`);
  }

  reset(): void {}
}
