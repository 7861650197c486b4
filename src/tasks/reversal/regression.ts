/**
 * Logistic regression by Newton's method with a ridge: the weights that make `positive` most likely given the
 * predictors, less ridge/2 times their squares. No intercept; give a column of ones for that.
 */
export function logisticRegression(
  predictors: readonly (readonly number[])[],
  positive: readonly boolean[],
  ridge = 1,
): number[] {
  const size = predictors[0]?.length ?? 0;
  let weights = new Array<number>(size).fill(0);
  for (let round = 0; round < 100; round++) {
    const gradient = weights.map((weight) => -ridge * weight);
    const curvature = weights.map((_, i) => weights.map((_, j) => (i === j ? ridge : 0)));
    predictors.forEach((row, n) => {
      const p = 1 / (1 + Math.exp(-dot(row, weights)));
      for (let i = 0; i < size; i++) {
        gradient[i]! += row[i]! * (Number(positive[n]) - p);
        for (let j = 0; j < size; j++) curvature[i]![j]! += row[i]! * row[j]! * p * (1 - p);
      }
    });
    const step = solve(curvature, gradient);
    weights = weights.map((weight, i) => weight + step[i]!);
    if (step.every((part) => Math.abs(part) < 1e-9)) break;
  }
  return weights;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, n) => sum + value * b[n]!, 0);
}

/** Solves a symmetric positive definite system by elimination. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, n) => [...row, right[n]!]);
  const size = rows.length;
  for (let k = 0; k < size; k++)
    for (let i = k + 1; i < size; i++) {
      const factor = rows[i]![k]! / rows[k]![k]!;
      for (let j = k; j <= size; j++) rows[i]![j]! -= factor * rows[k]![j]!;
    }
  const solution = new Array<number>(size).fill(0);
  for (let i = size - 1; i >= 0; i--) {
    const known = rows[i]!.slice(i + 1, size).reduce(
      (sum, value, n) => sum + value * solution[i + 1 + n]!,
      0,
    );
    solution[i] = (rows[i]![size]! - known) / rows[i]![i]!;
  }
  return solution;
}
