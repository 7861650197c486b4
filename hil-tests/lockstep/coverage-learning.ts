import type { Machine } from '../../emulator/core/machine.js';
import { clearBits } from '../../firmware-protocol/declaration/events.js';
import type { CoreImage, Image } from '../../src/image/image.js';
import {
  blockFlags,
  blockKindCodes,
  boardWide,
  episodeFlags,
  episodeWords,
  factorCodes,
  modelCodes,
  modulatorFlags,
  neuronGroupFlags,
  noChannel,
  populationFlags,
  variableCodes,
} from '../../src/image/layout.js';

/** What `docs/core.md` has of second tags, pseudo-derivatives, learning signals, errors, feedback and episodes. */
export const learningFeatures: readonly string[] = [
  'second tag',
  'second tag decays',
  'second tag stays',
  'second tag sweep on a period of its own',
  'rated sweep on a period of its own',
  'window triangle',
  'window box',
  'window in steps',
  'signal own',
  'signal by feedback',
  'signal own and by feedback',
  'signal period above a tick',
  'error channel with a gate',
  'error channel without a gate',
  'error channel as a modulator of a rule',
  'feedback static',
  'feedback plastic',
  'feedback dense',
  'feedback sparse',
  'feedback symmetric',
  'feedback random',
  'feedback adaptive',
  'silent without feedback',
  'episodes of inputs',
  'episodes of neurons',
  'episodes that some of the recorded open',
  'replay at feedback',
  'replay by control events alone',
  'replay at speed',
  'replay in reverse',
  'replay of earlier episodes',
  'replay settles',
  ...Object.keys(clearBits.value).map((name) => `replay clears ${name.toLowerCase()}`),
];

/** What must have happened while they ran. */
export const episodeEvents: readonly string[] = [
  'episode recorded',
  'episode closed',
  'episodes forgotten',
  'spikes of an episode lost',
  'replay begun',
  'replay of several links',
  'replay of an outcome',
  'replay at its end',
  'input waits in a replay',
];

const has = (flags: number, flag: number) => (flags & flag) !== 0;

/** What an image has of `learningFeatures`. */
export function learningFeaturesOf(image: Image): Set<string> {
  const found = new Set<string>();
  for (const { flags, gate } of image.modulators)
    if (has(flags, modulatorFlags.error))
      found.add(gate === noChannel ? 'error channel without a gate' : 'error channel with a gate');
  for (const { factor1, factor2, factor3 } of image.terms)
    for (const code of [factor1, factor2, factor3])
      if (has(image.modulators[code - factorCodes.modulator]?.flags ?? 0, modulatorFlags.error))
        found.add('error channel as a modulator of a rule');
  if (image.network.signalPeriod > 0) found.add('signal period above a tick');
  for (const core of image.cores) {
    blockFeatures(core, found);
    neuronFeatures(core, found);
  }
  episodeFeatures(image, found);
  return found;
}

function blockFeatures({ blocks }: CoreImage, found: Set<string>): void {
  for (const block of blocks) {
    const { flags } = block;
    const plastic = has(flags, blockFlags.plastic);
    const silent = has(flags, blockFlags.silent);
    if (plastic && has(flags, blockFlags.tag2)) {
      found.add('second tag').add(block.tag2Keep === 65_536 ? 'second tag stays' : 'second tag decays');
      if (block.tag2Period !== block.tagPeriod) found.add('second tag sweep on a period of its own');
    }
    if (plastic && has(flags, blockFlags.tag) && block.ratedPeriod !== block.tagPeriod)
      found.add('rated sweep on a period of its own');
    if (has(flags, blockFlags.feedback)) {
      found.add(plastic ? 'feedback plastic' : 'feedback static');
      found.add(block.kind === blockKindCodes.dense ? 'feedback dense' : 'feedback sparse');
      found.add(!silent ? 'feedback symmetric' : plastic ? 'feedback adaptive' : 'feedback random');
    } else if (silent) found.add('silent without feedback');
  }
}

function neuronFeatures({ neuronGroups, axons, axonGroups, blocks }: CoreImage, found: Set<string>): void {
  const fed = new Set<number>();
  for (const { flags, firstAxon } of blocks)
    if (has(flags, blockFlags.feedback))
      for (const group of axonGroups)
        if (firstAxon >= group.firstAxon && firstAxon < group.firstAxon + group.count && axons.length > 0)
          fed.add(group.population);
  for (const group of neuronGroups) {
    if (has(group.flags, neuronGroupFlags.window)) {
      found.add(group.windowSlope === 0 ? 'window box' : 'window triangle');
      if (group.windowShift > 0) found.add('window in steps');
    }
    if (!has(group.flags, neuronGroupFlags.signal)) continue;
    const [own, back] = [group.signalChannel !== noChannel, fed.has(group.population)];
    if (own || back)
      found.add(own && back ? 'signal own and by feedback' : own ? 'signal own' : 'signal by feedback');
  }
}

function episodeFeatures({ episodes, populations }: Image, found: Set<string>): void {
  for (const { trigger, speed, settle, earlier, clear, flags } of episodes) {
    const recorded = populations.filter((one) =>
      has(one.flags, populationFlags.recorded | populationFlags.opens),
    );
    for (const { model } of recorded)
      found.add(model === modelCodes.input ? 'episodes of inputs' : 'episodes of neurons');
    if (recorded.some((one) => !has(one.flags, populationFlags.opens)))
      found.add('episodes that some of the recorded open');
    found.add(trigger === noChannel ? 'replay by control events alone' : 'replay at feedback');
    if (speed > 0) found.add('replay at speed');
    if (has(flags, episodeFlags.reverse)) found.add('replay in reverse');
    if (earlier > 0) found.add('replay of earlier episodes');
    if (settle > 0) found.add('replay settles');
    for (const [name, bit] of Object.entries(clearBits.value))
      if (has(clear, bit)) found.add(`replay clears ${name.toLowerCase()}`);
  }
}

/** Looks at the episodic buffer of the emulator after every tick, and says what happened in it. */
export class EpisodeWatch {
  #before: Int32Array | null = null;

  /** What of `episodeEvents` the last tick brought about. */
  after(machine: Machine): string[] {
    if (machine.image.episodes.length === 0) return [];
    const words = machine.read(boardWide, variableCodes.episode, 0, episodeWords);
    const before = this.#before ?? words.map(() => 0);
    this.#before = words;
    const [head = 0, open = 0, , recorded = 0, lost = 0, , total = 0, , links = 0, link = 0] = words;
    const [headBefore, openBefore, , recordedBefore, lostBefore, , totalBefore = 0] = before;
    const found: string[] = [];
    const see = (event: string, seen: boolean) => seen && found.push(event);
    see('episode recorded', recorded !== recordedBefore);
    see('episode closed', openBefore === 1 && open === 0);
    see('episodes forgotten', headBefore !== head && recorded === recordedBefore);
    see('spikes of an episode lost', lost !== lostBefore);
    see('replay begun', total > 0 && totalBefore === 0);
    see('replay of several links', links > 1);
    see('replay at its end', total === 0 && totalBefore > 0);
    see('input waits in a replay', total > 0 && totalBefore > 0 && machine.queued > 0);
    if (total > 0)
      see(
        'replay of an outcome',
        machine.read(boardWide, variableCodes.episodeSlot, 3 * link + 1, 1)[0] !== 0,
      );
    return found;
  }
}
