import type { Machine } from '../../emulator/core/machine.js';

/** What the emulator gave while it ran. */
export interface EmulatorOutput {
  /** Tick and unit, in pairs. */
  readonly spikes: number[];
  /** By next tick; the last is that of the end. */
  readonly hashes: { readonly tick: number; readonly hash: number }[];
  readonly samples: { readonly probe: number; readonly tick: number; readonly values: Int32Array }[];
}

interface EmulatorRun {
  readonly hashEvery: number;
  /** Probes of the image that the board can hold. */
  readonly probes: number;
  readonly onTick?: ((machine: Machine) => void) | undefined;
}

/** Runs the emulator and takes down what a board would send. */
export function runEmulator(
  machine: Machine,
  ticks: number,
  { hashEvery, probes, onTick }: EmulatorRun,
): EmulatorOutput {
  const output: EmulatorOutput = { spikes: [], hashes: [], samples: [] };
  const set = machine.image.probes.slice(0, probes);
  for (let n = 0; n < ticks; n++) {
    machine.run(1, (tick, units, count) => {
      for (let k = 0; k < count; k++) output.spikes.push(tick, units[k]!);
    });
    const tick = machine.tick - 1;
    for (const [probe, { core, variable, first, count, everyTicks }] of set.entries())
      if (tick % everyTicks === 0)
        output.samples.push({ probe, tick, values: machine.read(core, variable, first, count) });
    if (machine.tick % hashEvery === 0) output.hashes.push({ tick: machine.tick, hash: machine.stateHash() });
    onTick?.(machine);
  }
  if (output.hashes.at(-1)?.tick !== machine.tick)
    output.hashes.push({ tick: machine.tick, hash: machine.stateHash() });
  return output;
}
