import { EngramError } from '../errors/engram-error.js';
import type { Transport, TransportHandlers } from './transport.js';

/** Class of the vendor interface a board offers beside its serial port. */
const vendorClass = 0xff;
const packetBytes = 64;

/** Finds a board's WebUSB interface with the `usb` package. Throws E0601 if there is none. */
export async function openUsb(): Promise<Transport> {
  const { webusb } = await import('usb');
  let devices: USBDevice[] = [];
  try {
    devices = (await webusb.getDevices()) as unknown as USBDevice[];
  } catch {
    // No USB on this machine at all: the same as no board.
  }
  const device = devices.find((candidate) => vendorInterface(candidate) !== null);
  if (device) return openUsbDevice(device);
  throw new EngramError('E0601', 'no board with a WebUSB interface is attached', {
    fix: ['attach one, or use its serial port: engram boards'],
  });
}

/** A W3C `USBDevice`, in a browser or on Node, as a transport: bulk transfers on its vendor interface. */
export async function openUsbDevice(device: USBDevice): Promise<Transport> {
  try {
    await device.open();
    if (device.configuration === null || device.configuration === undefined)
      await device.selectConfiguration(1);
    const found = vendorInterface(device);
    if (!found) throw new Error('it has no vendor interface with bulk endpoints');
    await device.claimInterface(found.number);
    return usbTransport(device, found);
  } catch (cause) {
    throw new EngramError('E0603', `cannot open USB device ${nameOf(device)}: ${(cause as Error).message}`, {
      fix: ['close other programs that use it', 'on Linux, allow access to it with a udev rule'],
      cause,
    });
  }
}

interface VendorInterface {
  readonly number: number;
  readonly input: number;
  readonly output: number;
}

function vendorInterface(device: USBDevice): VendorInterface | null {
  const interfaces = device.configuration?.interfaces ?? device.configurations[0]?.interfaces ?? [];
  for (const { interfaceNumber, alternates } of interfaces) {
    const endpoints = alternates[0]?.interfaceClass === vendorClass ? alternates[0].endpoints : [];
    const bulk = (direction: USBDirection) =>
      endpoints.find((endpoint) => endpoint.type === 'bulk' && endpoint.direction === direction)
        ?.endpointNumber;
    const [input, output] = [bulk('in'), bulk('out')];
    if (input !== undefined && output !== undefined) return { number: interfaceNumber, input, output };
  }
  return null;
}

function usbTransport(device: USBDevice, { number, input, output }: VendorInterface): Transport {
  let closing = false;
  let open = true;
  const finish = (handlers: TransportHandlers, reason: Error | null) => {
    if (!open) return;
    open = false;
    handlers.closed(reason);
  };
  let handlers: TransportHandlers | null = null;
  const listen = async (to: TransportHandlers) => {
    try {
      while (!closing) {
        const { data, status } = await device.transferIn(input, packetBytes * 16);
        if (status === 'stall') await device.clearHalt('in', input);
        else if (data && data.byteLength > 0)
          to.receive(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      }
    } catch (error) {
      finish(to, closing ? null : (error as Error));
    }
  };
  return {
    info: { kind: 'usb', name: nameOf(device) },
    start(given) {
      handlers = given;
      void listen(given);
    },
    async send(bytes) {
      if (!open) return;
      try {
        await device.transferOut(output, bytes as Uint8Array<ArrayBuffer>);
      } catch (error) {
        if (handlers) finish(handlers, error as Error);
      }
    },
    async close() {
      closing = true;
      await device.releaseInterface(number).catch(() => {});
      await device.close().catch(() => {});
      if (handlers) finish(handlers, null);
    },
  };
}

function nameOf(device: USBDevice): string {
  const hex = (n: number) => n.toString(16).padStart(4, '0');
  return `${hex(device.vendorId)}:${hex(device.productId)}${device.serialNumber ? ` ${device.serialNumber}` : ''}`;
}
