import type { NetworkDescription } from '../network/description.js';

/** Quiet after the replay of a choice, in which the reward does its work: four time constants of the modulator; ms. */
const settle = 200;

/** Longest an episode of a choice with a cue of `cue` ms can be, ms: the last spikes of the cue act a little later. */
const episodeWindow = (cue: number) => cue + 20;

/** Longest a replay of one such episode takes, ms. What is sent to the board meanwhile would be put off. */
export const replayTime = (cue: number) => episodeWindow(cue) + settle;

/**
 * What was seen and done in the time of a cue of `cue` ms is kept, and happens again when the reward comes
 * (`docs/network.md`, "Episodes"). An episode begins with a spike of the input `opens`; `record` names it and the
 * neurons that chose. The last `slots` choices are kept.
 */
export function choiceEpisodes(
  cue: number,
  { record, opens, slots }: { record: readonly string[]; opens: string; slots: number },
): NonNullable<NetworkDescription['episodes']> {
  return {
    record: [...record],
    opens: [opens],
    on: 'reward',
    slots,
    events: 512,
    window: `${episodeWindow(cue)} ms`,
    settle: `${settle} ms`,
  };
}
