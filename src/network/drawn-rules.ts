import type { PlasticityDescription, RuleText } from './description.js';
import type { DrawnPlace } from './drawn-place.js';
import type { Draw } from './drawn-values.js';

/** What a rule may read of the neurons it works on. */
type Reads = Pick<DrawnPlace, 'hasSlope' | 'hasSignal'>;

/** Rules of one generated network, and how its projections use them. */
export interface RulePool {
  readonly rules: Record<string, RuleText>;
  readonly probeEvery: number;
  /** Plasticity that fits a target. */
  plasticity(target: DrawnPlace, weightRange: [number, number]): PlasticityDescription;
}

/** Draws rules that share their post-traces, since a neuron has three for all of them. */
export function drawRules(
  draw: Draw,
  time: (ticks: number) => string,
  modulators: readonly string[],
): RulePool {
  const tau = () => time(draw.real(2, 200));
  const taus = { y1: tau(), y2: tau(), y3: tau() };
  const mode = draw.oneOf<'additive' | 'nearest'>('additive', 'nearest');
  const tagTau = draw.oneOf('none', time(draw.real(1, 20_000)), time(draw.real(1, 25)));
  const preTraces = { x1: { tau: tau(), mode }, x2: { tau: tau(), impulse: 0.5 } };
  const postTraces = {
    y1: { tau: 'tauPost', mode },
    y2: { tau: taus.y2, impulse: 1 / 8, mode },
    y3: { tau: taus.y3, mode },
  };
  /** A rule with all kinds of products that may read that. */
  const full = (reads: Reads): RuleText => {
    const factors = [...(reads.hasSlope ? ['h', 'h'] : []), ...(reads.hasSignal ? ['l', 'l'] : [])];
    const events = [...(reads.hasSlope ? ['h0', 'h0'] : []), ...(reads.hasSignal ? ['u0*l', 'u0*l'] : [])];
    const second = draw.flag();
    const tags = second ? ['t', 't2'] : ['t'];
    const pair = ['x1', 'x2', 'y1', 'y2', 'y3', 'm', ...factors];
    return {
      dt: drawSum(draw, pair, ['x0', 'y0', 'u0*m', ...events]),
      ...(second ? { dt2: drawSum(draw, [...pair, 't', 't'], ['x0', 'y0', 'u0', 'u0*m', ...events]) } : {}),
      dw: drawSum(
        draw,
        ['x1', 'y1', 'w', ...tags, 'm', ...factors],
        ['x0', 'y0', 'm.reward', 'u0*m', '', ...events],
      ),
      ...preTraces,
      ...postTraces,
      tag: { tau: tagTau, range: draw.integer(1, 50) },
      ...(second
        ? { tag2: { tau: draw.oneOf('none', time(draw.real(1, 20_000)), time(draw.real(1, 50))), range: 8 } }
        : {}),
      ...(draw.flag() ? { sweep: time(draw.real(1, 300)) } : {}),
      ...(draw.flag() ? { averaging: time(draw.real(1, 64)) } : {}),
      parameters: { gain: draw.real(0.01, 0.5), tauPost: taus.y1 },
    };
  };
  const before = (factors: readonly string[], events: readonly string[]): RuleText => ({
    dw: drawSum(draw, ['x1', 'x2', 'w', 'm', ...factors], ['x0', 'u0', '', ...events]),
    ...preTraces,
    ...(draw.flag() ? { averaging: time(draw.real(1, 64)) } : {}),
    parameters: { gain: 0.1 },
  });
  const rules: Record<string, RuleText> = {
    generated: full({ hasSlope: false, hasSignal: false }),
    'with-slope': full({ hasSlope: true, hasSignal: false }),
    'with-signal': full({ hasSlope: false, hasSignal: true }),
    'with-both': full({ hasSlope: true, hasSignal: true }),
    'before-only': before([], []),
    'before-signal': before(['l'], ['u0*l']),
  };
  const usesOwn = ({ dt = '', dt2 = '', dw = '' }: RuleText) => /\bm\b(?!\.)/.test(`${dt} ${dt2} ${dw}`);
  const own = (name: string, weightRange: [number, number]): PlasticityDescription => ({
    rule: name,
    weightRange,
    ...(usesOwn(rules[name]!) ? { modulator: draw.oneOf(...modulators) } : {}),
  });
  return {
    rules,
    probeEvery: draw.integer(1, 50),
    plasticity(target, weightRange) {
      const { model, hasSlope, hasSignal } = target;
      // A readout does not spike, so nothing waits for its spikes.
      if (model === 'readout') {
        if (!hasSignal) return own('before-only', weightRange);
        return draw.oneOf(
          () => own('before-only', weightRange),
          () => own('before-signal', weightRange),
          () => ({ rule: 'eprop-readout', weightRange, rate: draw.real(1e-4, 1e-2), tauReadout: tau() }),
        )();
      }
      return draw.oneOf<() => PlasticityDescription>(
        () => ({ rule: 'stdp', weightRange, tauPlus: tau(), tauMinus: taus.y1, mode }),
        () => ({
          rule: 'rstdp',
          weightRange,
          modulator: draw.oneOf(...modulators),
          aMinus: draw.real(0, 1),
          tauMinus: taus.y1,
          tauTag: tagTau,
          rate: draw.real(1e-5, 1e-3),
          mode,
        }),
        () => ({
          rule: 'triplet',
          weightRange,
          tauMinus: taus.y1,
          tauY: taus.y2,
          a3Minus: draw.oneOf(0, 2e-4),
          mode,
        }),
        () => ({ ...own('generated', weightRange), gain: draw.real(0.01, 0.5) }),
        () => own('before-only', weightRange),
        ...(hasSlope
          ? [
              () => own('with-slope', weightRange),
              () => ({
                rule: 'rmax',
                weightRange,
                modulator: draw.oneOf(...modulators),
                tauTag: time(draw.real(5, 900)),
              }),
            ]
          : []),
        ...(hasSignal ? [() => own('with-signal', weightRange)] : []),
        ...(hasSlope && hasSignal
          ? [
              () => own('with-both', weightRange),
              () => own('with-both', weightRange),
              () => ({
                rule: draw.oneOf('eprop', 'eprop-alif', 'eprop-event', 'eprop-event-alif'),
                weightRange,
                rate: draw.real(1e-4, 1e-1),
                tauMembrane: tau(),
              }),
            ]
          : []),
      )();
    },
  };
}

/** One to four signed products of a constant, up to two different factors, and an event. */
function drawSum(draw: Draw, factors: readonly string[], events: readonly string[]): string {
  const products = Array.from({ length: draw.integer(1, 4) }, () => {
    const event = draw.oneOf(...events);
    // At an arrival h is 0, and cannot be asked for.
    const readable = event === 'x0' ? factors.filter((factor) => factor !== 'h') : factors;
    const chosen = Array.from({ length: draw.integer(0, 2) }, () => draw.oneOf(...readable));
    const constant = draw.oneOf('gain', '2^-6', String(draw.real(0.001, 0.2)), '(1 - 0.75)*gain');
    return [constant, event, ...new Set(chosen)].filter(Boolean).join('*');
  });
  return products.reduce((sum, product) => `${sum} ${draw.oneOf('+', '-')} ${product}`);
}
