import type { Fail } from '../chip/fault.js';
import type { IAlarm, IClock } from '../chip/rp2040js.js';
import { type ControlRequest, type TransferResult, UsbBus } from './bus.js';
import type { UsbController } from './controller.js';
import type { DeviceDescription } from './descriptors.js';
import { enumerate, type Wish } from './enumeration.js';

/** How long a host waits for endpoint 0. */
const controlTimeoutNanos = 5e9;

/** The port of a host that a chip's USB lines lead to. It enumerates what is plugged in. */
export class UsbHost {
  readonly bus: UsbBus;
  /** The device, once it is configured. */
  device: DeviceDescription | null = null;
  /** A device is ready, or gone (null). */
  onDevice: (device: DeviceDescription | null) => void = () => {};
  readonly #controller: UsbController;
  readonly #fail: Fail;
  readonly #pause: IAlarm;
  readonly #timeout: IAlarm;
  #steps: Generator<Wish, DeviceDescription, TransferResult> | null = null;
  #waited: string | null = null;

  constructor(controller: UsbController, clock: IClock, fail: Fail) {
    this.#controller = controller;
    this.#fail = fail;
    this.bus = new UsbBus(controller, clock, fail);
    this.#pause = clock.createAlarm(() => this.#go());
    this.#timeout = clock.createAlarm(() =>
      this.#fail(`the host waits for endpoint 0 in vain: ${this.#waited}`),
    );
    controller.onAttach = (attached) => this.#attach(attached);
    controller.onChange = (endpoint, into) => this.bus.wake(endpoint, into);
  }

  /** Whether time alone brings it on. */
  get isBusy(): boolean {
    return this.#steps !== null || this.bus.isBusy;
  }

  /** A request on endpoint 0. */
  control(request: ControlRequest, done: (result: TransferResult) => void): void {
    this.#waited = `request ${request.request} of type 0x${request.requestType.toString(16)}`;
    this.#timeout.schedule(controlTimeoutNanos);
    this.bus.control(request, (result) => {
      this.#timeout.cancel();
      done(result);
    });
  }

  /** The chip is reset or has no power. */
  end(): void {
    this.#pause.cancel();
    this.#timeout.cancel();
    this.#steps = null;
    this.bus.end();
    this.#gone();
  }

  #attach(attached: boolean): void {
    this.#pause.cancel();
    this.#timeout.cancel();
    this.#steps = null;
    this.bus.address = 0;
    this.bus.abort();
    if (attached) {
      this.#steps = enumerate();
      this.#go();
    } else this.#gone();
  }

  #gone(): void {
    if (this.device === null) return;
    this.device = null;
    this.onDevice(null);
  }

  #go(result?: TransferResult): void {
    const steps = this.#steps;
    if (steps === null) return;
    let next: IteratorResult<Wish, DeviceDescription>;
    try {
      next = result ? steps.next(result) : steps.next(undefined as never);
    } catch (error) {
      this.#fail(`the USB host cannot use the device: ${(error as Error).message}`);
    }
    if (next.done) {
      this.#steps = null;
      this.bus.resetToggles();
      this.device = next.value;
      this.onDevice(next.value);
      return;
    }
    const wish = next.value;
    if (wish.kind === 'pause') this.#pause.schedule(wish.milliseconds * 1e6);
    else if (wish.kind === 'request')
      this.control(wish.request, (outcome) => this.#steps === steps && this.#go(outcome));
    else {
      this.bus.address = wish.kind === 'address' ? wish.address : 0;
      if (wish.kind === 'reset') this.#controller.busReset();
      this.#pause.schedule(0);
    }
  }
}
