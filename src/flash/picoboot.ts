import { EngramError } from '../errors/engram-error.js';
import {
  commands,
  controlRequests,
  decodeStatus,
  encodeCommand,
  exclusive,
  type PicobootCommand,
  type PicobootStatus,
  statusBytes,
  statusNames,
  words,
} from './picoboot-command.js';

const vendorClass = 0xff;
const packetBytes = 64;
const nothing = new Uint8Array(0);
/** Between the answer to REBOOT and the reboot, so that the answer still gets out. */
const rebootDelayMilliseconds = 200;
/** Top of the RP2040's RAM: the stack the boot ROM starts with. */
const stackTop = 0x20042000;

interface PicobootInterface {
  readonly number: number;
  readonly input: number;
  readonly output: number;
}

/**
 * A board in its boot ROM, over a W3C `USBDevice`. Every call throws E1104 if the boot ROM refuses, which names its
 * reason, or if the board is gone.
 */
export class Picoboot {
  readonly #device: USBDevice;
  readonly #interface: PicobootInterface;
  #token = 0;

  private constructor(device: USBDevice, found: PicobootInterface) {
    this.#device = device;
    this.#interface = found;
  }

  /** Takes the interface and brings it into a known state. Throws E0603 if it is busy or not permitted. */
  static async open(device: USBDevice): Promise<Picoboot> {
    let picoboot: Picoboot;
    try {
      await device.open();
      if (device.configuration === null || device.configuration === undefined)
        await device.selectConfiguration(1);
      const found = picobootInterface(device);
      if (!found) throw new Error('it has no PICOBOOT interface');
      await device.claimInterface(found.number);
      picoboot = new Picoboot(device, found);
    } catch (cause) {
      await device.close().catch(() => {});
      throw new EngramError('E0603', `cannot open the board in its bootloader: ${(cause as Error).message}`, {
        fix: [
          'close other programs that use it',
          'on Linux, allow access to it with the rule that this prints: engram flash --print-udev',
          'copy the firmware onto its drive RPI-RP2: engram flash --method drive',
        ],
        cause,
      });
    }
    try {
      await picoboot.reset();
      return picoboot;
    } catch (error) {
      await picoboot.close();
      throw error;
    }
  }

  /** Ends what an earlier host left unfinished, exclusive access included. */
  async reset(): Promise<void> {
    const { number, input, output } = this.#interface;
    await this.#device.clearHalt('in', input).catch(() => {});
    await this.#device.clearHalt('out', output).catch(() => {});
    await this.#transfer('reset', () =>
      this.#device.controlTransferOut(request(controlRequests.reset, number), nothing),
    );
  }

  /** What became of the last command. */
  async status(): Promise<PicobootStatus> {
    const { data } = await this.#transfer('status', () =>
      this.#device.controlTransferIn(request(controlRequests.status, this.#interface.number), statusBytes),
    );
    if (!data || data.byteLength < statusBytes)
      throw lost('status', new Error(`it sent ${data?.byteLength ?? 0} bytes of ${statusBytes}`));
    return decodeStatus(data);
  }

  /** From here on the drive takes no writes: two at a time would mix. */
  exclusiveAccess(): Promise<void> {
    return this.#commandOut('exclusiveAccess', Uint8Array.of(exclusive), nothing);
  }

  /** Flash memory leaves the state in which it is read as memory; wanted before it is erased, written or read. */
  exitXip(): Promise<void> {
    return this.#commandOut('exitXip', nothing, nothing);
  }

  /** Erases whole sectors. The boot ROM does not say if it did not: read back what is written. */
  erase(address: number, bytes: number): Promise<void> {
    return this.#commandOut('flashErase', words(address, bytes), nothing);
  }

  /** Writes whole pages into flash that was erased. */
  write(address: number, bytes: Uint8Array): Promise<void> {
    return this.#commandOut('write', words(address, bytes.length), bytes);
  }

  /** Reads flash from the start of a page. */
  async read(address: number, length: number): Promise<Uint8Array> {
    await this.#send('read', words(address, length), length);
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const { data } = await this.#transfer('read', () =>
        this.#device.transferIn(this.#interface.input, length - done),
      );
      if (!data || data.byteLength === 0 || data.byteLength > length - done)
        throw lost('read', new Error(`it sent ${done} bytes of ${length}`));
      bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), done);
      done += data.byteLength;
    }
    await this.#transfer('read', () => this.#device.transferOut(this.#interface.output, nothing));
    return bytes;
  }

  /** Starts what is in flash; the device leaves the bus. */
  reboot(): Promise<void> {
    return this.#commandOut('reboot', words(0, stackTop, rebootDelayMilliseconds), nothing);
  }

  async close(): Promise<void> {
    await this.#device.releaseInterface(this.#interface.number).catch(() => {});
    await this.#device.close().catch(() => {});
  }

  /** A command without an answer but the empty packet that says it is done. */
  async #commandOut(name: PicobootCommand, args: Uint8Array, data: Uint8Array): Promise<void> {
    await this.#send(name, args, data.length);
    if (data.length > 0)
      await this.#transfer(name, () =>
        this.#device.transferOut(this.#interface.output, data as Uint8Array<ArrayBuffer>),
      );
    await this.#transfer(name, () => this.#device.transferIn(this.#interface.input, packetBytes));
  }

  async #send(name: PicobootCommand, args: Uint8Array, transfer: number): Promise<void> {
    this.#token++;
    const command = encodeCommand(name, this.#token, args, transfer);
    await this.#transfer(name, () => this.#device.transferOut(this.#interface.output, command));
  }

  async #transfer<T extends USBInTransferResult | USBOutTransferResult>(
    name: PicobootCommand | 'reset' | 'status',
    run: () => Promise<T>,
  ): Promise<T> {
    let result: T;
    try {
      result = await run();
    } catch (cause) {
      // The package `usb` rejects on a stall as well; only a board that still answers can have stalled.
      const status = name in commands ? await this.#reason() : null;
      throw status ? refused(name, status) : lost(name, cause as Error);
    }
    if (result.status === 'ok') return result;
    const status = name in commands ? await this.#reason() : null;
    throw status ? refused(name, status) : lost(name, new Error(`transfer ended with '${result.status}'`));
  }

  /** Why the last command failed; null if it did not, or the board does not answer. Frees the endpoints. */
  async #reason(): Promise<PicobootStatus | null> {
    try {
      const status = await this.status();
      await this.reset();
      return status.status === 0 ? null : status;
    } catch {
      return null;
    }
  }
}

function request(code: number, number: number): USBControlTransferParameters {
  return { requestType: 'vendor', recipient: 'interface', request: code, value: 0, index: number };
}

function picobootInterface(device: USBDevice): PicobootInterface | null {
  const interfaces = device.configuration?.interfaces ?? device.configurations[0]?.interfaces ?? [];
  for (const { interfaceNumber, alternates } of interfaces) {
    if (alternates[0]?.interfaceClass !== vendorClass) continue;
    const number = (direction: USBDirection) =>
      alternates[0]?.endpoints.find((endpoint) => endpoint.direction === direction)?.endpointNumber;
    const [input, output] = [number('in'), number('out')];
    if (input !== undefined && output !== undefined) return { number: interfaceNumber, input, output };
  }
  return null;
}

function refused(name: string, { status, token }: PicobootStatus): EngramError {
  const reason = statusNames[status] ?? `status ${status}`;
  return new EngramError('E1104', `the bootloader refused '${name}': ${reason}`, {
    fix: ['call engram flash again', 'hold BOOTSEL, plug the board in again, and repeat'],
    context: { command: name, status, token },
  });
}

function lost(name: string, cause: Error): EngramError {
  return new EngramError('E1104', `the bootloader was lost at '${name}': ${cause.message}`, {
    fix: ['plug the board in again holding BOOTSEL, and repeat: an unfinished flash does no harm'],
    context: { command: name },
    cause,
  });
}
