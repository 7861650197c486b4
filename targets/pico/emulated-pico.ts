import { existsSync, readFileSync } from 'node:fs';
import { servePty } from '../../emulator/board/serve-pty.js';
import { EngramError } from '../../src/errors/engram-error.js';
import { elfSymbols } from '../../src/flash/elf-symbols.js';
import type { StartedBoard } from '../../src/runtime/board-kind.js';
import { openSerial } from '../../src/runtime/serial.js';
import type { Transport } from '../../src/runtime/transport.js';
import { openUsbDevice } from '../../src/runtime/usb.js';
import { openCdc } from './cdc-transport.js';
import { PicoLink } from './link.js';
import { EmulatedUsbDevice } from './usb-device.js';

const ways = ['cdc', 'webusb', 'pty'] as const;
type Way = (typeof ways)[number];

/** Milliseconds within which firmware must be on the bus: many times what it takes. */
const patience = 30_000;

export interface EmulatedPicoOptions {
  /** File that is in flash at first; null: flash is empty, the board waits in its bootloader. */
  readonly uf2: string | null;
  readonly serial?: string;
}

/** A Pico that runs in a worker of this process. */
export class EmulatedPico implements StartedBoard {
  readonly ways: readonly string[] = ways;
  readonly #link: PicoLink;
  readonly #connections = new Map<Way, Transport>();

  readonly #uf2: string | null;

  private constructor(link: PicoLink, uf2: string | null) {
    this.#link = link;
    this.#uf2 = uf2;
  }

  /** Power on. */
  static async start({ uf2, serial = 'pico-emulated' }: EmulatedPicoOptions): Promise<EmulatedPico> {
    const file = uf2 === null ? null : new Uint8Array(readFileSync(uf2));
    const pico = new EmulatedPico(new PicoLink(file, serial), uf2);
    await pico.#link.call({ kind: 'power-on', bootsel: false });
    return pico;
  }

  /** Resolves when firmware is on the bus. Throws E0604 (no power, in its bootloader), E0606, E1001. */
  async ready(): Promise<void> {
    const link = this.#link;
    await link.until(
      () => link.state.kind !== 'running' || (link.device !== null && !link.device.bootloader),
      patience,
    );
    const { kind, reason } = link.state;
    if (kind === 'running' && link.device) return;
    if (kind === 'failed') throw this.#failed();
    if (kind === 'running')
      throw new EngramError(
        'E0606',
        `the firmware on the emulated board did not come onto USB within ${patience / 1000} s`,
        {
          fix: ['build the firmware again: npm run firmware'],
        },
      );
    throw new EngramError(
      'E0604',
      kind === 'off'
        ? 'the emulated board has no power'
        : `the emulated board waits in its bootloader: ${reason}`,
      { fix: [kind === 'off' ? 'turn it on again' : 'flash it: engram flash --board pico-emulated'] },
    );
  }

  async connect(way: string = ways[0]): Promise<Transport> {
    if (!isWay(way))
      throw new EngramError('E0604', `this board has no way in "${way}"`, {
        fix: [`use one of: ${ways.join(', ')}`],
      });
    // The terminal is a way to the serial port.
    for (const other of way === 'webusb' ? [way] : (['cdc', 'pty'] as const)) {
      await this.#connections.get(other)?.close();
      this.#connections.delete(other);
    }
    await this.ready();
    const transport = await this.#open(way);
    this.#connections.set(way, transport);
    return transport;
  }

  async cycles(): Promise<number> {
    return this.#link.call<number>({ kind: 'cycles' });
  }

  readonly power = {
    cutAfter: (bytes: number) => this.#link.call({ kind: 'cut-after', bytes }),
    cycle: () => this.turnOn(),
    isOff: async () => (await this.#link.call<{ kind: string }>({ kind: 'state' })).kind === 'off',
  };

  /** Power off, if it is not, and on. `bootsel`: with the button held. */
  async turnOn({ bootsel = false } = {}): Promise<void> {
    await this.#link.call({ kind: 'power-off' });
    await this.#closeConnections();
    await this.#link.call({ kind: 'power-on', bootsel });
  }

  /** Opens the serial port at 1200 baud and hangs up, which asks firmware into the bootloader. */
  async touch(): Promise<void> {
    await this.ready();
    await (await openCdc(this.#link, 1200)).close();
  }

  /** The boot ROM's USB device; null while firmware runs. */
  bootloader(): USBDevice | null {
    const { device } = this.#link;
    return device?.bootloader ? new EmulatedUsbDevice(this.#link, device) : null;
  }

  /** The firmware's USB device; null while there is none. */
  usbDevice(): EmulatedUsbDevice | null {
    const { device } = this.#link;
    return device && !device.bootloader ? new EmulatedUsbDevice(this.#link, device) : null;
  }

  /** Throws E1001 if the chip has stopped at a fault: whoever used this board must not call it well. */
  async close(): Promise<void> {
    await this.#closeConnections();
    await this.#link.call({ kind: 'state' }).catch(() => {});
    const { kind } = this.#link.state;
    await this.#link.close();
    if (kind === 'failed') throw this.#failed();
  }

  async #closeConnections(): Promise<void> {
    for (const connection of this.#connections.values()) await connection.close();
    this.#connections.clear();
  }

  async #open(way: Way): Promise<Transport> {
    if (way === 'webusb') return openUsbDevice(new EmulatedUsbDevice(this.#link, this.#link.device!));
    const cdc = await openCdc(this.#link);
    return way === 'cdc' ? cdc : throughPty(cdc);
  }

  #place(address: number): string {
    const elf = this.#uf2?.replace(/\.uf2$/, '.elf');
    const symbols = elf && existsSync(elf) ? elfSymbols(readFileSync(elf)) : new Map<string, number>();
    return placeIn(symbols, address);
  }

  #failed(): EngramError {
    const { reason, pc, lr } = this.#link.state;
    const at = (value: number | null) => (value === null ? '?' : this.#place(value));
    return new EngramError('E1001', 'the firmware failed on the emulated chip', {
      facts: [
        ['it', reason],
        ['at', `pc ${at(pc)}, lr ${at(lr)}`],
      ],
      context: { pc, lr },
    });
  }
}

/** Address of code, with the function it is in where the ELF file beside the UF2 file says so. */
function placeIn(symbols: ReadonlyMap<string, number>, address: number): string {
  let nearest: [string, number] | null = null;
  for (const [name, at] of symbols)
    if (!name.startsWith('$') && at <= address && (nearest === null || at > nearest[1])) nearest = [name, at];
  const text = `0x${address.toString(16)}`;
  return nearest === null || address - nearest[1] > 0x10000
    ? text
    : `${text} (${nearest[0]} + ${address - nearest[1]})`;
}

/** The serial port on a pseudo-terminal, opened like one. */
async function throughPty(cdc: Transport): Promise<Transport> {
  let hangUp: (() => void) | null = null;
  const pty = await servePty({
    connect(send) {
      cdc.start({ receive: send, closed: () => hangUp?.() });
      return { receive: (bytes) => void cdc.send(bytes), close: () => void cdc.close() };
    },
  });
  const serial = await openSerial(pty.path).catch(async (error) => {
    await pty.close();
    throw error;
  });
  hangUp = () => void pty.close();
  return {
    info: serial.info,
    start: (handlers) => serial.start(handlers),
    send: (bytes) => serial.send(bytes),
    async close() {
      hangUp = null;
      await serial.close();
      await pty.close();
      await cdc.close();
    },
  };
}

function isWay(way: string): way is Way {
  return (ways as readonly string[]).includes(way);
}
