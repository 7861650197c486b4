import { type Recording, readRecording } from '../tasks/recording.js';
import { readBytes } from './files.js';

/** The recorded events of both files as one; either may be missing. Throws E0102, E0803. */
export async function readRecordings(files: {
  readonly spikes?: string;
  readonly rewards?: string;
}): Promise<Recording> {
  const read = async (path: string | undefined, kind: 'spikes' | 'rewards') =>
    path === undefined ? null : readRecording(new TextDecoder().decode(await readBytes(path)), path, kind);
  const [spikes, rewards] = [await read(files.spikes, 'spikes'), await read(files.rewards, 'rewards')];
  return {
    ticks: [...(spikes?.ticks ?? []), ...(rewards?.ticks ?? [])],
    units: [...(spikes?.units ?? []), ...(rewards?.units ?? [])],
    rewards: [...(spikes?.rewards ?? []), ...(rewards?.rewards ?? [])],
  };
}
