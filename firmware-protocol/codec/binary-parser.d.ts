/** binary-parser 2.3 declares its types for `require` only; these are the same for `import`. */
declare module 'binary-parser' {
  export { Parser } from 'binary-parser/dist/binary_parser.js';
}
