import { VirtualBoard } from '../../emulator/board/virtual-board.js';
import { Machine, type SpikeSink } from '../../emulator/core/machine.js';
import type { Image } from '../../src/image/image.js';
import { inProcess } from '../../src/runtime/in-process.js';
import { attachedDevice, type TestDevice } from './device.js';

/** A value that goes wrong in a tick. */
export interface Fault {
  readonly tick: number;
  readonly core: number;
  readonly variable: number;
  readonly index: number;
  /** Bits that flip. */
  readonly flip: number;
  /** It happens the first time only, as a fault of the hardware would. */
  readonly once?: boolean;
}

type KnownTarget = ConstructorParameters<typeof VirtualBoard>[0]['target'];

/** A board that computes as the emulator does, but for one value in one tick. */
export function faultyBoard(target: KnownTarget, fault: Fault): VirtualBoard {
  let left = fault.once ? 1 : Number.POSITIVE_INFINITY;
  class FaultyMachine extends Machine {
    override skip(): number {
      return 0;
    }

    override run(ticks: number, sink?: SpikeSink): void {
      for (let n = 0; n < ticks; n++) {
        super.run(1, sink);
        if (this.tick - 1 !== fault.tick || left <= 0) continue;
        left--;
        const { core, variable, index, flip } = fault;
        const [value] = this.read(core, variable, index, 1);
        this.write(core, variable, index, Int32Array.of(value! ^ flip));
      }
    }
  }
  return new VirtualBoard({ target, makeMachine: (image: Image) => new FaultyMachine(image) });
}

export function faultyDevice(target: KnownTarget, fault: Fault): TestDevice {
  const board = faultyBoard(target, fault);
  return attachedDevice('faulty', async () => inProcess(board));
}
