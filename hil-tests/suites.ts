import { conformance } from './conformance/suite.js';
import type { HilSuite } from './framework/suite.js';
import { lockstep } from './lockstep/suite.js';
import { persistence } from './persistence/suite.js';
import { realtime } from './realtime/suite.js';
import { soak } from './soak/suite.js';
import { streaming } from './streaming/suite.js';
import { uploads } from './upload/suite.js';

/** All suites, in the order they are run: what the others rest on first. */
export const hilSuites: readonly HilSuite[] = [
  conformance,
  lockstep,
  uploads,
  persistence,
  streaming,
  realtime,
  soak,
];
