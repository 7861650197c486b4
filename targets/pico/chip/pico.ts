import { createHash } from 'node:crypto';
import type { FlashPiece } from '../../../src/flash/flash-pages.js';
import type { UsbHost } from '../usb/host.js';
import { whyNotBoot } from './boot-block.js';
import { buildBootRom } from './boot-rom.js';
import { ChipFault, PowerCut } from './fault.js';
import { FlashMemory } from './flash-memory.js';
import { Life, LifeEnds, type Remains } from './life.js';

export interface PicoOptions {
  /** Contents of flash at first; all else is erased. */
  readonly pieces?: readonly FlashPiece[];
  /** Determines the unique number of the flash chip; sixteen hexadecimal digits are that number. */
  readonly serial?: string;
  /** Determines what memory holds at power-up, and how a half-done flash operation looks. */
  readonly seed?: number;
  /** Stepping of the chip: 2 is B2, which is sold since 2021; 1 has the errata of B0 and B1. */
  readonly revision?: 1 | 2;
}

export type PicoState =
  | { readonly kind: 'off' }
  | { readonly kind: 'running' }
  /** It waits in its USB bootloader; `reason`: it was asked to, or why flash cannot be started. */
  | { readonly kind: 'bootloader'; readonly reason: string }
  | { readonly kind: 'failed'; readonly fault: ChipFault };

/** Why `run` came back. */
export type PicoRun = 'budget' | 'idle' | 'stopped';

const directBoot = { magic: 0xb007c0d3, scratch: 4 } as const;

/**
 * A Raspberry Pi Pico: chip, flash memory, power. It runs synchronously, as far as its caller lets it; worker.ts runs it
 * beside the program.
 */
export class Pico {
  readonly flash: FlashMemory;
  /** A new life has begun, whose USB lines lead to this host. */
  onLife: (host: UsbHost) => void = () => {};
  readonly uniqueId: Uint8Array;
  readonly #rom = buildBootRom();
  readonly #seed: number;
  readonly #remains: Remains;
  #state: PicoState = { kind: 'off' };
  #life: Life | null = null;
  #cyclesBefore = 0;
  #powerUps = 0;
  #boots = 0;

  constructor({ pieces = [], serial = 'pico-emulated', seed = 1, revision = 2 }: PicoOptions = {}) {
    this.#seed = seed;
    this.flash = new FlashMemory(seed);
    for (const { address, bytes } of pieces) this.flash.bytes.set(bytes, address - this.flash.start);
    this.uniqueId = uniqueIdOf(serial);
    this.#remains = {
      flash: this.flash,
      quad: false,
      watchdog: { reason: 0, scratch: new Uint32Array(8) },
      sram: new Uint8Array(264 * 1024),
      usbMemory: new Uint8Array(4096),
      revision,
    };
  }

  get state(): PicoState {
    return this.#state;
  }

  /** How often it has started, into firmware or bootloader. */
  get boots(): number {
    return this.#boots;
  }

  /** The running chip. Throws Error if it does not run. */
  get life(): Life {
    if (this.#life === null) throw new Error(`the chip does not run: it is ${this.#state.kind}`);
    return this.#life;
  }

  /** Cycles of the system clock since the first power-up, time in the bootloader left out. */
  get cycles(): number {
    return this.#cyclesBefore + (this.#life?.cycles ?? 0);
  }

  /** Power on. `bootsel`: with the button held. */
  powerOn({ bootsel = false } = {}): void {
    if (this.#state.kind !== 'off') this.powerOff();
    const { watchdog, sram, usbMemory } = this.#remains;
    watchdog.reason = 0;
    watchdog.scratch.fill(0);
    const noise = garbage(this.#seed + 0x9e3779b9 * ++this.#powerUps);
    for (const memory of [sram, usbMemory]) for (let n = 0; n < memory.length; n++) memory[n] = noise();
    this.#boot(bootsel ? 'the button BOOTSEL is held' : null);
  }

  powerOff(): void {
    this.#endLife();
    // A failure that was announced and did not come does not come to the next life.
    this.flash.cutAfter(Number.POSITIVE_INFINITY);
    this.#state = { kind: 'off' };
  }

  /** As the pin RUN: a reset that leaves memory as it was. */
  reset(): void {
    this.#endLife();
    this.#boot(null);
  }

  /** Runs for so many cycles, or until the processor sleeps ('idle'), or the chip has stopped. */
  run(budget: number): PicoRun {
    if (this.#life === null) return 'stopped';
    return this.#guard(() => this.#life!.run(budget));
  }

  /** Time passes while the processor sleeps. */
  sleep(nanos: number): PicoRun {
    return this.#guard(() => {
      this.#life?.sleep(nanos);
      return 'budget';
    });
  }

  /** Runs through so much emulated time, sleep included, or until `done`. Gives whether it was done. */
  runFor(nanos: number, done: () => boolean = () => false): boolean {
    let left = nanos;
    while (left > 0 && this.#life !== null && !done()) {
      const life = this.#life;
      const start = life.clock.nanos;
      if (this.run(20_000) === 'idle') {
        if (life.nanosToNext === Number.POSITIVE_INFINITY) return done();
        this.sleep(Math.min(left, life.nanosToNext));
      }
      left -= life === this.#life ? Math.max(life.clock.nanos - start, 1) : 0;
    }
    return done();
  }

  /** Something from outside acts on the running chip, under the same rules. */
  act(action: () => void): void {
    this.#guard(() => {
      action();
      return 'budget';
    });
  }

  #boot(why: string | null): void {
    this.#boots++;
    const reason = why ?? whyNotBoot(this.flash.bytes);
    const life = new Life(this.#remains, this.#rom, this.uniqueId);
    const { scratch } = this.#remains.watchdog;
    const direct =
      scratch[4] === directBoot.magic && ((scratch[5]! ^ scratch[7]!) + directBoot.magic) >>> 0 === 0;
    if (reason !== null && !direct) {
      this.#state = { kind: 'bootloader', reason };
      return;
    }
    this.#life = life;
    this.#state = { kind: 'running' };
    if (direct) {
      scratch[4] = 0;
      life.startAt(scratch[7]!, scratch[6]!);
    } else life.startFlash();
    this.onLife(life.host);
  }

  #endLife(): void {
    const life = this.#life;
    if (life === null) return;
    this.#life = null;
    this.#cyclesBefore += life.cycles;
    life.end();
  }

  #guard(action: () => PicoRun): PicoRun {
    try {
      return action();
    } catch (error) {
      this.#endLife();
      if (error instanceof PowerCut) this.#state = { kind: 'off' };
      else if (error instanceof ChipFault) this.#state = { kind: 'failed', fault: error };
      else if (error instanceof LifeEnds) {
        this.#boot(error.how === 'bootloader' ? 'the firmware asked for it' : null);
        return 'budget';
      } else throw error;
      return 'stopped';
    }
  }
}

function uniqueIdOf(serial: string): Uint8Array {
  return /^[0-9a-f]{16}$/i.test(serial)
    ? Uint8Array.from(Buffer.from(serial, 'hex'))
    : Uint8Array.from(createHash('sha256').update(serial).digest().subarray(0, 8));
}

/** Bytes as they are in memory that nobody has written. */
function garbage(seed: number): () => number {
  let x = seed | 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 8) & 0xff;
  };
}
