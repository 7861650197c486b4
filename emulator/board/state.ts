import type { MessageFields } from '../../firmware-protocol/codec/values.js';
import { isNarrowVariable } from '../../firmware-protocol/declaration/state.js';
import { isEngramError } from '../../src/errors/engram-error.js';
import { boardWide } from '../../src/image/layout.js';
import { type LoadedImage, maxProbes } from './loaded-image.js';
import { Refusal } from './refusal.js';

/** STATE_READ: as many values as fit a frame. */
export function readState(
  { core, variable, first, count }: MessageFields<'STATE_READ'>,
  loaded: LoadedImage,
  maxPayload: number,
): MessageFields<'STATE_DATA'> {
  checkCore(core, loaded);
  const narrow = isNarrowVariable(variable);
  const most = Math.floor((maxPayload - 15) / (narrow ? 2 : 4));
  refusedAs(() => loaded.machine.read(core, variable, first + count - 1, 1));
  const values = refusedAs(() => loaded.machine.read(core, variable, first, Math.min(count, most)));
  return {
    tick: loaded.machine.tick,
    core,
    variable,
    first,
    values16: narrow ? Int16Array.from(values) : new Int16Array(0),
    values32: narrow ? new Int32Array(0) : values,
  };
}

/** STATE_WRITE: whole or not at all. */
export function writeState(fields: MessageFields<'STATE_WRITE'>, { machine, image }: LoadedImage): void {
  const { core, variable, first, values16, values32 } = fields;
  if (core !== boardWide && core >= image.cores.length) throw new Refusal('UNKNOWN_CORE', core);
  const [filled, empty] = isNarrowVariable(variable) ? [values16, values32] : [values32, values16];
  if (filled.length === 0 || empty.length > 0) throw new Refusal('BAD_VALUE');
  refusedAs(() => machine.write(core, variable, first, Int32Array.from(filled)));
}

/** PROBE_SET. */
export function setProbe(fields: MessageFields<'PROBE_SET'>, loaded: LoadedImage): void {
  const { probe, core, variable, first, count, everyTicks } = fields;
  if (probe >= maxProbes) throw new Refusal('UNKNOWN_PROBE', maxProbes);
  checkCore(core, loaded);
  refusedAs(() => loaded.machine.read(core, variable, first, 1));
  refusedAs(() => loaded.machine.read(core, variable, first + count - 1, 1));
  loaded.probes.set(probe, { core, variable, first, count, everyTicks });
}

function checkCore(core: number, { image }: LoadedImage): void {
  if (core !== boardWide && core >= image.cores.length) throw new Refusal('UNKNOWN_CORE', core);
}

/** What the machine says of an address, as an error of the wire. */
function refusedAs<T>(access: () => T): T {
  try {
    return access();
  } catch (error) {
    if (!isEngramError(error, 'E0902')) throw error;
    const { kind, variable, index, length } = error.context as Record<string, number | string>;
    const text = error.message.slice(0, 119);
    if (kind === 'range') throw new Refusal('OUT_OF_RANGE', Number(length), text);
    if (kind === 'read-only') throw new Refusal('READ_ONLY', Number(index), text);
    throw kind === 'variable'
      ? new Refusal('UNKNOWN_VARIABLE', Number(variable), text)
      : new Refusal('BAD_VALUE', 0, text);
  }
}
