import { blockFlags, variableCodes } from '../../src/image/layout.js';
import type { EngramRun } from './engram-run.js';
import type { NativeNetwork } from './native-network.js';
import { onlyCore } from './native-network.js';

/** Where the bare loop's state at the end differs from the emulator's; null: all bits are equal. */
export function stateDifference(run: EngramRun, network: NativeNetwork, state: Buffer): string | null {
  let at = 0;
  for (const { name, values, bytes } of expectedState(run, network)) {
    for (let n = 0; n < values.length; n++, at += bytes) {
      const native = bytes === 2 ? state.readInt16LE(at) : state.readInt32LE(at);
      if (native !== values[n])
        return `${name}[${n}] is ${native} in the bare loop, ${values[n]} in the emulator`;
    }
  }
  return at === state.length ? null : `the bare loop wrote ${state.length} bytes of state, not ${at}`;
}

interface StatePart {
  readonly name: string;
  readonly values: Int32Array | Uint32Array;
  readonly bytes: 2 | 4;
}

/** The state that each source in `native/` writes, in its order. */
function expectedState({ machine, counts }: EngramRun, { source, constants }: NativeNetwork): StatePart[] {
  const core = onlyCore(machine.image);
  const part = (
    name: string,
    variable: number,
    first: number,
    count: number,
    bytes: 2 | 4 = 4,
  ): StatePart => ({
    name,
    values: machine.read(0, variable, first, count),
    bytes,
  });
  const { neuronCount } = core.core;
  const membranes = part('V', variableCodes.v, 0, neuronCount);
  if (source === 'dense') return [membranes, { name: 'spikes of classes', values: counts, bytes: 4 }];
  const parts = [membranes, part('refractory', variableCodes.refractory, 0, neuronCount)];
  if (source === 'static') return parts;
  const block = core.blocks.find(({ flags }) => flags & blockFlags.plastic)!;
  const synapses = [block.firstSynapse, block.synapseCount] as const;
  parts.push(
    part('x1', variableCodes.x1, block.firstAxon, block.axonCount),
    part('y1', variableCodes.y1, 0, neuronCount),
  );
  parts.push(part('W', variableCodes.weight, ...synapses, 2));
  if (constants.TAGGED) parts.push(part('T', variableCodes.tag, ...synapses, 2));
  return parts;
}
