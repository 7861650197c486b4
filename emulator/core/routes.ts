import type { Image } from '../../src/image/image.js';
import { routeAxonBits } from '../../src/image/layout.js';
import type { CoreState } from './state.js';

const axonMask = (1 << routeAxonBits) - 1;

/** Step 6 (`docs/core.md`, section 9): makes the axons of units that spiked due. */
export class Routes {
  readonly #image: Image;
  readonly #cores: readonly CoreState[];
  /** Delay of each axon, core by core. */
  readonly #delays: readonly Uint8Array[];

  constructor(image: Image, cores: readonly CoreState[], delays: readonly Uint8Array[]) {
    this.#image = image;
    this.#cores = cores;
    this.#delays = delays;
  }

  /** Spikes of input lines. */
  sendLines(lines: Uint32Array, count: number, tick: number): void {
    const { inputRouteStart, inputRoutes } = this.#image;
    for (let n = 0; n < count; n++) {
      const line = lines[n]!;
      for (let k = inputRouteStart[line]!; k < inputRouteStart[line + 1]!; k++)
        this.#send(inputRoutes[k]!, tick);
    }
  }

  /** Spikes of neurons, as the cores have them. */
  sendCores(tick: number): void {
    for (const { image, spiked, spikeCount } of this.#cores) {
      const { routeStart, routes } = image;
      for (let n = 0; n < spikeCount; n++) {
        const neuron = spiked[n]!;
        for (let k = routeStart[neuron]!; k < routeStart[neuron + 1]!; k++) this.#send(routes[k]!, tick);
      }
    }
  }

  #send(route: number, tick: number): void {
    const core = route >>> routeAxonBits;
    const axon = route & axonMask;
    this.#cores[core]!.delayLine.add(axon, tick + this.#delays[core]![axon]!);
  }
}
