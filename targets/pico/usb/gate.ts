import type { UsbMethod, UsbOutcome } from '../worker-messages.js';
import type { TransferResult } from './bus.js';
import type { UsbHost } from './host.js';

/** Carries out calls of a `USBDevice` on what is on the bus. Rejects with the name of a DOMException. */
export type UsbGate = (method: UsbMethod, args: readonly unknown[]) => Promise<UsbOutcome>;

export class UsbGone extends Error {
  constructor(message = 'the device has left the bus') {
    super(message);
    this.name = 'NetworkError';
  }
}

const nothing = new Uint8Array(0);
const fine: UsbOutcome = { status: 'ok', bytes: nothing, sent: 0 };
const types = { standard: 0, class: 1, vendor: 2 } as const;
const recipients = { device: 0, interface: 1, endpoint: 2, other: 3 } as const;

/**
 * The firmware's device, through the host it is plugged into. `act` runs something that may reset the chip; `onDone` is
 * told when a transfer has ended.
 */
export function firmwareGate(host: UsbHost, act: (action: () => void) => void, onDone: () => void): UsbGate {
  const transfer = (start: (done: (result: TransferResult) => void) => void) =>
    new Promise<UsbOutcome>((resolve, reject) => {
      const done = ({ status, data, sent }: TransferResult) => {
        onDone();
        if (status === 'gone') reject(new UsbGone());
        else resolve({ status, bytes: data, sent });
      };
      act(() => start(done));
    });
  const control = (into: boolean, setup: USBControlTransferParameters, length: number, data: Uint8Array) =>
    transfer((done) =>
      host.control(
        {
          requestType: (into ? 0x80 : 0) | (types[setup.requestType] << 5) | recipients[setup.recipient],
          request: setup.request,
          value: setup.value,
          index: setup.index,
          length,
          data,
        },
        done,
      ),
    );
  return async (method, args) => {
    const [first, second] = args as [never, never];
    switch (method) {
      case 'transferIn':
        return transfer((done) => host.bus.pipe(first, true).receive(second, done));
      case 'transferOut':
        return transfer((done) => host.bus.pipe(first, false).send(second, done));
      case 'controlTransferIn':
        return control(true, first, second, nothing);
      case 'controlTransferOut':
        return control(false, first, 0, second ?? nothing);
      case 'clearHalt': {
        const into = first === 'in';
        const index = (into ? 0x80 : 0) | (second as number);
        const outcome = await control(
          false,
          { requestType: 'standard', recipient: 'endpoint', request: 1, value: 0, index },
          0,
          nothing,
        );
        host.bus.pipe(second, into).toggle = 0;
        return outcome;
      }
      case 'releaseInterface':
        // What is under way on its endpoints ends.
        for (const { number, into } of host.device?.interfaces.find(({ number }) => number === first)
          ?.endpoints ?? [])
          host.bus.pipe(number, into).abort('gone');
        return fine;
      default:
        return fine;
    }
  };
}

/** A device that lives in this thread, such as the model of the boot ROM. */
export function modelGate(device: USBDevice): UsbGate {
  return async (method, args) => {
    const call = device[method] as (...args: readonly unknown[]) => Promise<unknown>;
    const result = (await call.apply(device, args as unknown[])) as
      | (Partial<USBInTransferResult> & Partial<USBOutTransferResult>)
      | undefined;
    const view = result?.data;
    const bytes = view
      ? new Uint8Array(view.buffer.slice(0)).subarray(view.byteOffset, view.byteOffset + view.byteLength)
      : nothing;
    return { status: result?.status ?? 'ok', bytes: bytes as Uint8Array, sent: result?.bytesWritten ?? 0 };
  };
}
