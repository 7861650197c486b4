import { VirtualBoard } from '../../emulator/board/virtual-board.js';
import type { BoardKind } from './board-kind.js';
import { inProcess } from './in-process.js';

/** The virtual board of this process, standing for a target. It has no memory that outlives it and no power to cut. */
export function virtualKind(target: { readonly id: number; readonly name: string }): BoardKind {
  return {
    name: 'virtual',
    title: `the emulator in this process, as a ${target.name}`,
    target: target.name,
    unavailable: async () => null,
    async start({ serial } = {}) {
      const board = new VirtualBoard({ target, ...(serial === undefined ? {} : { serial }) });
      let close = async () => {};
      return {
        ways: ['in-process'],
        async connect() {
          await close();
          const transport = inProcess(board);
          close = () => transport.close();
          return transport;
        },
        cycles: async () => null,
        power: null,
        close: () => close(),
      };
    },
  };
}
