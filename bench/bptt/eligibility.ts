import type { Raster, Run } from './forward.js';
import { emptyWeights, type Model, type Weights } from './model.js';

/** Feedback weights, whether the reset is differentiated, and whether κ filters the eligibility (see `Paths`). */
export interface LearningSignal {
  readonly feedback: Float64Array;
  readonly throughReset: boolean;
  readonly throughReadout: boolean;
}

/**
 * E-prop as a chip runs it: forwards in time, with eligibility vectors at every synapse (Bellec et al. 2020, Methods,
 * for LIF and ALIF). At step t, for the synapse from i to j:
 *
 *   ε_v = α ε_v + source_i   [− v_th e through the reset],   ε_a = ρ ε_a + e   (both with e of the step before)
 *   e = ψ_j (ε_v − β ε_a),   ē = κ ē + e
 *   dE/dW(i→j) = Σ_t (Σ_k B_jk error_k(t)) · ē(t)
 *
 * Slow and plain: it is here to be compared with.
 */
export function eligibilityGradient(
  model: Model,
  raster: Raster,
  run: Run,
  error: Float64Array,
  { feedback, throughReset, throughReadout }: LearningSignal,
): Weights {
  const { neurons: n, outputs, kappa } = model;
  const gradient = emptyWeights(model);
  const input = new SynapseTraces(model, model.inputs, throughReset);
  const recurrent = new SynapseTraces(model, n, throughReset);
  const filtered = new Float64Array(n);
  const arrived = new Float64Array(model.inputs);
  const signal = new Float64Array(n);
  const keep = throughReadout ? kappa : 0;
  for (let t = 0; t < run.steps; t++) {
    arrived.fill(0);
    for (let e = raster.starts[t]!; e < raster.starts[t + 1]!; e++) arrived[raster.lines[e]!]! += 1;
    const spikesBefore = t > 0 ? run.z.subarray((t - 1) * n, t * n) : new Float64Array(n);
    const errors = error.subarray(t * outputs, (t + 1) * outputs);
    for (let j = 0; j < n; j++) {
      filtered[j] = kappa * filtered[j]! + run.z[t * n + j]!;
      signal[j] = 0;
      for (let k = 0; k < outputs; k++) {
        signal[j]! += feedback[j * outputs + k]! * errors[k]!;
        gradient.output[j * outputs + k]! += filtered[j]! * errors[k]!;
      }
    }
    const psi = run.psi.subarray(t * n, (t + 1) * n);
    input.step(arrived, psi, signal, keep, gradient.input);
    recurrent.step(spikesBefore, psi, signal, keep, gradient.recurrent);
  }
  for (let j = 0; j < n; j++) gradient.recurrent[j * n + j] = 0;
  return gradient;
}

/** Eligibility vectors of all synapses from one set of sources. */
class SynapseTraces {
  readonly #model: Model;
  readonly #reset: number;
  readonly #epsilonV: Float64Array;
  readonly #epsilonA: Float64Array;
  readonly #e: Float64Array;
  readonly #filtered: Float64Array;

  constructor(model: Model, sources: number, throughReset: boolean) {
    this.#model = model;
    this.#reset = throughReset ? model.threshold : 0;
    const synapses = sources * model.neurons;
    this.#epsilonV = new Float64Array(synapses);
    this.#epsilonA = new Float64Array(synapses);
    this.#e = new Float64Array(synapses);
    this.#filtered = new Float64Array(synapses);
  }

  step(
    sources: Float64Array,
    psi: Float64Array,
    signal: Float64Array,
    keep: number,
    sum: Float64Array,
  ): void {
    const { neurons: n, alpha, rho, beta } = this.#model;
    for (let i = 0, s = 0; i < sources.length; i++)
      for (let j = 0; j < n; j++, s++) {
        const before = this.#e[s]!;
        const v = alpha[j]! * this.#epsilonV[s]! + sources[i]! - this.#reset * before;
        const a = rho[j]! * this.#epsilonA[s]! + before;
        const e = psi[j]! * (v - beta[j]! * a);
        this.#epsilonV[s] = v;
        this.#epsilonA[s] = a;
        this.#e[s] = e;
        this.#filtered[s] = keep * this.#filtered[s]! + e;
        sum[s]! += signal[j]! * this.#filtered[s]!;
      }
  }
}
