import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirtualBoard } from '../../emulator/board/virtual-board.js';
import { EngramError } from '../errors/engram-error.js';
import { readImage } from '../image/read.js';
import { readSlotHeader, writeSlotHeader } from '../image/slot-layout.js';
import { Board } from '../runtime/board.js';
import { inProcess } from '../runtime/in-process.js';
import type { PortInfo } from '../runtime/ports.js';
import { type Bootloader, driveBootloader, picobootBootloader } from './bootloader.js';
import { findDrives } from './bootsel-drive.js';
import type { FlashWorld } from './flash-world.js';
import { leftOver } from './left-over.testing.js';
import { NorFlash } from './nor-flash.js';
import { picoFlash } from './pico-flash.js';
import { PicobootDevice, type PicobootFaults } from './picoboot-device.js';
import { blocksOf, feedUf2 } from './uf2-boot-rom.testing.js';
import type { FlashBoard } from './upload-image.js';

export const familyId = 0xe48bff56;
export const portPath = '/dev/ttyACM7';

/** A firmware as far as this bench runs it: its version stands in its bytes. */
export function makeFirmware(version: string, bytes = 30_000) {
  const code = Uint8Array.from({ length: bytes }, (_, n) => (n * 5 + version.length) & 0x7f);
  code.set(new TextEncoder().encode(`\0engram-bench ${version}\0`), 5000);
  return { pieces: [{ address: picoFlash.firmware.start, bytes: code }], familyId };
}

export interface BenchOptions {
  /** Firmware it comes with; null: something else that knows no protocol; undefined: empty, it is in its boot ROM. */
  readonly firmware?: string | null;
  readonly ways?: readonly ('picoboot' | 'drive')[];
  readonly faults?: PicobootFaults;
  /** The message REBOOT is unknown to its firmware. */
  readonly noReboot?: boolean;
  /** It never comes back from its boot ROM. */
  readonly stuck?: boolean;
  readonly patience?: number;
}

/**
 * A Pico on the bench: flash memory, the boot ROM's two ways into it, and, when flash holds a firmware, the virtual
 * board behind its port, which starts from what the state slots say.
 */
export class BenchPico implements FlashWorld {
  readonly patience: number;
  readonly flash = new NorFlash(2 * 1024 * 1024, leftOver);
  /** What it was asked, in order. */
  readonly asked: string[] = [];
  readonly target: { readonly id: number; readonly name: string };
  readonly #options: BenchOptions;
  #mode: 'boot ROM' | 'application' | 'gone' = 'gone';
  #version: string | null = null;
  #board: VirtualBoard | null = null;
  #device: PicobootDevice | null = null;
  #drive: string | null = null;

  private constructor(target: { readonly id: number; readonly name: string }, options: BenchOptions) {
    this.target = target;
    this.#options = options;
    this.patience = options.patience ?? 5000;
  }

  static async make(
    target: { readonly id: number; readonly name: string },
    options: BenchOptions,
  ): Promise<BenchPico> {
    const pico = new BenchPico(target, options);
    if (options.firmware === undefined) {
      pico.#enterBootRom();
      return pico;
    }
    if (options.firmware !== null)
      for (const { address, bytes } of makeFirmware(options.firmware).pieces)
        pico.flash.bytes.set(bytes, address - pico.flash.start);
    await pico.powerUp();
    return pico;
  }

  /** Off and on again: what is in flash starts. */
  async powerUp(): Promise<void> {
    this.#board = null;
    this.#device = null;
    if (this.flash.bytes[0] === 0xff) return this.#enterBootRom();
    const { start, bytes } = picoFlash.firmware;
    const text = Buffer.from(this.flash.at(start, bytes)).toString('latin1');
    this.#version = /\0(engram-bench [^\0]+)\0/.exec(text)?.[1] ?? null;
    if (this.#version) {
      this.#board = new VirtualBoard({ target: this.target, serial: 'BENCH7', maxPayload: 256 });
      const image = this.#savedImage();
      if (image) {
        const session = await Board.connect(inProcess(this.#board));
        await session.load(image);
        await session.close();
      }
    }
    this.#mode = 'application';
  }

  async ports(): Promise<PortInfo[]> {
    if (this.#mode !== 'application') return [];
    return [
      {
        path: portPath,
        vendorId: '2e8a',
        productId: '000a',
        serialNumber: 'BENCH7',
        target: this.target.name,
        note: null,
        access: 'ok',
      },
    ];
  }

  async connect(path: string): Promise<FlashBoard> {
    if (this.#mode !== 'application' || path !== portPath)
      throw new EngramError('E0604', `there is no port ${path}`);
    if (!this.#board) throw new EngramError('E0702', 'the board did not answer');
    const session = await Board.connect(inProcess(this.#board));
    const version = this.#version!;
    return {
      get info() {
        return { ...session.info, firmware: version };
      },
      get loadedHash() {
        return session.loadedHash;
      },
      load: async (bytes, options) => {
        this.asked.push('load');
        await session.load(bytes, options as never);
        this.#loaded = bytes;
      },
      reset: (options) => session.reset(options),
      stateHash: (options) => session.stateHash(options),
      close: () => session.close(),
      save: async () => {
        this.asked.push('save');
        this.#save(this.#loaded!);
      },
      reboot: async (mode) => {
        this.asked.push(`reboot ${mode}`);
        if (this.#options.noReboot) throw new EngramError('E0704', 'the board does not know REBOOT');
        this.#leave();
      },
    };
  }

  #loaded: Uint8Array | null = null;

  async touch(path: string): Promise<void> {
    this.asked.push(`touch ${path}`);
    this.#leave();
  }

  async bootloaders(): Promise<Bootloader[]> {
    if (this.#mode !== 'boot ROM') return [];
    const ways = this.#options.ways ?? ['picoboot'];
    const drives = ways.includes('drive') ? await findDrives(async () => [this.#drive!]) : [];
    return [
      ...(ways.includes('picoboot') ? [picobootBootloader(this.#device!)] : []),
      ...drives.map((folder) => driveBootloader(folder, familyId)),
    ];
  }

  get device(): PicobootDevice {
    return this.#device!;
  }

  close(): void {
    if (this.#drive) rmSync(this.#drive, { recursive: true, force: true });
    this.#drive = null;
  }

  /** Boots into the boot ROM after a while in which it is not on the bus at all. */
  #leave(): void {
    this.#mode = 'gone';
    setTimeout(() => this.#enterBootRom(), 150);
  }

  #enterBootRom(): void {
    this.#mode = 'boot ROM';
    this.#device = new PicobootDevice(this.flash, this.#options.faults);
    const restart = () => {
      this.#mode = 'gone';
      if (!this.#options.stuck) setTimeout(() => void this.powerUp(), 150);
    };
    this.#device.onReboot = restart;
    if (this.#options.ways?.includes('drive')) this.#offerDrive(restart);
  }

  /** A folder that behaves as the drive: when the file is whole, the boot ROM has it and the drive is gone. */
  #offerDrive(restart: () => void): void {
    const folder = mkdtempSync(join(tmpdir(), 'RPI-RP2-'));
    this.#drive = folder;
    writeFileSync(
      join(folder, 'INFO_UF2.TXT'),
      'UF2 Bootloader v3.0\r\nModel: Raspberry Pi RP2\r\nBoard-ID: RPI-RP2\r\n',
    );
    const poll = setInterval(async () => {
      const file = join(folder, 'engram.uf2');
      const bytes = statSync(file, { throwIfNoEntry: false })?.size
        ? await readFile(file)
        : new Uint8Array(0);
      const total =
        bytes.length >= 512 ? new DataView(bytes.buffer, bytes.byteOffset).getUint32(24, true) : 0;
      if (total === 0 || bytes.length < total * 512 || this.#mode !== 'boot ROM') return;
      clearInterval(poll);
      if (feedUf2(this.flash, blocksOf(bytes), familyId)) restart();
      this.close();
    }, 20);
    poll.unref();
  }

  #save(image: Uint8Array): void {
    const put = (address: number, bytes: Uint8Array) =>
      this.flash.bytes.set(bytes, address - this.flash.start);
    put(picoFlash.imageB.start, image);
    const header = { sequence: 9, imageArea: 1, checkpointLength: 0, checkpointCrc: 0 };
    const imageHash = readImage(image).contentHash;
    put(picoFlash.stateB.start, writeSlotHeader({ ...header, imageHash, imageLength: image.length }));
  }

  /** The image that the newest sound state slot names. */
  #savedImage(): Uint8Array | null {
    const slots = [picoFlash.stateA, picoFlash.stateB]
      .map(({ start }) => readSlotHeader(this.flash.at(start, 256)))
      .filter((slot) => slot !== null)
      .sort((a, b) => b.sequence - a.sequence);
    const slot = slots[0];
    if (!slot) return null;
    const area = slot.imageArea === 0 ? picoFlash.imageA : picoFlash.imageB;
    return this.flash.at(area.start, slot.imageLength);
  }
}
