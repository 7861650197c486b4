import { conformance } from './conformance/suite.js';
import type { HilSuite } from './framework/suite.js';
import { lockstep } from './lockstep/suite.js';

/** All suites, in the order they are run: what the others rest on first. */
export const hilSuites: readonly HilSuite[] = [conformance, lockstep];
