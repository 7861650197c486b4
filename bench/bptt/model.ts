/**
 * A recurrent network of LIF and ALIF neurons in discrete time, in float64. Equations of Bellec et al. (2020), Nature
 * Communications 11, 3625 (Methods):
 *
 *   v(t) = α v(t−1) + Σ W_in x(t) + Σ W_rec z(t−1) − v_th z(t−1)
 *   z(t) = H(v(t) − θ(t)),   θ(t) = v_th + β a(t),   a(t) = ρ a(t−1) + z(t−1)
 *   y(t) = κ y(t−1) + Σ W_out z(t)
 */
export interface Model {
  readonly inputs: number;
  readonly neurons: number;
  readonly outputs: number;
  /** Decay of the membrane for a step, of each neuron: α = e^(−1/τ). */
  readonly alpha: Float64Array;
  /** Decay of the adaptation for a step, of each neuron: ρ. */
  readonly rho: Float64Array;
  /** Rise of the threshold by a unit of adaptation, of each neuron; 0: LIF. */
  readonly beta: Float64Array;
  /** Decay of the readout for a step. */
  readonly kappa: number;
  readonly threshold: number;
  /** Steps after a spike in which the neuron cannot spike; its membrane goes on, its pseudo-derivative is 0. */
  readonly refractory: number;
  readonly surrogate: Surrogate;
  /**
   * `step`: z is 0 or 1. `ramp`: z is the integral of the pseudo-derivative, 0 … γ, so that the gradient is exact and
   * finite differences can check it.
   */
  readonly spike: 'step' | 'ramp';
}

/** Pseudo-derivative ∂z/∂v: `triangle` γ/v_th · max(0, 1 − |v−θ|/v_th); `box` γ/v_th where |v−θ| < width · v_th. */
export interface Surrogate {
  readonly shape: 'triangle' | 'box';
  readonly gamma: number;
  /** Half width, in thresholds. */
  readonly width: number;
}

/** Weights by source, then target: `recurrent[i * neurons + j]` from i to j. No neuron is joined to itself. */
export interface Weights {
  readonly input: Float64Array;
  readonly recurrent: Float64Array;
  readonly output: Float64Array;
}

/** Decay for a step of 1 ms. */
export const decayOf = (tauMilliseconds: number): number => Math.exp(-1 / tauMilliseconds);

export function emptyWeights(model: Model): Weights {
  return {
    input: new Float64Array(model.inputs * model.neurons),
    recurrent: new Float64Array(model.neurons * model.neurons),
    output: new Float64Array(model.neurons * model.outputs),
  };
}

/** Standard deviations of the first weights are these over the square root of the number of sources. */
export interface InitialScale {
  readonly input: number;
  readonly recurrent: number;
  readonly output: number;
}

/** Normal weights; `normal` draws from N(0, 1). */
export function drawWeights(model: Model, scale: InitialScale, normal: () => number): Weights {
  const weights = emptyWeights(model);
  const fill = (values: Float64Array, sources: number, width: number) => {
    for (let n = 0; n < values.length; n++) values[n] = (width * normal()) / Math.sqrt(sources);
  };
  fill(weights.input, model.inputs, scale.input);
  fill(weights.recurrent, model.neurons, scale.recurrent);
  fill(weights.output, model.neurons, scale.output);
  for (let j = 0; j < model.neurons; j++) weights.recurrent[j * model.neurons + j] = 0;
  return weights;
}

/** Pseudo-derivative at distance x = v − θ. */
export function pseudoDerivative(model: Model, x: number): number {
  const { gamma, shape, width } = model.surrogate;
  const reach = width * model.threshold;
  const distance = Math.abs(x);
  if (distance >= reach) return 0;
  return (gamma / model.threshold) * (shape === 'box' ? 1 : 1 - distance / reach);
}

/** Integral of the pseudo-derivative from −∞ to x. */
export function ramp(model: Model, x: number): number {
  const { gamma, shape, width } = model.surrogate;
  const reach = width * model.threshold;
  const u = Math.max(-1, Math.min(1, x / reach));
  const area = (gamma / model.threshold) * reach;
  if (shape === 'box') return area * (u + 1);
  return area * (u < 0 ? 0.5 * (1 + u) ** 2 : 1 - 0.5 * (1 - u) ** 2);
}
