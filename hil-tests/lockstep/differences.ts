import type { Machine } from '../../emulator/core/machine.js';
import type { Image } from '../../src/image/image.js';
import { boardWide, episodeWords, variableCodes } from '../../src/image/layout.js';
import type { Board } from '../../src/runtime/board.js';
import type { Difference } from '../replay/replay.js';
import { hiddenDifferences } from './hidden-state.js';
import { axonPlace, neuronPlace, type Place, synapsePlace } from './places.js';

const { weight, tag, tag2, modulator, baseline, episode, episodeSlot, episodeEvent, ...perUnit } =
  variableCodes;
const names: Readonly<Record<number, string>> = {
  0: 'V',
  1: 'I',
  2: 'refractory',
  3: 'y1',
  4: 'y2',
  5: 'y3',
  6: 'A',
  16: 'x1',
  17: 'x2',
  32: 'W',
  33: 'T',
  34: 'T2',
  48: 'M',
  49: 'baseline',
  52: 'episodic buffer',
  53: 'episode',
  54: 'spike of an episode',
};

/** Where the state of the board differs from the emulator's; both must have run to the same tick. */
export async function stateDifferences(board: Board, machine: Machine): Promise<Difference[]> {
  const { image } = machine;
  const found: Difference[] = [];
  const compare = async (core: number, variable: number, count: number, place: (at: number) => Place) => {
    if (count === 0) return;
    const ours = machine.read(core, variable, 0, count);
    const theirs = await board.readState(core, variable, 0, count);
    for (let index = 0; index < count; index++)
      if (ours[index] !== theirs[index])
        found.push({
          core: core === boardWide ? null : core,
          variable: names[variable]!,
          index,
          ...place(index),
          board: theirs[index]!,
          emulator: ours[index]!,
        });
  };
  for (const variable of [modulator, baseline])
    await compare(boardWide, variable, image.modulators.length, (channel) => modulatorPlace(image, channel));
  for (const { slots, events } of image.episodes) {
    await compare(boardWide, episode, episodeWords, (at) => ({ unit: null, where: `word ${at}` }));
    await compare(boardWide, episodeSlot, 3 * slots, (at) => ({
      unit: null,
      where: `${['count', 'outcome', 'priority'][at % 3]} of episode ${Math.floor(at / 3)}`,
    }));
    await compare(boardWide, episodeEvent, slots * events, (at) => ({
      unit: null,
      where: `spike ${at % events} of episode ${Math.floor(at / events)}`,
    }));
  }
  for (const [core, content] of image.cores.entries()) {
    const { neuronCount, axonCount, synapseCount } = content.core;
    for (const variable of Object.values(perUnit)) {
      const byAxon = variable === perUnit.x1 || variable === perUnit.x2;
      await compare(core, variable, byAxon ? axonCount : neuronCount, (at) =>
        byAxon ? axonPlace(image, content, at) : neuronPlace(image, content, at),
      );
    }
    for (const variable of [weight, tag, tag2])
      await compare(core, variable, synapseCount, (at) => synapsePlace(image, content, at));
  }
  return found.length > 0 ? found : hiddenDifferences(image, await board.checkpoint(), machine.checkpoint());
}

function modulatorPlace(image: Image, channel: number): Place {
  return { unit: null, where: image.host.modulators[channel]?.name ?? `channel ${channel}` };
}
