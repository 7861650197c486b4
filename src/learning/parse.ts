import type { FindingCode, Span } from './finding.js';
import { type Token, tokenize } from './tokens.js';

/** A product as parsed: its constants multiplied out, its other names in order. */
export interface Product extends Span {
  readonly coefficient: number;
  readonly names: readonly Token[];
}

export interface EquationFinding {
  readonly code: FindingCode;
  readonly message: string;
  readonly at: Span;
}

/** Value of a name that stands for a number; undefined for any other name. */
export type Constants = (name: string) => number | undefined;

const longest = 1000;

/**
 * Parses a sum of signed products. Findings about meaning are collected; the first error of syntax (E0301) ends the
 * parsing, and then there are no products.
 */
export function parseEquation(
  text: string,
  constants: Constants,
): { readonly products: readonly Product[]; readonly findings: readonly EquationFinding[] } {
  const findings: EquationFinding[] = [];
  if (text.length > longest)
    findings.push({
      code: 'E0301',
      message: `the equation has ${text.length} characters; ${longest} are allowed`,
      at: { column: longest + 1, length: 1 },
    });
  else
    try {
      return { products: new Parser(tokenize(text), constants, findings).equation(), findings };
    } catch (error) {
      if (!(error instanceof NotationError)) throw error;
      findings.push({ code: 'E0301', message: error.message, at: error.at });
    }
  return { products: [], findings };
}

class NotationError extends Error {
  readonly at: Span;
  constructor(message: string, at: Span) {
    super(message);
    this.at = at;
  }
}

/** Recursive descent: sum → product → sign → power → atom. */
class Parser {
  readonly #tokens: readonly Token[];
  readonly #constants: Constants;
  readonly #findings: EquationFinding[];
  #place = 0;

  constructor(tokens: readonly Token[], constants: Constants, findings: EquationFinding[]) {
    this.#tokens = tokens;
    this.#constants = constants;
    this.#findings = findings;
  }

  equation(): Product[] {
    const products = this.#sum();
    const token = this.#next;
    if (token.kind === 'end') return products;
    if (token.text === ')') throw new NotationError("this ')' closes nothing", token);
    throw this.#unexpected();
  }

  get #next(): Token {
    return this.#tokens[this.#place]!;
  }

  #take(): Token {
    return this.#tokens[this.#place++]!;
  }

  #takes(...symbols: string[]): string | null {
    const { kind, text } = this.#next;
    if (kind !== 'symbol' || !symbols.includes(text)) return null;
    this.#place++;
    return text;
  }

  #sum(): Product[] {
    const products: Product[] = [];
    let sign = this.#takes('+', '-');
    do {
      const product = this.#product();
      products.push(sign === '-' ? { ...product, coefficient: -product.coefficient } : product);
      sign = this.#takes('+', '-');
    } while (sign !== null);
    return products;
  }

  #product(): Product {
    const { column } = this.#next;
    let product = this.#signed();
    for (let operator = this.#takes('*', '/'); operator !== null; operator = this.#takes('*', '/')) {
      const factor = this.#signed();
      if (operator === '/') this.#mustBeConstant(factor, 'a product can be divided by a constant only');
      product = {
        ...product,
        coefficient:
          operator === '*'
            ? product.coefficient * factor.coefficient
            : product.coefficient / factor.coefficient,
        names: [...product.names, ...factor.names],
      };
    }
    const last = this.#tokens[this.#place - 1]!;
    return { ...product, column, length: last.column + last.length - column };
  }

  #signed(): Product {
    const sign = this.#takes('+', '-');
    if (sign === null) return this.#power();
    const operand = this.#signed();
    return sign === '-' ? { ...operand, coefficient: -operand.coefficient } : operand;
  }

  #power(): Product {
    const base = this.#atom();
    if (this.#takes('^') === null) return base;
    const exponent = this.#signed();
    this.#mustBeConstant(base, 'only a constant can be raised to a power; repeat the factor: x1*x1');
    this.#mustBeConstant(exponent, 'an exponent must be a constant');
    return { ...base, names: [], coefficient: base.coefficient ** exponent.coefficient };
  }

  #atom(): Product {
    const token = this.#next;
    if (token.kind === 'number') {
      this.#take();
      return { ...span(token), coefficient: Number(token.text), names: [] };
    }
    if (token.kind === 'name') {
      this.#take();
      const value = this.#constants(token.text);
      return { ...span(token), coefficient: value ?? 1, names: value === undefined ? [token] : [] };
    }
    if (this.#takes('(') !== null) return this.#parenthesis(token);
    throw this.#unexpected();
  }

  #parenthesis(open: Token): Product {
    const products = this.#sum();
    if (this.#takes(')') === null) {
      if (this.#next.kind === 'end') throw new NotationError("this '(' is not closed", open);
      throw this.#unexpected();
    }
    const product = products.find(({ names }) => names.length > 0);
    if (product) this.#mustBeConstant(product, 'parentheses can hold constants only; multiply the sum out');
    return { ...span(open), coefficient: products.reduce((sum, p) => sum + p.coefficient, 0), names: [] };
  }

  #mustBeConstant({ names }: Product, message: string): void {
    const [name] = names;
    if (name) this.#findings.push({ code: 'E0302', message, at: span(name) });
  }

  #unexpected(): NotationError {
    const token = this.#next;
    const before = this.#tokens[this.#place - 1];
    const afterOperand = before !== undefined && (before.kind !== 'symbol' || before.text === ')');
    if (token.kind === 'end')
      return new NotationError(
        before
          ? `a factor is missing after '${before.text}'`
          : 'the equation is empty; write 0*w for no change',
        span(token),
      );
    if (token.text === '=')
      return new NotationError("leave out what stands before '=': the field names it already", span(token));
    if (token.kind === 'unknown')
      return new NotationError(`'${token.text}' has no meaning here`, span(token));
    if (afterOperand)
      return new NotationError(
        `an operator is missing between '${before.text}' and '${token.text}'; a product is written with *`,
        span(token),
      );
    return new NotationError(`a number, a factor or '(' must stand here, not '${token.text}'`, span(token));
  }
}

function span({ column, length }: Span): Span {
  return { column, length };
}
