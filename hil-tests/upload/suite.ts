import { suite } from '../framework/suite.js';
import { damagedCases } from './damaged.js';
import { interruptedCases } from './interrupted.js';

/** Images onto the board: torn, taken up again, wrong in every way. */
export const uploads = suite('upload', 'images that break off, are wrong, or do not fit', [
  ...interruptedCases,
  ...damagedCases,
]);
