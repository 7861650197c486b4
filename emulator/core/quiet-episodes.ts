import { type Episodes, word } from './episodes.js';
import type { QuietPart } from './quiet-part.js';

/** The episodic buffer: a replay is never quiet; an open episode closes in its time. */
export class QuietEpisodes implements QuietPart {
  readonly #episodes: Episodes;

  constructor(episodes: Episodes) {
    this.#episodes = episodes;
  }

  until(from: number, to: number): number {
    const { words, record, replaying } = this.#episodes;
    if (replaying) return from;
    if (words[word.open] === 0) return to;
    const closes = words[word.start]! + record.duration - 1;
    return Math.max(from, Math.min(to, closes));
  }

  advance(): number {
    return 0;
  }
}
