import { LinkFailure, type PicoLink } from './link.js';
import type { InterfaceDescription } from './usb/descriptors.js';
import type { UsbMethod, UsbOutcome, UsbPresence } from './worker-messages.js';

/** A device on the emulated board's USB lines, as a W3C `USBDevice`. */
export class EmulatedUsbDevice implements USBDevice {
  readonly usbVersionMajor: number;
  readonly usbVersionMinor: number;
  readonly usbVersionSubminor: number;
  readonly deviceClass: number;
  readonly deviceSubclass: number;
  readonly deviceProtocol: number;
  readonly vendorId: number;
  readonly productId: number;
  readonly deviceVersionMajor: number;
  readonly deviceVersionMinor: number;
  readonly deviceVersionSubminor: number;
  readonly manufacturerName: string | null;
  readonly productName: string | null;
  readonly serialNumber: string | null;
  readonly configurations: USBConfiguration[];
  configuration: USBConfiguration | null = null;
  opened = false;
  readonly #link: PicoLink;
  readonly #number: number;
  readonly #claimed = new Set<number>();
  /** Transfers under way, by their interface: releasing it ends them. */
  readonly #pending = new Map<(error: DOMException) => void, number>();

  constructor(link: PicoLink, { number, description }: UsbPresence) {
    this.#link = link;
    this.#number = number;
    const { usbVersion, deviceVersion } = description;
    this.usbVersionMajor = usbVersion >>> 8;
    this.usbVersionMinor = (usbVersion >>> 4) & 0xf;
    this.usbVersionSubminor = usbVersion & 0xf;
    [this.deviceClass, this.deviceSubclass, this.deviceProtocol] = description.deviceClass;
    this.vendorId = description.vendorId;
    this.productId = description.productId;
    this.deviceVersionMajor = deviceVersion >>> 8;
    this.deviceVersionMinor = (deviceVersion >>> 4) & 0xf;
    this.deviceVersionSubminor = deviceVersion & 0xf;
    this.manufacturerName = description.manufacturer;
    this.productName = description.product;
    this.serialNumber = description.serial;
    this.configurations = [
      {
        configurationValue: description.configuration,
        configurationName: null,
        interfaces: description.interfaces.map((one) => this.#interface(one)),
      },
    ];
    const end = link.onChange(() => {
      if (this.#isThere) return;
      end();
      this.opened = false;
      this.#abort(() => true, 'NetworkError', 'the device has left the bus');
    });
  }

  async open(): Promise<void> {
    this.#check(this.#isThere, 'NotFoundError', 'the device has left the bus');
    await this.#call('open', []);
    this.opened = true;
  }

  async close(): Promise<void> {
    if (!this.opened) return;
    this.opened = false;
    for (const number of [...this.#claimed]) await this.#release(number);
    await this.#call('close', []);
  }

  async selectConfiguration(value: number): Promise<void> {
    this.#checkOpen();
    const configuration = this.configurations.find((one) => one.configurationValue === value);
    this.#check(configuration !== undefined, 'NotFoundError', `there is no configuration ${value}`);
    await this.#call('selectConfiguration', [value]);
    this.configuration = configuration!;
  }

  async claimInterface(number: number): Promise<void> {
    this.#checkOpen();
    const found = this.configuration?.interfaces.find((one) => one.interfaceNumber === number);
    this.#check(found !== undefined, 'NotFoundError', `there is no interface ${number}`);
    await this.#call('claimInterface', [number]);
    this.#claimed.add(number);
  }

  async releaseInterface(number: number): Promise<void> {
    this.#checkOpen();
    await this.#release(number);
  }

  async clearHalt(direction: USBDirection, endpoint: number): Promise<void> {
    this.#checkOpen();
    this.#checkEndpoint(endpoint, direction);
    await this.#call('clearHalt', [direction, endpoint]);
  }

  async controlTransferIn(setup: USBControlTransferParameters, length: number): Promise<USBInTransferResult> {
    this.#checkOpen();
    return incoming(await this.#call('controlTransferIn', [{ ...setup }, length]));
  }

  async controlTransferOut(
    setup: USBControlTransferParameters,
    data?: BufferSource,
  ): Promise<USBOutTransferResult> {
    this.#checkOpen();
    return outgoing(await this.#call('controlTransferOut', [{ ...setup }, bytesOf(data)]));
  }

  async transferIn(endpoint: number, length: number): Promise<USBInTransferResult> {
    this.#checkOpen();
    const owner = this.#checkEndpoint(endpoint, 'in');
    return incoming(await this.#call('transferIn', [endpoint, length], owner));
  }

  async transferOut(endpoint: number, data: BufferSource): Promise<USBOutTransferResult> {
    this.#checkOpen();
    const owner = this.#checkEndpoint(endpoint, 'out');
    return outgoing(await this.#call('transferOut', [endpoint, bytesOf(data)], owner));
  }

  async selectAlternateInterface(number: number, alternate: number): Promise<void> {
    this.#checkOpen();
    this.#check(
      this.#claimed.has(number) && alternate === 0,
      'NotFoundError',
      `there is no alternate ${alternate}`,
    );
  }

  async reset(): Promise<void> {
    throw failure('NotSupportedError', 'the emulated port is not reset on request');
  }

  async forget(): Promise<void> {}

  async isochronousTransferIn(): Promise<USBIsochronousInTransferResult> {
    throw failure('NotSupportedError', 'isochronous transfers are not emulated');
  }

  async isochronousTransferOut(): Promise<USBIsochronousOutTransferResult> {
    throw failure('NotSupportedError', 'isochronous transfers are not emulated');
  }

  get #isThere(): boolean {
    return this.#link.device?.number === this.#number;
  }

  async #release(number: number): Promise<void> {
    if (!this.#claimed.delete(number)) return;
    this.#abort((owner) => owner === number, 'AbortError', 'its interface was released');
    await this.#call('releaseInterface', [number]);
  }

  async #call(method: UsbMethod, args: readonly unknown[], owner = -1): Promise<UsbOutcome> {
    let abort: (error: DOMException) => void = () => {};
    const aborted = new Promise<never>((_, reject) => {
      abort = reject;
    });
    this.#pending.set(abort, owner);
    try {
      return await Promise.race([
        this.#link.call<UsbOutcome>({ kind: 'usb', device: this.#number, method, args }),
        aborted,
      ]);
    } catch (error) {
      if (error instanceof LinkFailure) throw failure(error.name, error.message);
      throw error;
    } finally {
      this.#pending.delete(abort);
    }
  }

  #abort(which: (owner: number) => boolean, name: string, message: string): void {
    for (const [reject, owner] of [...this.#pending]) if (which(owner)) reject(failure(name, message));
  }

  #checkOpen(): void {
    this.#check(this.#isThere, 'NetworkError', 'the device has left the bus');
    this.#check(this.opened, 'InvalidStateError', 'the device is not open');
  }

  /** The interface an endpoint belongs to. */
  #checkEndpoint(endpoint: number, direction: USBDirection): number {
    const owner = this.configuration?.interfaces.find(
      ({ interfaceNumber, alternate }) =>
        this.#claimed.has(interfaceNumber) &&
        alternate.endpoints.some((one) => one.endpointNumber === endpoint && one.direction === direction),
    );
    this.#check(
      owner !== undefined,
      'NotFoundError',
      `no claimed interface has endpoint ${endpoint} ${direction}`,
    );
    return owner!.interfaceNumber;
  }

  #check(condition: boolean, name: string, message: string): void {
    if (!condition) throw failure(name, message);
  }

  #interface({ number, alternate, classCodes, endpoints }: InterfaceDescription): USBInterface {
    const [interfaceClass, interfaceSubclass, interfaceProtocol] = classCodes;
    const first: USBAlternateInterface = {
      alternateSetting: alternate,
      interfaceClass,
      interfaceSubclass,
      interfaceProtocol,
      interfaceName: null,
      endpoints: endpoints.map(({ number: endpointNumber, into, type, packetBytes }) => ({
        endpointNumber,
        direction: into ? 'in' : 'out',
        type: type as USBEndpointType,
        packetSize: packetBytes,
      })),
    };
    const claimed = this.#claimed;
    return {
      interfaceNumber: number,
      alternate: first,
      alternates: [first],
      get claimed() {
        return claimed.has(number);
      },
    };
  }
}

function incoming({ status, bytes }: UsbOutcome): USBInTransferResult {
  return { data: new DataView(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength), status };
}

function outgoing({ status, sent }: UsbOutcome): USBOutTransferResult {
  return { bytesWritten: sent, status };
}

function failure(name: string, message: string): DOMException {
  return new DOMException(message, name);
}

function bytesOf(source: BufferSource | undefined): Uint8Array {
  if (source === undefined) return new Uint8Array(0);
  return source instanceof ArrayBuffer
    ? new Uint8Array(source.slice(0))
    : new Uint8Array(source.buffer as ArrayBuffer, source.byteOffset, source.byteLength).slice();
}
