import type { Field, NumberType, RecordDeclaration } from '../declaration/field.js';
import type { MessageName, messages } from '../declaration/messages.js';

/** Array kinds in which lists of numbers are decoded. */
export interface NumberArrays {
  readonly u8: Uint8Array;
  readonly u16: Uint16Array;
  readonly u32: Uint32Array;
  readonly i16: Int16Array;
  readonly i32: Int32Array;
}

type DecodedField<F extends Field> = F extends { readonly type: NumberType }
  ? number
  : F extends { readonly type: 'text' }
    ? string
    : F extends { readonly type: 'bytes' }
      ? Uint8Array
      : F extends { readonly type: 'list'; readonly of: infer T extends NumberType }
        ? NumberArrays[T]
        : F extends { readonly type: 'records'; readonly record: infer R extends RecordDeclaration }
          ? readonly DecodedFields<R['fields']>[]
          : never;

type EncodableField<F extends Field> = F extends { readonly type: 'list' }
  ? ArrayLike<number>
  : F extends { readonly type: 'records'; readonly record: infer R extends RecordDeclaration }
    ? readonly EncodableFields<R['fields']>[]
    : DecodedField<F>;

type DecodedFields<L extends readonly Field[]> = {
  readonly [F in L[number] as F['name']]: DecodedField<F>;
};

type EncodableFields<L extends readonly Field[]> = {
  readonly [F in L[number] as F['name']]: EncodableField<F>;
};

/** Field values of a message as the decoder gives them; lists of numbers are typed arrays. */
export type MessageFields<N extends MessageName> = DecodedFields<(typeof messages)[N]['fields']>;

/** Field values of a message as the encoder takes them; any array of numbers will do. */
export type MessageInput<N extends MessageName> = EncodableFields<(typeof messages)[N]['fields']>;

/** A decoded message: `switch (message.name)` narrows `message.fields`. */
export type Message = {
  readonly [N in MessageName]: { readonly name: N; readonly fields: MessageFields<N> };
}[MessageName];

/** Values of any message, where the declaration is only known at run time. */
export type FieldValues = Readonly<Record<string, unknown>>;
