import type { DeviceDescription } from './descriptors.js';
import type { UsbHost } from './host.js';

const nothing = new Uint8Array(0);
const setLineCoding = 0x20;
const setControlLineState = 0x22;
const terminalReadyAndRequestToSend = 3;
const toInterface = 0x21;
/** Bytes the program may lag behind before the host stops asking the board for more. */
const lagAllowed = 256 * 1024;

interface CdcFunction {
  readonly control: number;
  readonly notify: number | null;
  readonly input: number;
  readonly output: number;
}

/** The serial port a host makes of a device's CDC-ACM function. */
export class CdcPort {
  readonly #host: UsbHost;
  readonly #function: CdcFunction;
  readonly #act: (action: () => void) => void;
  #lag = 0;

  private constructor(host: UsbHost, found: CdcFunction, act: (action: () => void) => void) {
    this.#host = host;
    this.#function = found;
    this.#act = act;
  }

  /** Null if the device has none. `act` runs something that may reset the chip. */
  static of(host: UsbHost, device: DeviceDescription, act: (action: () => void) => void): CdcPort | null {
    const found = cdcFunction(device);
    return found ? new CdcPort(host, found, act) : null;
  }

  /** Sets the line up, and takes what comes from here on. Resolves when the board has agreed. */
  async open(baudRate: number, receive: (packet: Uint8Array) => void): Promise<void> {
    const coding = new Uint8Array(7);
    const view = new DataView(coding.buffer);
    view.setUint32(0, baudRate, true);
    view.setUint8(6, 8);
    await this.#request(setLineCoding, 0, coding);
    await this.#request(setControlLineState, terminalReadyAndRequestToSend, nothing);
    this.#act(() => {
      const { notify, input } = this.#function;
      if (notify !== null) this.#host.bus.pipe(notify, true).listen(() => {});
      this.#host.bus.pipe(input, true).listen((packet) => {
        this.#lag += packet.length;
        if (this.#lag > lagAllowed) this.#host.bus.pipe(input, true).hold(true);
        receive(packet);
      });
    });
  }

  /** The program has taken so many bytes. */
  taken(bytes: number): void {
    const before = this.#lag;
    this.#lag -= bytes;
    if (before > lagAllowed && this.#lag <= lagAllowed)
      this.#act(() => this.#host.bus.pipe(this.#function.input, true).hold(false));
  }

  /** `sent` is called with true when the board has taken the bytes, with false if it has gone. */
  send(bytes: Uint8Array, sent: (ok: boolean) => void): void {
    this.#act(() =>
      this.#host.bus.pipe(this.#function.output, false).send(bytes, ({ status }) => sent(status === 'ok')),
    );
  }

  /** Hangs up. */
  async close(): Promise<void> {
    const { notify, input, output } = this.#function;
    const { bus } = this.#host;
    this.#act(() => {
      bus.pipe(output, false).abort('gone');
      bus.pipe(input, true).listen(null);
      if (notify !== null) bus.pipe(notify, true).listen(null);
    });
    await this.#request(setControlLineState, 0, nothing).catch(() => {});
  }

  #request(request: number, value: number, data: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) =>
      this.#act(() =>
        this.#host.control(
          { requestType: toInterface, request, value, index: this.#function.control, length: 0, data },
          ({ status }) => {
            if (status === 'ok') resolve();
            else
              reject(
                new Error(
                  status === 'stall' ? 'the board refuses the line setting' : 'the board has left the bus',
                ),
              );
          },
        ),
      ),
    );
  }
}

function cdcFunction({ interfaces }: DeviceDescription): CdcFunction | null {
  const control = interfaces.find(({ classCodes }) => classCodes[0] === 2 && classCodes[1] === 2);
  const data = interfaces.find(({ classCodes, endpoints }) => classCodes[0] === 10 && endpoints.length > 0);
  const bulk = (into: boolean) =>
    data?.endpoints.find((endpoint) => endpoint.type === 'bulk' && endpoint.into === into)?.number;
  const [input, output] = [bulk(true), bulk(false)];
  if (!control || input === undefined || output === undefined) return null;
  const notify = control.endpoints.find(({ type, into }) => type === 'interrupt' && into)?.number ?? null;
  return { control: control.number, notify, input, output };
}
