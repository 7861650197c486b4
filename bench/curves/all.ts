import { btspCurve } from './btsp.js';
import type { Curve } from './curve.js';
import { epropAlifCurve, epropCurve } from './eprop.js';
import { epropEventAlifCurve, epropEventCurve } from './eprop-event.js';
import { epropReadoutCurve } from './eprop-readout.js';
import { rmaxCurve } from './rmax.js';
import { rstdpCurve } from './rstdp.js';
import { stdpCurve } from './stdp.js';
import { taggingCurve } from './tagging.js';
import { criticCurve, tdCurve } from './td.js';
import { tripletCurve } from './triplet.js';

/** Measures the curves, in the order of the page; each named rule has at least one. */
export const ruleCurves: readonly (() => Curve)[] = [
  stdpCurve,
  rstdpCurve,
  () => tripletCurve('minimal'),
  () => tripletCurve('full'),
  btspCurve,
  epropCurve,
  epropAlifCurve,
  epropEventCurve,
  epropEventAlifCurve,
  epropReadoutCurve,
  rmaxCurve,
  tdCurve,
  criticCurve,
  taggingCurve,
];
