import type { Raster, Run } from './forward.js';
import { emptyWeights, type Model, type Weights } from './model.js';

/** What the adjoints follow. */
export interface Paths {
  /** Weights that carry the error from the outputs back to the neurons: W_out itself, or random ones. */
  readonly feedback: Float64Array;
  /** BPTT: from neuron to neuron through W_rec. E-prop leaves this path out. */
  readonly throughNeurons: boolean;
  /** Whether the reset, −v_th z(t−1) in v(t), is differentiated. */
  readonly throughReset: boolean;
  /** Whether the learning signal reaches back through the readout's filter κ. ReckOn leaves that out. */
  readonly throughReadout: boolean;
}

/**
 * Gradient of the loss by reverse-mode differentiation, step by step backwards, under the pseudo-derivative ψ.
 * With Z = dE/dz, and V, A the adjoints of v and a:
 *
 *   Y(t) = error(t) + κ Y(t+1)
 *   Z(t) = Σ_k B_k Y_k(t) + A(t+1) + Σ_m W_rec(j→m) V_m(t+1)  [− v_th V(t+1) through the reset]
 *   V(t) = α V(t+1) + ψ Z(t),   A(t) = ρ A(t+1) − β ψ Z(t)
 *   dE/dW(i→j) = Σ_t V_j(t) · source_i(t)
 *
 * Without the sum over m this is e-prop: the same sum of learning signal × filtered eligibility, taken in the other
 * order (`eligibility.ts` takes it forwards, as a chip does; a test holds the two together).
 */
export function backward(
  model: Model,
  weights: Weights,
  raster: Raster,
  run: Run,
  error: Float64Array,
  paths: Paths,
  into: Weights = emptyWeights(model),
): Weights {
  const { neurons: n, outputs, alpha, rho, beta, kappa, threshold } = model;
  const { z, psi } = run;
  into.input.fill(0);
  into.recurrent.fill(0);
  into.output.fill(0);
  const vNext = new Float64Array(n);
  const aNext = new Float64Array(n);
  const yNext = new Float64Array(outputs);
  const signal = new Float64Array(outputs);
  for (let t = run.steps - 1; t >= 0; t--) {
    const now = t * n;
    for (let k = 0; k < outputs; k++) {
      yNext[k] = error[t * outputs + k]! + kappa * yNext[k]!;
      signal[k] = paths.throughReadout ? yNext[k]! : error[t * outputs + k]!;
    }
    // W_rec(j→m) reads z_j(t) and V_m(t+1): before V is moved to this step.
    for (let i = 0; i < n; i++) {
      const spike = z[now + i]!;
      if (spike === 0) continue;
      const row = i * n;
      for (let j = 0; j < n; j++) into.recurrent[row + j]! += spike * vNext[j]!;
      for (let k = 0; k < outputs; k++) into.output[i * outputs + k]! += spike * yNext[k]!;
    }
    const carried = paths.throughNeurons ? carry(weights.recurrent, vNext, psi, now) : null;
    for (let j = 0; j < n; j++) {
      let byZ = aNext[j]!;
      for (let k = 0; k < outputs; k++) byZ += paths.feedback[j * outputs + k]! * signal[k]!;
      if (carried) byZ += carried[j]!;
      if (paths.throughReset) byZ -= threshold * vNext[j]!;
      const through = psi[now + j]! * byZ;
      vNext[j] = alpha[j]! * vNext[j]! + through;
      aNext[j] = rho[j]! * aNext[j]! - beta[j]! * through;
    }
    for (let e = raster.starts[t]!; e < raster.starts[t + 1]!; e++) {
      const row = raster.lines[e]! * n;
      for (let j = 0; j < n; j++) into.input[row + j]! += vNext[j]!;
    }
  }
  for (let j = 0; j < n; j++) into.recurrent[j * n + j] = 0;
  return into;
}

/** Σ_m W(j→m) V_m for the neurons whose pseudo-derivative is not zero. */
function carry(recurrent: Float64Array, v: Float64Array, psi: Float64Array, now: number): Float64Array {
  const n = v.length;
  const sums = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    if (psi[now + j] === 0) continue;
    let sum = 0;
    for (let m = 0, row = j * n; m < n; m++) sum += recurrent[row + m]! * v[m]!;
    sums[j] = sum;
  }
  return sums;
}
