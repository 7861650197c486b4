/** What is put into a run, by tick; plain numbers, so that it can stand in a file. */
export interface Script {
  /** Tick and unit, in pairs. */
  readonly spikes: readonly number[];
  /** Tick, channel, value in units of 2^-20. */
  readonly rewards: readonly (readonly [tick: number, channel: number, value: number])[];
  /** Tick, code, population, argument. */
  readonly controls: readonly (readonly [tick: number, code: number, population: number, argument: number])[];
  /** State written before a tick is run: tick, core, variable, first index, values. */
  readonly writes: readonly StateWrite[];
}

export interface StateWrite {
  readonly tick: number;
  readonly core: number;
  readonly variable: number;
  readonly first: number;
  readonly values: readonly number[];
}

export const emptyScript: Script = { spikes: [], rewards: [], controls: [], writes: [] };

/** The part of a script that lies in ticks `from` to `to`, the end not included. */
export function scriptPart({ spikes, rewards, controls, writes }: Script, from: number, to: number): Script {
  const inside = (tick: number) => tick >= from && tick < to;
  const pairs: number[] = [];
  for (let n = 0; n < spikes.length; n += 2) if (inside(spikes[n]!)) pairs.push(spikes[n]!, spikes[n + 1]!);
  return {
    spikes: pairs,
    rewards: rewards.filter(([tick]) => inside(tick)),
    controls: controls.filter(([tick]) => inside(tick)),
    writes: writes.filter(({ tick }) => inside(tick)),
  };
}

/** As much of a script as takes `places` of the input queue: control events first, then rewards, then spikes. */
export function scriptHead(script: Script, places: number): Script {
  const controls = script.controls.slice(0, places);
  const rewards = script.rewards.slice(0, places - controls.length);
  const spikes = script.spikes.slice(0, 2 * (places - controls.length - rewards.length));
  return { ...script, controls, rewards, spikes };
}

/** Places of the input queue that a script takes. */
export function eventCount({ spikes, rewards, controls }: Script): number {
  return spikes.length / 2 + rewards.length + controls.length;
}

/** A script that grows. Events may be asked for by tick as long as they are put in roughly in order. */
export class ScriptRecorder {
  readonly spikes: number[] = [];
  readonly rewards: [number, number, number][] = [];
  readonly controls: [number, number, number, number][] = [];
  readonly writes: StateWrite[] = [];

  add(script: Script): void {
    // Not by spreading: a script may be longer than a call takes arguments.
    for (const one of script.spikes) this.spikes.push(one);
    for (const [tick, channel, value] of script.rewards) this.rewards.push([tick, channel, value]);
    for (const [tick, code, population, argument] of script.controls)
      this.controls.push([tick, code, population, argument]);
    for (const one of script.writes) this.writes.push(one);
  }

  clear(): void {
    for (const list of [this.spikes, this.rewards, this.controls, this.writes]) list.length = 0;
  }
}
