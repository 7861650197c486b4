import type { DeviceDescription } from './usb/descriptors.js';

/** What starts the worker. */
export interface WorkerStart {
  /** Module of the worker; where it is TypeScript, the loader needs its address. */
  readonly url: string;
  /** Counts messages sent to the worker, which sleeps on it. */
  readonly bell: SharedArrayBuffer;
  readonly uf2: Uint8Array | null;
  readonly serial: string;
}

/** A call of the program; each is answered by a reply with its number. */
export type Call =
  | { readonly kind: 'state' | 'cycles' | 'power-off' | 'cdc-close' }
  | { readonly kind: 'power-on'; readonly bootsel: boolean }
  | { readonly kind: 'cut-after'; readonly bytes: number }
  | { readonly kind: 'cdc-open'; readonly baudRate: number }
  | {
      readonly kind: 'usb';
      readonly device: number;
      readonly method: UsbMethod;
      readonly args: readonly unknown[];
    };

/** Methods of a `USBDevice` that need the device. */
export type UsbMethod =
  | 'open'
  | 'close'
  | 'selectConfiguration'
  | 'claimInterface'
  | 'releaseInterface'
  | 'clearHalt'
  | 'controlTransferIn'
  | 'controlTransferOut'
  | 'transferIn'
  | 'transferOut';

export type ToWorker =
  | { readonly kind: 'call'; readonly id: number; readonly call: Call }
  /** Bytes for the serial port of the board. */
  | { readonly kind: 'cdc-out'; readonly bytes: Uint8Array }
  /** So many bytes from the serial port were taken. */
  | { readonly kind: 'cdc-taken'; readonly bytes: number };

export type FromWorker =
  | { readonly kind: 'reply'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly name: string; readonly message: string }
  | { readonly kind: 'state'; readonly state: StateReport }
  /** Null: it has left the bus. */
  | { readonly kind: 'device'; readonly device: UsbPresence | null }
  | { readonly kind: 'cdc-in'; readonly bytes: Uint8Array }
  /** So many bytes have gone out to the board. */
  | { readonly kind: 'cdc-sent'; readonly bytes: number };

export interface StateReport {
  readonly kind: 'off' | 'running' | 'bootloader' | 'failed';
  /** Why it is in the bootloader, or what the fault is. */
  readonly reason: string;
  readonly pc: number | null;
  readonly lr: number | null;
}

/** A device on the bus: the firmware's, or the boot ROM's. */
export interface UsbPresence {
  /** Counts devices as they come, so that a call to one that has gone is told from one to the next. */
  readonly number: number;
  readonly bootloader: boolean;
  readonly description: DeviceDescription;
}

/** Outcome of a transfer, as it goes between the threads. */
export interface UsbOutcome {
  readonly status: 'ok' | 'stall' | 'babble';
  readonly bytes: Uint8Array;
  readonly sent: number;
}
