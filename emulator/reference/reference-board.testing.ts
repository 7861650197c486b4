/**
 * A second, independent reader of `docs/core.md`: as plain as can be, no typed-array tricks, slow. It shares no code with
 * `emulator/core` and is the oracle in its tests. Read it beside the document, section by section.
 */
import type { Image, TermRecord } from '../../src/image/image.js';

const M = Math.imul;
export function mix(x: number) {
  x ^= x >>> 16;
  x = M(x, 0x7feb352d);
  x ^= x >>> 15;
  x = M(x, 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}
const SMAX = 0x7fffff;
const sat24 = (x: number) => (x > SMAX ? SMAX : x < -SMAX ? -SMAX : x);
const sat16 = (x: number) => (x > 32767 ? 32767 : x < -32767 ? -32767 : x);
function decay(x: number, keep: number) {
  const a = x < 0 ? -x : x;
  const v = keep === 65536 ? a : (a >> 16) * keep + (M(a & 0xffff, keep) >>> 16);
  return x < 0 ? -v : v;
}
const on = (t: number, k: number) => (t & (k >= 31 ? 0x7fffffff : (1 << k) - 1)) === 0;
const key = (v: number, u: number) => (M(u, 0x85ebca6b) + M(v, 0xc2b2ae35)) | 0;
const h = (k: number, v: number) => (v === 0 ? 0 : mix((k + M(v, 0x9e3779b9)) | 0));
interface Core {
  V: Int32Array;
  I: Int32Array;
  R: Int32Array;
  Y: Int32Array[];
  X: Int32Array[];
  acc: Int32Array;
  W: Int16Array[];
  T: Int16Array[];
  pend: Set<number>[];
  group: Int32Array;
  agroup: Int32Array;
  spiked: number[];
}
export class ReferenceBoard {
  tick = 0;
  learning = 1;
  cores: Core[];
  m: Int32Array;
  b: Int32Array;
  s: Int32Array;
  r: Int32Array[];
  image: Image;
  inQ = new Map<number, Set<number>>();
  rewQ = new Map<number, Map<number, number>>();
  ctlQ = new Map<number, number[][]>();
  inputBase = new Map<number, number>();
  constructor(image: Image) {
    this.image = image;
    const n = image.modulators.length;
    this.m = new Int32Array(n);
    this.b = new Int32Array(n);
    this.s = new Int32Array(n);
    this.r = Array.from({ length: n }, () => new Int32Array(64));
    this.cores = image.cores.map((c) => {
      const N = c.core.neuronCount,
        A = c.core.axonCount;
      const group = new Int32Array(N),
        agroup = new Int32Array(A);
      c.neuronGroups.forEach((g, i) => group.fill(i, g.firstNeuron, g.firstNeuron + g.count));
      c.axonGroups.forEach((g, i) => agroup.fill(i, g.firstAxon, g.firstAxon + g.count));
      const V = new Int32Array(N);
      for (const g of c.neuronGroups)
        if (g.flags & 4) V.set(c.initial.subarray(g.initialOffset, g.initialOffset + g.count), g.firstNeuron);
      return {
        V,
        I: new Int32Array(N),
        R: new Int32Array(N),
        Y: [0, 1, 2].map(() => new Int32Array(N)),
        X: [0, 1].map(() => new Int32Array(A)),
        acc: new Int32Array(N),
        W: c.blocks.map((b) =>
          b.flags & 1
            ? c.weights16.slice(b.weightOffset, b.weightOffset + b.synapseCount)
            : Int16Array.from(c.weights8.subarray(b.weightOffset, b.weightOffset + b.synapseCount)),
        ),
        T: c.blocks.map((b) => new Int16Array(b.flags & 1 ? b.synapseCount : 0)),
        pend: Array.from({ length: 64 }, () => new Set<number>()),
        group,
        agroup,
        spiked: [],
      };
    });
  }
  addSpike(t: number, u: number) {
    let s = this.inQ.get(t);
    if (!s) this.inQ.set(t, (s = new Set()));
    s.add(u);
  }
  addReward(t: number, c: number, v: number) {
    let s = this.rewQ.get(t);
    if (!s) this.rewQ.set(t, (s = new Map()));
    s.set(c, (s.get(c) ?? 0) + v);
  }
  addControl(t: number, ...e: number[]) {
    let s = this.ctlQ.get(t);
    if (!s) this.ctlQ.set(t, (s = []));
    s.push(e);
  }
  run(n: number, sink?: (t: number, u: number[]) => void) {
    for (let i = 0; i < n; i++) this.step(sink);
  }
  forSyn(ci: number, bi: number, axon: number, f: (k: number, j: number) => void) {
    const b = this.image.cores[ci]!.blocks[bi]!,
      ix = this.image.cores[ci]!;
    const row = axon - b.firstAxon;
    if (b.kind === 0) for (let j = 0; j < b.neuronCount; j++) f(row * b.neuronCount + j, b.firstNeuron + j);
    else
      for (let k = ix.index[b.rowOffset + row]!; k < ix.index[b.rowOffset + row + 1]!; k++)
        f(k, b.firstNeuron + ix.targets[b.targetOffset + k]!);
  }
  update(
    ci: number,
    bi: number,
    k: number,
    axon: number,
    j: number,
    pick: (term: TermRecord) => boolean,
    mod: (c: number) => number,
  ) {
    const img = this.image,
      b = img.cores[ci]!.blocks[bi]!,
      C = this.cores[ci]!,
      rule = img.rules[b.rule]!;
    let dw = 0,
      dt = 0;
    const val = (f: number) =>
      f === 0
        ? 4096
        : f <= 2
          ? C.X[f - 1]![axon]! >> 8
          : f <= 5
            ? C.Y[f - 3]![j]! >> 8
            : f === 6
              ? C.T[bi]![k]!
              : f === 7
                ? C.W[bi]![k]!
                : mod(f - 16);
    for (let n = rule.firstTerm; n < rule.firstTerm + rule.termCount; n++) {
      const t = img.terms[n]!;
      if (!pick(t)) continue;
      let p = val(t.factor1) * val(t.factor2);
      if (t.factor3 !== 255) p = sat16((p + (1 << (t.preShift - 1))) >> t.preShift) * val(t.factor3);
      const q = (p + 64) >> 7,
        r = q * t.mantissa;
      let inc = t.shift === 0 ? r : (r + (1 << (t.shift - 1))) >> t.shift;
      inc = Math.max(-65535, Math.min(65535, inc));
      if (t.target === 0) dw += inc;
      else dt += inc;
    }
    if (dt) C.T[bi]![k] = sat16(C.T[bi]![k]! + dt);
    if (dw) C.W[bi]![k] = Math.max(b.wMin, Math.min(b.wMax, C.W[bi]![k]! + dw));
  }
  step(sink?: (t: number, u: number[]) => void) {
    const t = this.tick,
      img = this.image;
    const mnow = (c: number) => sat16(this.m[c]! >> 8);
    const out: number[] = [];
    const _fired: [number, number[]][] = [];
    this.cores.forEach((C, ci) => {
      const c = img.cores[ci]!;
      const due = [...C.pend[t & 63]!];
      C.pend[t & 63]!.clear();
      for (const a of due) {
        c.blocks.forEach((b, bi) => {
          if (a < b.firstAxon || a >= b.firstAxon + b.axonCount) return;
          const pl = b.flags & 1;
          const pre =
            pl &&
            this.learning &&
            img.terms
              .slice(
                img.rules[b.rule]!.firstTerm,
                img.rules[b.rule]!.firstTerm + img.rules[b.rule]!.termCount,
              )
              .some((x) => x.event === 0);
          this.forSyn(ci, bi, a, (k, j) => {
            const w = C.W[bi]![k]!;
            C.acc[j]! += (pl ? w >> 8 : w) << b.shift;
            if (pre) this.update(ci, bi, k, a, j, (x) => x.event === 0, mnow);
          });
        });
      }
      for (const a of due) {
        const g = c.axonGroups[C.agroup[a]!]!;
        [
          [g.x1Mode, g.x1Impulse],
          [g.x2Mode, g.x2Impulse],
        ].forEach(([mode, imp], n) => {
          if (mode) C.X[n]![a] = mode === 1 ? Math.min(SMAX, C.X[n]![a]! + imp!) : imp!;
        });
      }
    });
    const T = mix((mix((img.network.seed + M(1, 0x9e3779b9)) | 0) + M(t, 0x85ebca6b)) | 0);
    this.cores.forEach((C, ci) => {
      const c = img.cores[ci]!;
      C.spiked = [];
      for (const g of c.neuronGroups)
        for (let n = 0; n < g.count; n++) {
          const j = g.firstNeuron + n,
            u = g.firstUnit + n;
          const inp = sat24(C.acc[j]!);
          C.acc[j] = 0;
          let drive = inp;
          if (g.flags & 1) {
            if (on(t, g.iCadence)) C.I[j] = decay(C.I[j]!, g.iKeep);
            drive = C.I[j] = sat24(C.I[j]! + inp);
          }
          if (C.R[j]! > 0) {
            C.R[j]!--;
            continue;
          }
          let v = C.V[j]!;
          if (on(t, g.vCadence)) v = decay(v, g.vKeep);
          let noise = 0;
          if (g.noise) {
            const s = (mix((T + M(u, 0xc2b2ae35)) | 0) >>> 16) - 32768,
              a = Math.abs(s);
            noise = a * (g.noise >> 15) + ((a * (g.noise & 0x7fff)) >> 15);
            if (s < 0) noise = -noise;
          }
          v = sat24(v + drive + (g.flags & 2 ? c.bias[g.biasOffset + n]! : g.bias) + noise);
          if (g.model !== 2 && v >= g.threshold) {
            C.spiked.push(j);
            v = g.resetMode === 0 ? g.resetValue : g.resetMode === 1 ? sat24(v - g.threshold) : v;
            C.R[j] = g.refractory;
            if (img.populations[g.population]!.flags & 1) out.push(u);
          }
          C.V[j] = v;
        }
    });
    this.cores.forEach((C, ci) => {
      const c = img.cores[ci]!;
      for (const j of C.spiked) {
        c.blocks.forEach((b, bi) => {
          if (!(b.flags & 1) || !this.learning || j < b.firstNeuron || j >= b.firstNeuron + b.neuronCount)
            return;
          const ru = img.rules[b.rule]!;
          if (!img.terms.slice(ru.firstTerm, ru.firstTerm + ru.termCount).some((x) => x.event === 1)) return;
          const col = j - b.firstNeuron;
          if (b.kind === 0)
            for (let a = 0; a < b.axonCount; a++)
              this.update(ci, bi, a * b.neuronCount + col, b.firstAxon + a, j, (x) => x.event === 1, mnow);
          else
            for (let k = c.index[b.columnOffset + col]!; k < c.index[b.columnOffset + col + 1]!; k++)
              this.update(
                ci,
                bi,
                c.index[b.columnSynapseOffset + k]!,
                b.firstAxon + c.columnAxons[b.columnAxonOffset + k]!,
                j,
                (x) => x.event === 1,
                mnow,
              );
        });
        const g = c.neuronGroups[C.group[j]!]!;
        [
          [g.y1Mode, g.y1Impulse],
          [g.y2Mode, g.y2Impulse],
          [g.y3Mode, g.y3Impulse],
        ].forEach(([mode, imp], n) => {
          if (mode) C.Y[n]![j] = mode === 1 ? Math.min(SMAX, C.Y[n]![j]! + imp!) : imp!;
        });
      }
    });
    const isMod = (x: TermRecord) =>
      (x.factor1 >= 16 && x.factor1 < 255) ||
      (x.factor2 >= 16 && x.factor2 < 255) ||
      (x.factor3 >= 16 && x.factor3 < 255);
    this.cores.forEach((C, ci) => {
      const c = img.cores[ci]!;
      c.blocks.forEach((b, bi) => {
        if (!(b.flags & 1)) return;
        const ru = img.rules[b.rule]!,
          terms = img.terms.slice(ru.firstTerm, ru.firstTerm + ru.termCount).filter((x) => x.event === 2);
        const mt = terms.filter(isMod),
          ut = terms.filter((x) => !isMod(x));
        const Q = 1 << b.sweepPeriod,
          P = b.tagPeriod;
        for (let a = b.firstAxon; a < b.firstAxon + b.axonCount; a++) {
          const ph = (t + (c.axons[a]! & 0x7fffffff)) >>> 0;
          if (mt.length && this.learning && on(ph, b.sweepPeriod)) {
            const mean = (ch: number) =>
              sat16(((this.s[ch]! - this.r[ch]![(t - Q) & 63]!) | 0) >> (8 + b.sweepPeriod));
            const chs = mt
              .flatMap((x) => [x.factor1, x.factor2, x.factor3])
              .filter((f) => f >= 16 && f < 255)
              .map((f) => mean(f - 16));
            if (chs.some((x) => x !== 0))
              this.forSyn(ci, bi, a, (k, j) =>
                this.update(ci, bi, k, a, j, (x) => x.event === 2 && isMod(x), mean),
              );
          }
          if (on(ph, P)) {
            if (ut.length && this.learning)
              this.forSyn(ci, bi, a, (k, j) =>
                this.update(ci, bi, k, a, j, (x) => x.event === 2 && !isMod(x), mnow),
              );
            this.forSyn(ci, bi, a, (k) => {
              const x = C.T[bi]![k]!;
              if (x) {
                const v = Math.floor((Math.abs(x) * b.tagKeep) / 65536);
                C.T[bi]![k] = x < 0 ? -v : v;
              }
            });
          }
        }
      });
    });
    this.cores.forEach((C, ci) => {
      const c = img.cores[ci]!;
      for (const g of c.axonGroups)
        [
          [g.x1Mode, g.x1Keep, g.x1Cadence],
          [g.x2Mode, g.x2Keep, g.x2Cadence],
        ].forEach(([m, k, d], n) => {
          if (m && on(t, d!))
            for (let a = g.firstAxon; a < g.firstAxon + g.count; a++) C.X[n]![a] = decay(C.X[n]![a]!, k!);
        });
      for (const g of c.neuronGroups)
        [
          [g.y1Mode, g.y1Keep, g.y1Cadence],
          [g.y2Mode, g.y2Keep, g.y2Cadence],
          [g.y3Mode, g.y3Keep, g.y3Cadence],
        ].forEach(([m, k, d], n) => {
          if (m && on(t, d!))
            for (let a = g.firstNeuron; a < g.firstNeuron + g.count; a++) C.Y[n]![a] = decay(C.Y[n]![a]!, k!);
        });
    });
    img.modulators.forEach((md, c) => {
      if (on(t, md.cadence)) this.m[c] = decay(this.m[c]!, md.keep);
      const rw = this.rewQ.get(t);
      if (rw?.has(c)) {
        const r = sat24(rw.get(c)!),
          e = md.flags & 1 ? r - this.b[c]! : r;
        this.m[c] = sat24(this.m[c]! + e);
        if (md.flags & 1) this.b[c] = this.b[c]! + decay(sat24(e), md.gain);
      }
      this.r[c]![t & 63] = this.s[c]!;
      this.s[c] = (this.s[c]! + this.m[c]!) | 0;
    });
    this.rewQ.delete(t);
    const ctl = (this.ctlQ.get(t) ?? []).sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]! || a[2]! - b[2]!);
    this.ctlQ.delete(t);
    for (const [code, pop, arg] of ctl) {
      if (code === 2) this.learning = arg ? 1 : 0;
      if (code !== 1) continue;
      const is = (p: number) => pop === 65535 || p === pop;
      this.cores.forEach((C, ci) => {
        const c = img.cores[ci]!;
        c.neuronGroups.forEach((g) => {
          if (!is(g.population)) return;
          const [a, z] = [g.firstNeuron, g.firstNeuron + g.count];
          if (arg! & 1) {
            C.V.fill(0, a, z);
            C.I.fill(0, a, z);
            C.R.fill(0, a, z);
          }
          if (arg! & 2) C.Y.forEach((y) => y.fill(0, a, z));
        });
        c.axonGroups.forEach((g) => {
          if (!is(g.population)) return;
          const [a, z] = [g.firstAxon, g.firstAxon + g.count];
          if (arg! & 2) C.X.forEach((y) => y.fill(0, a, z));
          if (arg! & 8) for (const s of C.pend) for (const x of [...s]) if (x >= a && x < z) s.delete(x);
        });
        c.blocks.forEach((b, bi) => {
          if (arg! & 4 && is(c.neuronGroups[C.group[b.firstNeuron]!]!.population)) C.T[bi]!.fill(0);
        });
      });
      if (arg! & 16) {
        this.m.fill(0);
        this.s.fill(0);
        for (const r of this.r) r.fill(0);
      }
    }
    const go = (route: number) => {
      const ci = route >>> 20,
        a = route & 0xfffff,
        C = this.cores[ci]!;
      C.pend[(t + img.cores[ci]!.axonGroups[C.agroup[a]!]!.delay) & 63]!.add(a);
    };
    for (const u of this.inQ.get(t) ?? []) {
      const p = img.populations.find((p) => u >= p.firstUnit && u < p.firstUnit + p.size)!;
      const n = p.firstInput + u - p.firstUnit;
      for (let k = img.inputRouteStart[n]!; k < img.inputRouteStart[n + 1]!; k++) go(img.inputRoutes[k]!);
      if (p.flags & 1) out.push(u);
    }
    this.inQ.delete(t);
    this.cores.forEach((C, ci) => {
      const c = img.cores[ci]!;
      for (const j of C.spiked)
        for (let k = c.routeStart[j]!; k < c.routeStart[j + 1]!; k++) go(c.routes[k]!);
    });
    if (out.length && sink)
      sink(
        t,
        out.sort((a, b) => a - b),
      );
    this.tick++;
  }
  stateHash() {
    let sum = 0;
    const img = this.image;
    const add = (k: number, v: number) => {
      sum = (sum + h(k, v)) | 0;
    };
    this.cores.forEach((C, ci) => {
      const c = img.cores[ci]!;
      for (const g of c.neuronGroups)
        for (let n = 0; n < g.count; n++) {
          const j = g.firstNeuron + n,
            u = g.firstUnit + n;
          add(key(0, u), C.V[j]!);
          if (g.flags & 1) add(key(1, u), C.I[j]!);
          add(key(2, u), C.R[j]!);
          C.Y.forEach((y, i) => add(key(3 + i, u), y[j]!));
        }
      c.axonGroups.forEach((g) => {
        for (let a = g.firstAxon; a < g.firstAxon + g.count; a++) {
          const w = c.axons[a]!;
          if (!(w & 0x80000000)) continue;
          const u = w & 0x7fffffff,
            d = M(g.delay, 0x165667b1);
          C.X.forEach((x, i) => add((key(16 + i, u) + d) | 0, x[a]!));
          for (let s = 0; s < 64; s++)
            if (C.pend[(this.tick + s) & 63]!.has(a)) add((key(18, u) + d) | 0, s + 1);
        }
      });
      c.blocks.forEach((b, bi) => {
        if (b.flags & 1)
          for (let a = b.firstAxon; a < b.firstAxon + b.axonCount; a++) {
            const rk = mix((M(b.projection, 0x9e3779b9) + (c.axons[a]! & 0x7fffffff)) | 0);
            this.forSyn(ci, bi, a, (k, j) => {
              const g = c.neuronGroups[C.group[j]!]!;
              const u = g.firstUnit + j - g.firstNeuron;
              add((rk + M(u, 0x85ebca6b)) | 0, (C.T[bi]![k]! & 0xffff) | (C.W[bi]![k]! << 16));
            });
          }
      });
    });
    this.m.forEach((m, c) => {
      add(key(48, c), m);
      add(key(49, c), this.b[c]!);
      add(key(50, c), this.s[c]!);
      this.r[c]!.forEach((v, k) => add(key(64 + k, c), v));
    });
    return mix((M(this.tick, 0x27d4eb2f) + this.learning + sum) | 0);
  }
}
