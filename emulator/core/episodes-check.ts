import { episodeUnitBits, mostLinks } from '../../src/image/layout.js';
import { asBytes } from '../../src/image/numbers.js';
import { stateMax } from './arithmetic.js';
import { type Episodes, word } from './episodes.js';

/** Why a checkpoint's episodic buffer, which stands at the beginning of `bytes`, cannot be; null if it can. */
export function episodesFault(own: Episodes, bytes: Uint8Array, tick: number): string | null {
  const read = own.emptyCopy();
  let at = 0;
  for (const array of read.arrays) {
    asBytes(array).set(bytes.subarray(at, at + array.byteLength));
    at += array.byteLength;
  }
  return wordsFault(read) ?? slotsFault(read) ?? replayFault(read, tick);
}

function wordsFault({ words, record }: Episodes): string | null {
  const links = words[word.links]!;
  const named = [...words.subarray(word.link)];
  const fits =
    words[word.head]! < record.slots &&
    words[word.open]! <= 1 &&
    (words[word.open] === 1 || words[word.start] === 0) &&
    links <= mostLinks &&
    named.every((slot, n) => (n < links ? slot < record.slots : slot === 0));
  return fits ? null : 'the words of its episodic buffer are out of range';
}

function slotsFault(episodes: Episodes): string | null {
  const { record, counts, outcomes, priorities, events } = episodes;
  for (let slot = 0; slot < record.slots; slot++) {
    const count = counts[slot]!;
    if (count > record.events || Math.abs(outcomes[slot]!) > stateMax || priorities[slot]! > stateMax)
      return `episode ${slot} is out of range`;
    for (let n = 0; n < record.events; n++) {
      const event = events[slot * record.events + n]!;
      if (n < count ? !episodes.holdsUnit(event % 2 ** episodeUnitBits) : event !== 0)
        return `episode ${slot} has a spike that cannot be`;
    }
  }
  return null;
}

function replayFault(episodes: Episodes, tick: number): string | null {
  const { words, counts } = episodes;
  const [total, from, links] = [words[word.total]!, words[word.from]!, words[word.links]!];
  const slots = [...words.subarray(word.link, word.link + links)];
  const fits =
    total === 0
      ? from === 0 && links === 0
      : links >= 1 &&
        words[word.open] === 0 &&
        slots.every((slot) => counts[slot]! >= 1) &&
        total === episodes.linksLength() &&
        (tick - from - 1) >>> 0 < total;
  return fits ? null : 'its replay cannot be';
}
