import { describe, expect, test } from 'vitest';
import { encodeMessage } from '../../../firmware-protocol/codec/message.js';
import { cdc, Shipped, vendor } from './shipped.testing.js';

const requests = {
  getStatus: 0,
  clearFeature: 1,
  setFeature: 3,
  getDescriptor: 6,
  setInterface: 11,
} as const;
const lineCoding = { set: 0x20, get: 0x21 } as const;
const lineState = 0x22;
const fromDevice = 0x80;
const toEndpoint = 0x02;
const toInterface = 0x21;

describe('what the device says of itself', () => {
  test('it is the product that target.json names, with the number of its flash chip', () => {
    const device = new Shipped({ serial: '0123456789ABCDEF' }).enumerated();
    expect([device.vendorId, device.productId]).toEqual([0x2e8a, 0x000a]);
    expect(device.manufacturer).toBe('engram');
    expect(device.product).toBe('Engram Pico');
    expect(device.serial).toBe('0123456789ABCDEF');
  });

  test('its object store has WebUSB and, for Windows, a driver and a name for the vendor interface', () => {
    const { bos, msOs20, interfaces } = new Shipped().enumerated();
    // {3408b638-09a9-47a0-8bfd-a0768815b665} as USB orders it.
    expect(Buffer.from(bos!).toString('hex')).toContain('38b60834a909a0478bfda0768815b665');
    const set = new DataView(msOs20!.buffer, msOs20!.byteOffset, msOs20!.byteLength);
    const found: { type: number; at: number; length: number }[] = [];
    for (let at = 0; at < set.byteLength; at += set.getUint16(at, true))
      found.push({ type: set.getUint16(at + 2, true), at, length: set.getUint16(at, true) });
    // Set, configuration, function, compatible id, registry property; each subset says how far it goes.
    expect(found.map(({ type }) => type)).toEqual([0, 1, 2, 3, 4]);
    const [whole, configuration, subset, id, property] = found.map(({ at }) => at) as [number, ...number[]];
    expect(set.getUint16(whole + 8, true)).toBe(set.byteLength);
    expect(configuration! + set.getUint16(configuration! + 6, true)).toBe(set.byteLength);
    expect(subset! + set.getUint16(subset! + 6, true)).toBe(set.byteLength);
    const bound = interfaces.find(({ number }) => number === set.getUint8(subset! + 4));
    expect(bound!.classCodes[0]).toBe(0xff);
    const text = (at: number, bytes: number, encoding: BufferEncoding) =>
      Buffer.from(msOs20!.subarray(at, at + bytes)).toString(encoding);
    expect(text(id! + 4, 8, 'latin1')).toBe('WINUSB\0\0');
    const nameBytes = set.getUint16(property! + 6, true);
    const valueAt = property! + 8 + nameBytes;
    expect(text(property! + 8, nameBytes, 'utf16le')).toBe('DeviceInterfaceGUIDs\0');
    expect(text(valueAt + 2, set.getUint16(valueAt, true), 'utf16le')).toMatch(/^\{[0-9A-F-]{36}\}\0\0$/);
  });

  test.each([1, 2] as const)('a chip of stepping %i comes onto the bus', (revision) => {
    expect(new Shipped({ revision }).enumerated().product).toBe('Engram Pico');
  });
});

describe('endpoint 0', () => {
  test('gives no more than was asked for, and all of it in packets', () => {
    const board = new Shipped();
    board.enumerated();
    for (const length of [1, 9, 63, 64, 65, 98, 255]) {
      const { status, data } = board.control({
        requestType: fromDevice,
        request: requests.getDescriptor,
        value: 0x0200,
        length,
      });
      expect([status, data.length]).toEqual(['ok', Math.min(length, 98)]);
    }
  });

  test('refuses what it does not know, and goes on', () => {
    const board = new Shipped();
    board.enumerated();
    const unknown = [
      { requestType: fromDevice, request: requests.getDescriptor, value: 0x0600, length: 10 },
      { requestType: fromDevice, request: requests.getDescriptor, value: 0x03ff, index: 0x0409, length: 255 },
      { requestType: 0xc0, request: 77, length: 8 },
      { requestType: 0x40, request: 77 },
      { requestType: toInterface, request: lineCoding.set, data: new Uint8Array(6) },
      { requestType: 0x00, request: 9, value: 2 },
      { requestType: 0x01, request: requests.setInterface, value: 1, index: 0 },
    ];
    for (const request of unknown) expect(board.control(request).status).toBe('stall');
    expect(board.control({ requestType: fromDevice, request: requests.getStatus, length: 2 }).data).toEqual(
      Uint8Array.of(0, 0),
    );
  });

  test('keeps the line coding it is given', () => {
    const board = new Shipped();
    board.enumerated();
    const data = Uint8Array.of(0x80, 0x25, 0, 0, 2, 1, 7);
    expect(board.control({ requestType: toInterface, request: lineCoding.set, data }).status).toBe('ok');
    expect(board.control({ requestType: 0xa1, request: lineCoding.get, length: 7 }).data).toEqual(data);
  });
});

describe('the two ways to the server', () => {
  test('the host that spoke last is answered, the other is not', () => {
    const board = new Shipped();
    board.enumerated();
    const [overCdc, overVendor] = [board.listen(cdc), board.listen(vendor)];
    board.hello(vendor);
    board.until('an answer over the vendor interface', () => overVendor.names.includes('HELLO_REPLY'));
    expect(overCdc.packets).toBe(0);
    board.hello(cdc);
    board.until('an answer over CDC', () => overCdc.names.includes('HELLO_REPLY'));
    board.request(vendor, 'PING', {});
    board.until('an answer to PING', () => overVendor.names.includes('OK'));
    expect(overVendor.names).toEqual(['HELLO_REPLY', 'OK']);
    expect(overCdc.names).toEqual(['HELLO_REPLY']);
  });

  test('half a frame from one does not spoil a frame from the other', () => {
    const board = new Shipped();
    board.enumerated();
    board.hello(cdc);
    const heard = board.listen(vendor);
    const frame = encodeMessage('PING', {}, { sequence: 1 });
    board.send(cdc, frame.subarray(0, 5));
    board.hello(vendor);
    board.until('an answer', () => heard.names.includes('HELLO_REPLY'));
    board.request(vendor, 'STATISTICS_READ', {});
    board.until('STATISTICS', () => heard.names.includes('STATISTICS'));
    const told = heard.messages.find((message) => message.name === 'STATISTICS');
    expect(told?.name === 'STATISTICS' && told.fields.framesGood).toBe(3);
  });

  test('what a program that hung up has not read does not greet the next', () => {
    const board = new Shipped();
    board.enumerated();
    const open = (ready: number) =>
      board.control({ requestType: toInterface, request: lineState, value: ready, index: 0 });
    open(3);
    board.hello(cdc);
    for (let n = 0; n < 12; n++) board.request(cdc, 'INFO', {});
    open(0);
    const heard = board.listen(cdc);
    open(3);
    board.hello(cdc);
    board.until('an answer', () => heard.names.includes('HELLO_REPLY'));
    // One packet was on its way already.
    expect(heard.bytes).toBeLessThan(64 + 512);
    expect(heard.names.at(-1)).toBe('HELLO_REPLY');
  });

  test('a halted endpoint refuses until it is cleared, and begins with DATA0 then', () => {
    const board = new Shipped();
    const { interfaces } = board.enumerated();
    expect(interfaces.length).toBe(3);
    const halt = (request: number, index: number) =>
      board.control({ requestType: toEndpoint, request, value: 0, index });
    board.hello(vendor);
    expect(halt(requests.setFeature, vendor).status).toBe('ok');
    const status = board.control({ requestType: 0x82, request: 0, index: vendor, length: 2 });
    expect([...status.data]).toEqual([1, 0]);
    expect(board.send(vendor, Uint8Array.of(0))).toBe('stall');
    for (const index of [vendor, vendor | 0x80]) expect(halt(requests.clearFeature, index).status).toBe('ok');
    board.host.bus.resetToggles();
    for (const index of [cdc, cdc | 0x80]) halt(requests.clearFeature, index);
    const heard = board.listen(vendor);
    board.hello(vendor);
    board.until('an answer', () => heard.names.includes('HELLO_REPLY'));
    expect(halt(requests.setFeature, 9).status).toBe('stall');
  });

  test('a host that sends more than the board reads has to wait, and nothing is lost', () => {
    const board = new Shipped();
    board.enumerated();
    const heard = board.listen(vendor);
    board.hello(vendor);
    // Frames too short to be any, each counted: 3 bytes and a delimiter.
    const count = 25_000;
    const rubbish = new Uint8Array(4 * count);
    for (let n = 0; n < count; n++) rubbish.set([3, 1, 2], 4 * n);
    expect(board.send(vendor, rubbish)).toBe('ok');
    board.request(vendor, 'STATISTICS_READ', {});
    board.until('STATISTICS', () => heard.names.includes('STATISTICS'));
    const told = heard.messages.find((message) => message.name === 'STATISTICS');
    expect(told?.name === 'STATISTICS' && told.fields.discardedShort).toBe(count);
  });
});
