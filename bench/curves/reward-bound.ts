import { coefficientError, modulatedPeriod, stateError, tagError } from './error-bounds.js';

/**
 * Bound of a change of weight that a decaying modulator makes of a tag: `size` is the change, `tag` the tag, its unit
 * and its own error (absolute), `step` a unit of the weight, `gain` weight per tag at the end of it all.
 */
export function rewardBound(of: {
  readonly size: number;
  readonly gain: number;
  readonly tauTag: number;
  readonly tauModulator: number;
  readonly tagUnit: number;
  readonly tagAbsolute?: number;
  readonly step: number;
}): number {
  const tag = tagError(of.tauTag);
  const period = modulatedPeriod(of.tauTag);
  // The mean of the modulator is floored to 2^-12; below that it is 0.
  const audible = of.tauModulator * Math.log(4096);
  const floored = (audible / of.tauModulator) * 2 ** -12;
  const relative =
    2 * coefficientError +
    tag.relative +
    Math.expm1(period / of.tauTag) +
    stateError(of.tauModulator, of.tauModulator) +
    floored;
  const visits = Math.ceil(audible / period) + 1;
  return (
    relative * of.size + of.gain * ((tag.low + 1) * of.tagUnit + (of.tagAbsolute ?? 0)) + visits * of.step
  );
}
