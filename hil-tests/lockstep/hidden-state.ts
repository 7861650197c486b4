import { checkpointHeaderLayout } from '../../src/image/checkpoint-layout.js';
import type { CoreImage, Image } from '../../src/image/image.js';
import {
  blockFlags,
  episodeWords,
  neuronGroupFlags,
  recordBytes,
  traceModeCodes,
} from '../../src/image/layout.js';
import { readRecord } from '../../src/image/record.js';
import type { Difference } from '../replay/replay.js';
import { axonPlace, type Place } from './places.js';

const headerBytes = recordBytes(checkpointHeaderLayout);
const historyTicks = 64;

/**
 * What the state hash covers and no state variable shows: learning on or off, the sums of the modulators and their
 * history, spikes in flight. Found by comparing two checkpoints of the same image at the same tick.
 */
export function hiddenDifferences(image: Image, board: Uint8Array, emulator: Uint8Array): Difference[] {
  const found: Difference[] = [];
  const [ours, theirs] = [viewOf(emulator), viewOf(board)];
  const add = (core: number | null, variable: string, index: number, place: Place, a: number, b: number) => {
    if (a !== b) found.push({ core, variable, index, ...place, board: a, emulator: b });
  };
  const header = (view: DataView) => readRecord(checkpointHeaderLayout, view, 0);
  const nowhere = { unit: null, where: '' };
  add(null, 'learning', 0, nowhere, header(theirs).flags & 1, header(ours).flags & 1);
  const channels = image.modulators.length;
  const words = (variable: string, from: number, count: number, place: (at: number) => Place) => {
    for (let n = 0; n < count; n++)
      add(
        null,
        variable,
        n,
        place(n),
        theirs.getInt32(from + 4 * n, true),
        ours.getInt32(from + 4 * n, true),
      );
  };
  const channel = (c: number) => ({ unit: null, where: image.host.modulators[c]?.name ?? `channel ${c}` });
  words('S', headerBytes + 8 * channels, channels, channel);
  words('R', headerBytes + 12 * channels, historyTicks * channels, (n) =>
    channel(Math.floor(n / historyTicks)),
  );
  let at = headerBytes + (12 + 4 * historyTicks) * channels;
  for (const { slots, events } of image.episodes) at += 4 * (episodeWords + slots * (3 + events));
  for (const [number, core] of image.cores.entries()) {
    at += stateBytesBefore(core);
    const { axonCount, maxDelay, neuronCount } = core.core;
    const slots = 2 ** Math.ceil(Math.log2(maxDelay + 1));
    const wordsPerSlot = (axonCount + 31) >>> 5;
    for (let word = 0; word < slots * wordsPerSlot; word++) {
      const [a, b] = [theirs.getUint32(at + 4 * word, true), ours.getUint32(at + 4 * word, true)];
      for (let bit = 0; a !== b && bit < 32; bit++) {
        const axon = (word % wordsPerSlot) * 32 + bit;
        const place = axon < axonCount ? axonPlace(image, core, axon) : { unit: null, where: `axon ${axon}` };
        add(number, 'arrival', Math.floor(word / wordsPerSlot), place, (a >>> bit) & 1, (b >>> bit) & 1);
      }
    }
    const second = core.blocks.some(({ flags }) => (flags & blockFlags.tag2) !== 0);
    at += 4 * slots * wordsPerSlot + 2 * neuronCount + (second ? 6 : 4) * core.weights16.length;
  }
  return found;
}

/** Bytes of a core's part of a checkpoint before its delay line: V, I, and A and the traces that any group has. */
function stateBytesBefore({ core, neuronGroups, axonGroups }: CoreImage): number {
  const present = (modes: readonly number[]) => modes.some((mode) => mode !== traceModeCodes.absent);
  const ys = (['y1Mode', 'y2Mode', 'y3Mode'] as const).filter((y) => present(neuronGroups.map((g) => g[y])));
  const xs = (['x1Mode', 'x2Mode'] as const).filter((x) => present(axonGroups.map((g) => g[x])));
  const adaptive = neuronGroups.some(({ flags }) => (flags & neuronGroupFlags.adaptive) !== 0) ? 1 : 0;
  return 4 * core.neuronCount * (2 + adaptive + ys.length) + 4 * core.axonCount * xs.length;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
