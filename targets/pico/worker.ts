import { performance } from 'node:perf_hooks';
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { PicobootDevice } from '../../src/flash/picoboot-device.js';
import { readUf2 } from '../../src/flash/uf2.js';
import { PowerCut } from './chip/fault.js';
import { Pico, type PicoState } from './chip/pico.js';
import { joined } from './usb/bus.js';
import { CdcPort } from './usb/cdc.js';
import type { DeviceDescription } from './usb/descriptors.js';
import { firmwareGate, modelGate, type UsbGate, UsbGone } from './usb/gate.js';
import type { UsbHost } from './usb/host.js';
import { maxPacketBytes } from './usb/wire.js';
import type { Call, FromWorker, StateReport, ToWorker, WorkerStart } from './worker-messages.js';

/** Cycles between two looks for messages: less than half a millisecond of the chip's time. */
const slice = 50_000;
/** Nanoseconds the chip may lag behind this computer's clock and catch up in its sleep. */
const lagAllowed = 5e6;

/** Runs a board, and does what the program asks for in between. */
class BoardWorker {
  readonly #port: MessagePort;
  readonly #bell: Int32Array;
  readonly #pico: Pico;
  #host: UsbHost | null = null;
  #gate: UsbGate | null = null;
  #cdc: CdcPort | null = null;
  #devices = 0;
  #received: Uint8Array[] = [];
  #reported: PicoState | null = null;
  #reportedBoots = -1;
  #rebootAsked = false;
  /** Something has happened that the program waits for. */
  #news = false;
  #realAnchor = 0;
  #chipAnchor = 0;

  constructor(port: MessagePort, { bell, uf2, serial }: WorkerStart) {
    this.#port = port;
    this.#bell = new Int32Array(bell);
    this.#pico = new Pico({ serial, pieces: uf2 === null ? [] : readUf2(uf2).pieces });
    this.#pico.onLife = (host) => this.#newLife(host);
  }

  async run(): Promise<never> {
    for (;;) {
      const rung = Atomics.load(this.#bell, 0);
      for (let next = receiveMessageOnPort(this.#port); next; next = receiveMessageOnPort(this.#port))
        this.#take(next.message as ToWorker);
      const pause = this.#turn();
      this.#report();
      const { boots } = this.#pico;
      // Promises of devices and calls go on, and may give the chip something to do.
      await new Promise((resolve) => setImmediate(resolve));
      this.#flush();
      if (this.#rebootAsked) this.#reboot();
      const changed = this.#pico.boots !== boots || this.#host?.isBusy === true;
      if (pause > 0 && !changed) Atomics.wait(this.#bell, 0, rung, pause);
    }
  }

  /** Runs the chip for a while. Gives for how many milliseconds there is nothing to do. */
  #turn(): number {
    const pico = this.#pico;
    const end = pico.cycles + slice;
    this.#news = false;
    while (pico.cycles < end && !this.#news) {
      const how = pico.run(slice);
      if (how === 'stopped') return 1000;
      if (how === 'budget') return 0;
      const pause = this.#host?.isBusy ? 0 : this.#ahead();
      if (pause > 0) return pause / 1e6;
      pico.sleep(pico.life.nanosToNext);
    }
    return 0;
  }

  /**
   * While the chip sleeps, its clock goes with this computer's: nanoseconds until its next event is due. Time it was
   * ahead by when it fell asleep is never waited for.
   */
  #ahead(): number {
    const { life } = this.#pico;
    const real = performance.now() * 1e6;
    const chip = life.clock.nanos;
    const ahead = chip - this.#chipAnchor - (real - this.#realAnchor);
    if (ahead > 0 || ahead < -lagAllowed) {
      this.#realAnchor = real;
      this.#chipAnchor = chip + Math.min(lagAllowed, Math.max(0, -ahead));
    }
    return Math.min(0, Math.max(ahead, -lagAllowed)) + life.nanosToNext;
  }

  #take(message: ToWorker): void {
    if (message.kind === 'cdc-taken') this.#cdc?.taken(message.bytes);
    else if (message.kind === 'cdc-out') {
      const { length } = message.bytes;
      this.#cdc?.send(message.bytes, (ok) => ok && this.#post({ kind: 'cdc-sent', bytes: length }));
    } else {
      const { id, call } = message;
      this.#answer(call).then(
        (value) => this.#post({ kind: 'reply', id, value }),
        (error: Error) => this.#post({ kind: 'failure', id, name: error.name, message: error.message }),
      );
    }
  }

  async #answer(call: Call): Promise<unknown> {
    const pico = this.#pico;
    switch (call.kind) {
      case 'state':
        return this.#stateReport();
      case 'cycles':
        return pico.cycles;
      case 'power-on':
        pico.powerOn(call);
        return;
      case 'power-off':
        pico.powerOff();
        return;
      case 'cut-after':
        pico.flash.cutAfter(call.bytes);
        return;
      case 'usb':
        return this.#usb(call);
      case 'cdc-open': {
        const device = this.#host?.device;
        this.#cdc = device ? CdcPort.of(this.#host!, device, (action) => pico.act(action)) : null;
        if (this.#cdc === null) throw new UsbGone('the board has no serial port on USB');
        return this.#cdc.open(call.baudRate, (packet) => {
          this.#received.push(packet);
          // The end of a message, most likely: it is not to wait for the end of a turn.
          if (packet.length < maxPacketBytes) this.#news = true;
        });
      }
      case 'cdc-close': {
        const cdc = this.#cdc;
        this.#cdc = null;
        return cdc?.close();
      }
    }
  }

  async #usb({ device, method, args }: Call & { kind: 'usb' }): Promise<unknown> {
    if (device !== this.#devices || this.#gate === null) throw new UsbGone();
    try {
      return await this.#gate(method, args);
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      this.#pico.powerOff();
      throw new UsbGone();
    }
  }

  #newLife(host: UsbHost): void {
    this.#leave();
    this.#host = host;
    this.#realAnchor = performance.now() * 1e6;
    this.#chipAnchor = 0;
    host.onDevice = (device) => {
      if (device === null) return this.#leave();
      this.#gate = firmwareGate(
        host,
        (action) => this.#pico.act(action),
        () => {
          this.#news = true;
        },
      );
      this.#present(device, false);
    };
  }

  #present(description: DeviceDescription, bootloader: boolean): void {
    this.#devices++;
    this.#post({ kind: 'device', device: { number: this.#devices, bootloader, description } });
  }

  #leave(): void {
    if (this.#gate === null) return;
    this.#gate = null;
    this.#cdc = null;
    this.#flush();
    this.#post({ kind: 'device', device: null });
  }

  /** Tells the program when the state has changed, and offers the boot ROM's device where it runs. */
  #report(): void {
    const { boots } = this.#pico;
    if (this.#pico.state === this.#reported && boots === this.#reportedBoots) return;
    this.#reported = this.#pico.state;
    this.#reportedBoots = boots;
    const state = this.#stateReport();
    if (state.kind !== 'running') {
      this.#leave();
      this.#host = null;
    }
    this.#post({ kind: 'state', state });
    if (state.kind !== 'bootloader') return;
    const device = new PicobootDevice(this.#pico.flash);
    device.onReboot = () => {
      this.#rebootAsked = true;
    };
    this.#gate = modelGate(device);
    this.#present(describe(device), true);
  }

  /** The boot ROM leaves, once its last answer is out. */
  #reboot(): void {
    this.#rebootAsked = false;
    this.#gate = null;
    this.#pico.reset();
    // Whoever sees that the bootloader has gone is to find the chip running.
    this.#post({ kind: 'state', state: this.#stateReport() });
    this.#post({ kind: 'device', device: null });
  }

  #stateReport(): StateReport {
    const { state } = this.#pico;
    if (state.kind === 'bootloader') return { kind: state.kind, reason: state.reason, pc: null, lr: null };
    if (state.kind === 'failed')
      return { kind: state.kind, reason: state.fault.message, pc: state.fault.pc, lr: state.fault.lr };
    return { kind: state.kind, reason: '', pc: null, lr: null };
  }

  #flush(): void {
    if (this.#received.length === 0) return;
    const bytes = joined(this.#received);
    this.#received = [];
    this.#post({ kind: 'cdc-in', bytes }, [bytes.buffer as ArrayBuffer]);
  }

  #post(message: FromWorker, transfer: ArrayBuffer[] = []): void {
    this.#port.postMessage(message, transfer);
  }
}

/** The boot ROM's device as enumeration would find it. */
function describe(device: USBDevice): DeviceDescription {
  const interfaces = device.configurations[0]!.interfaces.map(
    ({ interfaceNumber, alternates: [alternate] }) => ({
      number: interfaceNumber,
      alternate: 0,
      classCodes: [
        alternate!.interfaceClass,
        alternate!.interfaceSubclass,
        alternate!.interfaceProtocol,
      ] as const,
      endpoints: alternate!.endpoints.map(({ endpointNumber, direction }) => ({
        number: endpointNumber,
        into: direction === 'in',
        type: 'bulk' as const,
        packetBytes: 64,
      })),
    }),
  );
  return {
    usbVersion: 0x0110,
    deviceClass: [0, 0, 0],
    vendorId: device.vendorId,
    productId: device.productId,
    deviceVersion: 0x0100,
    manufacturer: device.manufacturerName ?? null,
    product: device.productName ?? null,
    serial: device.serialNumber ?? null,
    configuration: 1,
    interfaces,
    bos: null,
    msOs20: null,
  };
}

if (parentPort) {
  // Without a listener the port would let the thread end.
  parentPort.ref();
  void new BoardWorker(parentPort, workerData as WorkerStart).run();
}
