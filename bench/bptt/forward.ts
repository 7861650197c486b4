import { type Model, pseudoDerivative, ramp, type Weights } from './model.js';

/** Input spikes by step: the lines of step t are `lines[starts[t] … starts[t + 1] − 1]`. */
export interface Raster {
  readonly steps: number;
  readonly starts: Int32Array;
  readonly lines: Int32Array;
}

/** What a run leaves: by step, then neuron or output. */
export interface Run {
  readonly steps: number;
  readonly z: Float64Array;
  /** Pseudo-derivative. */
  readonly psi: Float64Array;
  readonly y: Float64Array;
}

export function rasterOf(steps: number, spikes: readonly { in: number; unit: number }[]): Raster {
  const starts = new Int32Array(steps + 1);
  for (const spike of spikes) starts[spike.in + 1]!++;
  for (let t = 0; t < steps; t++) starts[t + 1]! += starts[t]!;
  const next = starts.slice();
  const lines = new Int32Array(spikes.length);
  for (const spike of spikes) lines[next[spike.in]!++] = spike.unit;
  return { steps, starts, lines };
}

export function emptyRun(model: Model, steps: number): Run {
  return {
    steps,
    z: new Float64Array(steps * model.neurons),
    psi: new Float64Array(steps * model.neurons),
    y: new Float64Array(steps * model.outputs),
  };
}

/** Runs the network from rest; `into` is overwritten. */
export function forward(model: Model, weights: Weights, raster: Raster, into: Run): Run {
  const { neurons: n, outputs, alpha, rho, beta, kappa, threshold, refractory } = model;
  const smooth = model.spike === 'ramp';
  const v = new Float64Array(n);
  const a = new Float64Array(n);
  const drive = new Float64Array(n);
  const resting = new Int32Array(n);
  const y = new Float64Array(outputs);
  const { z, psi } = into;
  for (let t = 0; t < raster.steps; t++) {
    const now = t * n;
    const before = now - n;
    drive.fill(0);
    for (let e = raster.starts[t]!; e < raster.starts[t + 1]!; e++) {
      const row = raster.lines[e]! * n;
      for (let j = 0; j < n; j++) drive[j]! += weights.input[row + j]!;
    }
    if (t > 0)
      for (let i = 0; i < n; i++) {
        const spike = z[before + i]!;
        if (spike === 0) continue;
        const row = i * n;
        for (let j = 0; j < n; j++) drive[j]! += spike * weights.recurrent[row + j]!;
        drive[i]! -= spike * threshold;
      }
    for (let k = 0; k < outputs; k++) y[k]! *= kappa;
    for (let j = 0; j < n; j++) {
      v[j] = alpha[j]! * v[j]! + drive[j]!;
      if (t > 0) a[j] = rho[j]! * a[j]! + z[before + j]!;
      const x = v[j]! - threshold - beta[j]! * a[j]!;
      if (resting[j]! > 0) {
        resting[j]!--;
        z[now + j] = 0;
        psi[now + j] = 0;
        continue;
      }
      psi[now + j] = pseudoDerivative(model, x);
      const spike = smooth ? ramp(model, x) : x >= 0 ? 1 : 0;
      z[now + j] = spike;
      if (spike === 0) continue;
      if (!smooth) resting[j] = refractory;
      for (let k = 0; k < outputs; k++) y[k]! += spike * weights.output[j * outputs + k]!;
    }
    into.y.set(y, t * outputs);
  }
  return into;
}
