/** Words of the PICOBOOT interface that the boot ROM of the RP2040 offers beside its drive. */

export const picobootIds = { vendorId: 0x2e8a, productId: 0x0003 } as const;

/** Bytes of a command. */
export const commandBytes = 32;
/** Bytes of the answer to the status request. */
export const statusBytes = 16;

export const magic = 0x431fd10b;

/** Requests on the control endpoint, to the interface. */
export const controlRequests = { reset: 0x41, status: 0x42 } as const;

/** Commands; bit 7 says that data flow to the host. */
export const commands = {
  exclusiveAccess: 0x01,
  reboot: 0x02,
  flashErase: 0x03,
  read: 0x84,
  write: 0x05,
  exitXip: 0x06,
} as const;

export type PicobootCommand = keyof typeof commands;

/** Parameter of `exclusiveAccess`: the drive takes no more writes. */
export const exclusive = 1;

/** Why a command failed, by number. */
export const statusNames = [
  'ok',
  'unknown command',
  'wrong command length',
  'wrong transfer length',
  'address outside flash and RAM',
  'address or length is not aligned',
  'the drive was written to in between',
  'it is rebooting',
  'unknown error',
] as const;

export interface PicobootStatus {
  readonly token: number;
  readonly status: number;
  readonly command: number;
  readonly inProgress: boolean;
}

/** A command as it goes over the wire: `args` are its parameters, `transfer` the bytes of data that follow. */
export function encodeCommand(
  command: PicobootCommand,
  token: number,
  args: Uint8Array,
  transfer: number,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(commandBytes);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic, true);
  view.setUint32(4, token, true);
  view.setUint8(8, commands[command]);
  view.setUint8(9, args.length);
  view.setUint32(12, transfer, true);
  bytes.set(args, 16);
  return bytes;
}

export function decodeStatus(view: DataView): PicobootStatus {
  return {
    token: view.getUint32(0, true),
    status: view.getUint32(4, true),
    command: view.getUint8(8),
    inProgress: view.getUint8(9) !== 0,
  };
}

/** Parameters that are 32-bit words. */
export function words(...values: number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [n, value] of values.entries()) view.setUint32(n * 4, value, true);
  return bytes;
}
