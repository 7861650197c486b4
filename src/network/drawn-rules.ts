import type { PlasticityDescription, PopulationDescription, RuleText } from './description.js';
import type { Draw } from './drawn-values.js';

/** Rules of one generated network, and how its projections use them. */
export interface RulePool {
  readonly rules: Record<string, RuleText>;
  readonly probeEvery: number;
  /** Plasticity that fits a target of that model. */
  plasticity(target: PopulationDescription['model'], weightRange: [number, number]): PlasticityDescription;
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
  const rules: Record<string, RuleText> = {
    generated: {
      dt: drawSum(draw, ['x1', 'x2', 'y1', 'y2', 'y3', 'm'], ['x0', 'y0', 'u0*m']),
      dw: drawSum(draw, ['x1', 'y1', 'w', 't', 'm'], ['x0', 'y0', 'm.reward', 'u0*m']),
      ...preTraces,
      y1: { tau: 'tauPost', mode },
      y2: { tau: taus.y2, impulse: 1 / 8, mode },
      y3: { tau: taus.y3, mode },
      tag: { tau: tagTau, range: draw.integer(1, 50) },
      parameters: { gain: draw.real(0.01, 0.5), tauPost: taus.y1 },
    },
    'before-only': {
      dw: drawSum(draw, ['x1', 'x2', 'w', 'm'], ['x0', 'u0', '']),
      ...preTraces,
      parameters: { gain: 0.1 },
    },
  };
  const usesOwn = ({ dt = '', dw = '' }: RuleText) => /\bm\b(?!\.)/.test(`${dt} ${dw}`);
  const own = (name: string) => (usesOwn(rules[name]!) ? { modulator: draw.oneOf(...modulators) } : {});
  return {
    rules,
    probeEvery: draw.integer(1, 50),
    plasticity(target, weightRange) {
      if (target === 'readout') return { rule: 'before-only', weightRange, ...own('before-only') };
      switch (draw.oneOf('stdp', 'rstdp', 'triplet', 'generated', 'before-only')) {
        case 'stdp':
          return { rule: 'stdp', weightRange, tauPlus: tau(), tauMinus: taus.y1, mode };
        case 'rstdp':
          return {
            rule: 'rstdp',
            weightRange,
            modulator: draw.oneOf(...modulators),
            aMinus: draw.real(0, 1),
            tauMinus: taus.y1,
            tauTag: tagTau,
            rate: draw.real(1e-5, 1e-3),
            mode,
          };
        case 'triplet':
          return {
            rule: 'triplet',
            weightRange,
            tauMinus: taus.y1,
            tauY: taus.y2,
            a3Minus: draw.oneOf(0, 2e-4),
            mode,
          };
        case 'generated':
          return { rule: 'generated', weightRange, gain: draw.real(0.01, 0.5), ...own('generated') };
        default:
          return { rule: 'before-only', weightRange, ...own('before-only') };
      }
    },
  };
}

/** One to four signed products of a constant, up to two different factors, and an event. */
function drawSum(draw: Draw, factors: readonly string[], events: readonly string[]): string {
  const products = Array.from({ length: draw.integer(1, 4) }, () => {
    const chosen = Array.from({ length: draw.integer(0, 2) }, () => draw.oneOf(...factors));
    const constant = draw.oneOf('gain', '2^-6', String(draw.real(0.001, 0.2)), '(1 - 0.75)*gain');
    return [constant, draw.oneOf(...events), ...new Set(chosen)].filter(Boolean).join('*');
  });
  return products.reduce((sum, product) => `${sum} ${draw.oneOf('+', '-')} ${product}`);
}
