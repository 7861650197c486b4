import type { ControlRequest, TransferResult } from './bus.js';
import {
  type DeviceDescription,
  descriptorTypes,
  findMsOs20,
  readConfiguration,
  readString,
} from './descriptors.js';

/** What an enumeration wants next: time to pass, the bus reset, a request, or another address to speak to. */
export type Wish =
  | { readonly kind: 'pause'; readonly milliseconds: number }
  | { readonly kind: 'reset' }
  | { readonly kind: 'address'; readonly address: number }
  | { readonly kind: 'request'; readonly request: ControlRequest };

const nothing = new Uint8Array(0);
const english = 0x0409;
/** Any but 0 does. */
const deviceAddress = 7;

/**
 * Everything a host asks a new device, in the order hosts do: look at it at address 0, give it an address, read what it
 * is, configure it. Throws Error, whose text says what the device did wrong.
 */
export function* enumerate(): Generator<Wish, DeviceDescription, TransferResult> {
  yield { kind: 'pause', milliseconds: 10 };
  yield { kind: 'reset' };
  yield { kind: 'pause', milliseconds: 10 };
  const first = yield* descriptor(descriptorTypes.device, 0, 64);
  if (first.length < 8) throw new Error(`its device descriptor has ${first.length} bytes`);
  if (first[7] !== 64) throw new Error(`endpoint 0 takes packets of ${first[7]} bytes; 64 are emulated`);
  yield { kind: 'reset' };
  yield { kind: 'pause', milliseconds: 10 };
  yield* order('SET_ADDRESS', 0x00, 5, deviceAddress, 0);
  yield { kind: 'address', address: deviceAddress };
  yield { kind: 'pause', milliseconds: 2 };

  const device = yield* descriptor(descriptorTypes.device, 0, 18);
  if (device.length !== 18) throw new Error(`its device descriptor has ${device.length} bytes instead of 18`);
  const view = new DataView(device.buffer, device.byteOffset, device.byteLength);
  const head = yield* descriptor(descriptorTypes.configuration, 0, 9);
  if (head.length !== 9)
    throw new Error(`its configuration descriptor has ${head.length} bytes instead of 9`);
  const total = head[2]! | (head[3]! << 8);
  const configuration = yield* descriptor(descriptorTypes.configuration, 0, total);
  if (configuration.length !== total)
    throw new Error(`its configuration has ${configuration.length} bytes and announces ${total}`);
  const interfaces = readConfiguration(configuration);
  const usbVersion = view.getUint16(2, true);
  const bos = usbVersion >= 0x0201 ? yield* objectStore() : null;
  const manufacturer = yield* text(device[14]!);
  const product = yield* text(device[15]!);
  const serial = yield* text(device[16]!);
  yield* order('SET_CONFIGURATION', 0x00, 9, configuration[5]!, 0);
  const platform = bos ? findMsOs20(bos) : null;
  const msOs20 = platform
    ? yield* read('the Microsoft OS 2.0 descriptors', 0xc0, platform.vendorCode, 0, 7, platform.length)
    : null;
  if (msOs20 && msOs20.length !== platform!.length)
    throw new Error(
      `its Microsoft OS 2.0 descriptors have ${msOs20.length} bytes and announce ${platform!.length}`,
    );
  return {
    usbVersion,
    deviceClass: [device[4]!, device[5]!, device[6]!],
    vendorId: view.getUint16(8, true),
    productId: view.getUint16(10, true),
    deviceVersion: view.getUint16(12, true),
    manufacturer,
    product,
    serial,
    configuration: configuration[5]!,
    interfaces,
    bos,
    msOs20,
  };
}

function* objectStore(): Generator<Wish, Uint8Array, TransferResult> {
  const head = yield* descriptor(descriptorTypes.bos, 0, 5);
  const total = head[2]! | (head[3]! << 8);
  const bos = yield* descriptor(descriptorTypes.bos, 0, total);
  if (bos.length !== total)
    throw new Error(`its object store has ${bos.length} bytes and announces ${total}`);
  return bos;
}

function* text(index: number): Generator<Wish, string | null, TransferResult> {
  if (index === 0) return null;
  return readString(
    yield* read(`string ${index}`, 0x80, 6, (descriptorTypes.string << 8) | index, english, 255),
  );
}

function descriptor(
  type: number,
  index: number,
  length: number,
): Generator<Wish, Uint8Array, TransferResult> {
  const [name] = Object.entries(descriptorTypes).find(([, value]) => value === type)!;
  return read(`its ${name} descriptor`, 0x80, 6, (type << 8) | index, 0, length);
}

function* read(
  what: string,
  requestType: number,
  request: number,
  value: number,
  index: number,
  length: number,
): Generator<Wish, Uint8Array, TransferResult> {
  const { status, data } = yield {
    kind: 'request',
    request: { requestType, request, value, index, length, data: nothing },
  };
  if (status !== 'ok') throw new Error(`${what}: ${explain(status)}`);
  return data;
}

function* order(
  what: string,
  requestType: number,
  request: number,
  value: number,
  index: number,
): Generator<Wish, void, TransferResult> {
  const { status } = yield {
    kind: 'request',
    request: { requestType, request, value, index, length: 0, data: nothing },
  };
  if (status !== 'ok') throw new Error(`${what}: ${explain(status)}`);
}

function explain(status: TransferResult['status']): string {
  if (status === 'stall') return 'the device refuses the request';
  if (status === 'babble') return 'the device sends more than was asked for';
  return 'the device does not answer as it should';
}
