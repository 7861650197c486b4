import type { BoardConnection, VirtualBoard } from '../../emulator/board/virtual-board.js';

const packetBytes = 64;
const inEndpoint = 2;
const outEndpoint = 3;
const vendorInterface = 2;

/** A W3C `USBDevice` with a virtual board behind it: full speed, a CDC function and a vendor interface. */
export class BoardOnUsb implements USBDevice {
  readonly usbVersionMajor = 2;
  readonly usbVersionMinor = 0;
  readonly usbVersionSubminor = 0;
  readonly deviceClass = 0xef;
  readonly deviceSubclass = 2;
  readonly deviceProtocol = 1;
  readonly vendorId = 0x2e8a;
  readonly productId = 0x000a;
  readonly deviceVersionMajor = 1;
  readonly deviceVersionMinor = 0;
  readonly deviceVersionSubminor = 0;
  readonly manufacturerName = 'engram';
  readonly productName = 'engram board';
  readonly serialNumber = 'virtual-0';
  readonly configurations: USBConfiguration[];
  configuration: USBConfiguration | null = null;
  opened = false;
  readonly #board: VirtualBoard;
  #connection: BoardConnection | null = null;
  #claimed = false;
  #plugged = true;
  #queue: Uint8Array[] = [];
  #waiting: { length: number; resolve(result: USBInTransferResult): void; reject(error: Error): void }[] = [];

  constructor(board: VirtualBoard) {
    this.#board = board;
    this.configurations = [
      {
        configurationValue: 1,
        configurationName: null,
        interfaces: [usbInterface(0, 2, []), usbInterface(1, 10, []), vendor()],
      },
    ];
  }

  async open(): Promise<void> {
    this.#check(this.#plugged, 'NotFoundError');
    this.opened = true;
  }

  async selectConfiguration(value: number): Promise<void> {
    this.#check(this.opened, 'InvalidStateError');
    this.configuration =
      this.configurations.find(({ configurationValue }) => configurationValue === value) ?? null;
    this.#check(this.configuration !== null, 'NotFoundError');
  }

  async claimInterface(number: number): Promise<void> {
    this.#check(this.opened && this.configuration !== null, 'InvalidStateError');
    this.#check(number === vendorInterface, 'NotFoundError');
    this.#claimed = true;
    this.#queue = [];
    this.#connection = this.#board.connect((bytes) => {
      // The bus carries packets; a transfer ends with a short one.
      for (let at = 0; at < bytes.length; at += packetBytes)
        this.#queue.push(bytes.slice(at, at + packetBytes));
      this.#serve();
    });
  }

  async releaseInterface(): Promise<void> {
    this.#check(this.#claimed, 'InvalidStateError');
    this.#claimed = false;
    this.#connection?.close();
    this.#abort('AbortError');
  }

  async close(): Promise<void> {
    this.opened = false;
    this.#claimed = false;
    this.#connection?.close();
    this.#abort('AbortError');
  }

  transferIn(endpoint: number, length: number): Promise<USBInTransferResult> {
    if (!this.#plugged) return Promise.reject(failure('NetworkError'));
    if (!this.#claimed || endpoint !== inEndpoint) return Promise.reject(failure('InvalidAccessError'));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ length, resolve, reject });
      this.#serve();
    });
  }

  async transferOut(endpoint: number, data: BufferSource): Promise<USBOutTransferResult> {
    this.#check(this.#plugged, 'NetworkError');
    this.#check(this.#claimed && endpoint === outEndpoint, 'InvalidAccessError');
    const bytes =
      data instanceof ArrayBuffer
        ? new Uint8Array(data)
        : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const copy = bytes.slice();
    await new Promise((resolve) => setImmediate(resolve));
    this.#check(this.#plugged, 'NetworkError');
    for (let at = 0; at < copy.length; at += packetBytes)
      this.#connection?.receive(copy.subarray(at, at + packetBytes));
    return { bytesWritten: copy.length, status: 'ok' };
  }

  unplug(): void {
    this.#plugged = false;
    this.opened = false;
    this.#connection?.close();
    this.#abort('NetworkError');
  }

  #serve(): void {
    while (this.#waiting.length > 0 && this.#queue.length > 0) {
      const { length, resolve } = this.#waiting.shift()!;
      const packets: Uint8Array[] = [];
      let size = 0;
      while (this.#queue.length > 0 && size + this.#queue[0]!.length <= length) {
        const packet = this.#queue.shift()!;
        packets.push(packet);
        size += packet.length;
        if (packet.length < packetBytes) break;
      }
      const data = new Uint8Array(size);
      let at = 0;
      for (const packet of packets) {
        data.set(packet, at);
        at += packet.length;
      }
      resolve({ data: new DataView(data.buffer), status: 'ok' });
    }
  }

  #abort(name: string): void {
    for (const { reject } of this.#waiting.splice(0)) reject(failure(name));
  }

  #check(condition: boolean, name: string): void {
    if (!condition) throw failure(name);
  }

  // Not used by a board.
  async clearHalt(): Promise<void> {}
  async selectAlternateInterface(): Promise<void> {}
  async reset(): Promise<void> {}
  async forget(): Promise<void> {}
  controlTransferIn(): Promise<USBInTransferResult> {
    return Promise.reject(failure('NotSupportedError'));
  }
  controlTransferOut(): Promise<USBOutTransferResult> {
    return Promise.reject(failure('NotSupportedError'));
  }
  isochronousTransferIn(): Promise<USBIsochronousInTransferResult> {
    return Promise.reject(failure('NotSupportedError'));
  }
  isochronousTransferOut(): Promise<USBIsochronousOutTransferResult> {
    return Promise.reject(failure('NotSupportedError'));
  }
}

function failure(name: string): DOMException {
  return new DOMException('The USB transfer failed.', name);
}

function usbInterface(number: number, code: number, endpoints: USBEndpoint[]): USBInterface {
  const alternate: USBAlternateInterface = {
    alternateSetting: 0,
    interfaceClass: code,
    interfaceSubclass: 0,
    interfaceProtocol: 0,
    interfaceName: null,
    endpoints,
  };
  return { interfaceNumber: number, alternate, alternates: [alternate], claimed: false };
}

function vendor(): USBInterface {
  const endpoint = (endpointNumber: number, direction: USBDirection): USBEndpoint => ({
    endpointNumber,
    direction,
    type: 'bulk',
    packetSize: packetBytes,
  });
  return usbInterface(vendorInterface, 0xff, [endpoint(inEndpoint, 'in'), endpoint(outEndpoint, 'out')]);
}
