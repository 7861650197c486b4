import type { EpisodesDescription } from './description.js';
import type { DrawnPlace } from './drawn-place.js';
import type { Draw } from './drawn-values.js';

const cleared = ['membranes', 'traces', 'tags', 'flying', 'modulators'] as const;

/** An episodic buffer of any shape that records some of the populations that spike. */
export function drawEpisodes(
  draw: Draw,
  time: (ticks: number) => string,
  places: readonly DrawnPlace[],
  modulators: readonly string[],
): EpisodesDescription {
  const some = (names: readonly string[]) => {
    const chosen = names.filter(() => draw.flag());
    return chosen.length > 0 ? chosen : [draw.oneOf(...names)];
  };
  const record = some(places.filter(({ model }) => model !== 'readout').map(({ name }) => name));
  const on = draw.oneOf(null, ...modulators, ...modulators);
  return {
    record,
    ...(draw.flag() ? { opens: some(record) } : {}),
    ...(on === null ? {} : { on }),
    slots: draw.integer(1, 6),
    events: draw.oneOf(draw.integer(1, 20), draw.integer(20, 60)),
    window: time(draw.oneOf(draw.integer(1, 8), draw.integer(8, 40))),
    settle: time(draw.oneOf(0, draw.integer(0, 12))),
    speed: draw.oneOf(1, 1, 2, 4, 128),
    order: draw.oneOf('forward', 'reverse'),
    earlier: draw.oneOf(0, 1, draw.integer(1, 7)),
    ...(draw.flag() ? { clear: cleared.filter(() => draw.flag()) } : {}),
  };
}
