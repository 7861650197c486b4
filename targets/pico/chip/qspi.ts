import type { Fail } from './fault.js';
import { Registers } from './registers.js';
import type { Override } from './ssi.js';

const overrides: readonly Override[] = ['normal', 'inverted', 'low', 'high'];
const selectControl = 0x0c;

/** Control registers of the six pads to flash (data sheet 2.19.6.2). */
export class IoQspi extends Registers {
  readonly #control = new Uint32Array(6);
  readonly #onSelect: (override: Override) => void;

  constructor(fail: Fail, onSelect: (override: Override) => void) {
    super('IO_QSPI', fail);
    this.#onSelect = onSelect;
    this.#control.fill(0x1f);
  }

  /** Pads are disconnected (function 31) until the boot ROM connects them. */
  reset(): void {
    this.#control.fill(0x1f);
    this.#onSelect('normal');
  }

  connect(): void {
    this.#control.fill(0);
    this.#onSelect('normal');
  }

  protected read(offset: number): number {
    if (offset > 0x2c) return this.unknown('read', offset);
    return offset & 4 ? this.#control[offset >>> 3]! : 0;
  }

  protected write(offset: number, value: number): void {
    if (offset > 0x2c || !(offset & 4)) return this.unknown('write', offset);
    this.#control[offset >>> 3] = value;
    if (offset === selectControl) this.#onSelect(overrides[(value >>> 8) & 3]!);
  }
}

/** The cache in front of flash (data sheet 2.6.3), of which only the flush matters here: it must not be forgotten. */
export class XipControl extends Registers {
  /** Flash was changed, and the cache may still hold what it was. */
  stale = false;
  #control = 3;

  constructor(fail: Fail) {
    super('XIP_CTRL', fail);
  }

  reset(): void {
    this.#control = 3;
    this.stale = false;
  }

  flush(): void {
    this.stale = false;
  }

  protected read(offset: number): number {
    if (offset === 0x00) return this.#control;
    if (offset === 0x04) return 0;
    if (offset === 0x08) return 2;
    return this.unknown('read', offset);
  }

  protected write(offset: number, value: number): void {
    if (offset === 0x00) this.#control = value & 0xb;
    else if (offset === 0x04) this.flush();
    else this.unknown('write', offset);
  }
}
