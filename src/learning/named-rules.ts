import type { NamedRule } from './definition.js';
import { btsp } from './rules/btsp.js';
import { eprop } from './rules/eprop.js';
import { epropAlif } from './rules/eprop-alif.js';
import { epropEvent, epropEventAlif } from './rules/eprop-event.js';
import { epropReadout } from './rules/eprop-readout.js';
import { rmax } from './rules/rmax.js';
import { rstdp } from './rules/rstdp.js';
import { stdp } from './rules/stdp.js';
import { taggingCapture } from './rules/tagging-capture.js';
import { td } from './rules/td.js';
import { triplet } from './rules/triplet.js';

/** Rules that come with engram. A new one is a file in `rules/` and a line here. */
export const namedRules: readonly NamedRule[] = [
  stdp,
  rstdp,
  triplet,
  btsp,
  eprop,
  epropAlif,
  epropEvent,
  epropEventAlif,
  epropReadout,
  rmax,
  td,
  taggingCapture,
];
