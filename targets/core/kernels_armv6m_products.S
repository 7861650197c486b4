/*
 * Terms that multiply what varies by a factor that does not, rounded before and after the mantissa (docs/core.md, section
 * 6): traces onto tags and onto weights without tags, and the tag times the learning signal onto the weight.
 */
#if defined(__ARM_ARCH_6M__)

    .file "kernels_armv6m_products.S"
#include "kernels_armv6m.h"

    .equ PRODUCT_C, 0
    .equ PRODUCT_MANTISSA, 4
    .equ PRODUCT_SHIFT, 8
    .equ PRODUCT_LOW, 12
    .equ PRODUCT_HIGH, 16
    .equ PRODUCT_WEIGHT_SHIFT, 20

/* \to = 2^(shift - 1); \shift is kept. */
    .macro ROUNDING to, shift, temporary
    subs \temporary, \shift, #1
    movs \to, #1
    lsls \to, \temporary
    .endm

/* ------------------------------------------------------------------ traces onto tags, columns */

/*
 * r4 trace, r5 c, r6 mantissa, r7 shift, r10 rounding: the increment, in the upper half of r4. It has the sign of c times
 * the mantissa, so that one bound is enough, as in kernels_armv6m_tags.S.
 */
    .macro UPPER_INCREMENT
    asrs r4, r4, #8
    muls r4, r5
    adds r4, #64
    asrs r4, r4, #7
    muls r4, r6
    add r4, r10
    asrs r4, r7
    lsls r4, r4, #16
    .endm

/* r3 = the tag in its upper half less one if it falls, r12 = -2^16 */
    .macro UPPER_TAG falling
    lsls r3, r3, #16
    .if \falling
    add r3, r12
    .endif
    adds r3, r3, r4
    .endm

    .macro LOWER_TAG falling
    lsrs r3, r3, #16
    .if \falling
    adds r3, #1
    .endif
    .endm

/* r0 word, r2 x, r11 stride */
    .macro PRODUCT_COLUMN name, offset, falling
    ldr r4, [r2, #\offset]
    UPPER_INCREMENT
    ldrh r3, [r0]
    UPPER_TAG \falling
    bvs \name\()_full_\offset
    LOWER_TAG \falling
\name\()_store_\offset:
    strh r3, [r0]
    add r0, r11
    .endm

    .macro PRODUCT_COLUMN_FULL name, offset, falling
\name\()_full_\offset:
    SATURATED \falling, r3
    b \name\()_store_\offset
    .endm

/* Two synapses a round; an odd one comes first. r8 end of x */
    .macro PRODUCT_COLUMN_LOOP name, falling
\name:
    mov r3, r8
    subs r3, r3, r2
    beq 2f
    lsls r3, r3, #29
    bpl 1f
    PRODUCT_COLUMN \name\()_one, 0, \falling
    adds r2, #4
    cmp r2, r8
    beq 2f
1:  PRODUCT_COLUMN \name, 0, \falling
    PRODUCT_COLUMN \name, 4, \falling
    adds r2, #8
    cmp r2, r8
    bne 1b
2:  RESTORE_HIGH
    PRODUCT_COLUMN_FULL \name\()_one, 0, \falling
    PRODUCT_COLUMN_FULL \name, 0, \falling
    PRODUCT_COLUMN_FULL \name, 4, \falling
    .endm

/* r3 kernel, then r5 c, r6 mantissa, r7 shift, r10 rounding, r12 -2^16; the flags are those of c times the mantissa. */
    .macro LOAD_PRODUCT
    ldr r5, [r3, #PRODUCT_C]
    ldr r6, [r3, #PRODUCT_MANTISSA]
    ldr r7, [r3, #PRODUCT_SHIFT]
    ROUNDING r3, r7, r4
    mov r10, r3
    movs r4, #1
    lsls r4, r4, #16
    rsbs r4, r4, #0
    mov r12, r4
    mov r4, r5
    muls r4, r6
    .endm

/* r0 word, r1 stride in bytes, r2 x, r3 kernel, stack: count */
    FUNCTION engram_product_column_dense
    SAVE_HIGH
    mov r11, r1
    ldr r4, [sp, #36]
    lsls r4, r4, #2
    adds r4, r2, r4
    mov r8, r4
    LOAD_PRODUCT
    bmi product_column_falling
    b product_column_rising
    PRODUCT_COLUMN_LOOP product_column_falling, 1
    PRODUCT_COLUMN_LOOP product_column_rising, 0

/* r0 words, r1 synapse, r2 axon, r8 end of synapses, r9 mantissa, r11 x, r12 -2^16; one register less: r6 is used */
    .macro PRODUCT_SPARSE name, falling
\name:
    cmp r1, r8
    beq 2f
1:  ldrh r4, [r2]
    adds r2, #2
    lsls r4, r4, #2
    add r4, r11
    ldr r4, [r4]
    mov r6, r9
    UPPER_INCREMENT
    ldmia r1!, {r6}
    lsls r6, r6, #2
    ldrh r3, [r0, r6]
    UPPER_TAG \falling
    bvs 3f
    LOWER_TAG \falling
4:  strh r3, [r0, r6]
    cmp r1, r8
    bne 1b
2:  RESTORE_HIGH
3:  SATURATED \falling, r3
    b 4b
    .endm

/* r0 words, r1 synapse, r2 axon, r3 x, stack: kernel, count */
    FUNCTION engram_product_column_sparse
    SAVE_HIGH
    mov r11, r3
    ldr r4, [sp, #40]
    lsls r4, r4, #2
    adds r4, r1, r4
    mov r8, r4
    ldr r3, [sp, #36]
    LOAD_PRODUCT
    mov r9, r6
    bmi product_sparse_falling
    b product_sparse_rising
    PRODUCT_SPARSE product_sparse_falling, 1
    PRODUCT_SPARSE product_sparse_rising, 0

/* ------------------------------------------------------------------ onto weights */

/* r4 the product, r7 mantissa, r8 rounding, r9 shift: the increment in r4; r5 is used. */
    .macro INCREMENT
    adds r4, #64
    asrs r4, r4, #7
    muls r4, r7
    add r4, r8
    mov r5, r9
    asrs r4, r5
    .endm

/* r3 weight, r4 increment, r11 highest, r12 lowest */
    .macro BOUNDED name
    adds r3, r3, r4
    cmp r3, r11
    bgt \name\()_high
\name\()_above:
    cmp r3, r12
    blt \name\()_low
\name\()_stored:
    .endm

    .macro BOUNDS name
\name\()_high:
    mov r3, r11
    b \name\()_stored
\name\()_low:
    mov r3, r12
    b \name\()_stored
    .endm

/* \kernel, then r7 mantissa, r8 rounding, r9 shift, r10 weight shift, r11 highest, r12 lowest, r6 c; r4, r5 are used. */
    .macro LOAD_BOUNDED kernel
    ldr r6, [\kernel, #PRODUCT_C]
    ldr r5, [\kernel, #PRODUCT_SHIFT]
    mov r9, r5
    ROUNDING r7, r5, r4
    mov r8, r7
    ldr r7, [\kernel, #PRODUCT_MANTISSA]
    ldr r4, [\kernel, #PRODUCT_WEIGHT_SHIFT]
    mov r10, r4
    ldr r4, [\kernel, #PRODUCT_HIGH]
    mov r11, r4
    ldr r4, [\kernel, #PRODUCT_LOW]
    mov r12, r4
    .endm

/* r3 weight of 16 bits: what it delivers, in r4; r5 is used. */
    .macro ACTING
    sxth r3, r3
    asrs r4, r3, #8
    mov r5, r10
    lsls r4, r5
    .endm

/* r0 weight, r1 acc, r2 y */
    .macro WEIGHT16_ROW name, offset
    ldrh r3, [r0, #\offset]
    ACTING
    ldr r5, [r1]
    adds r5, r5, r4
    stmia r1!, {r5}
    ldmia r2!, {r4}
    asrs r4, r4, #8
    muls r4, r6
    INCREMENT
    BOUNDED \name\()_\offset
    strh r3, [r0, #\offset]
    .endm

/* r0 weight, r1 acc, r2 y, r3 kernel, stack: count */
    FUNCTION engram_weight16_row_dense
    SAVE_HIGH
    LOAD_BOUNDED r3
    ldr r4, [sp, #36]
    lsls r4, r4, #1
    beq 2f
    adds r4, r0, r4
    push {r4}               /* end */
    subs r4, r4, r0
    lsls r4, r4, #30
    bpl 1f
    WEIGHT16_ROW row16_one, 0
    adds r0, #2
    ldr r4, [sp]
    cmp r0, r4
    beq 3f
1:  WEIGHT16_ROW row16, 0
    WEIGHT16_ROW row16, 2
    adds r0, #4
    ldr r4, [sp]
    cmp r0, r4
    bne 1b
3:  pop {r4}
2:  RESTORE_HIGH
    BOUNDS row16_one_0
    BOUNDS row16_0
    BOUNDS row16_2

/* r0 weight, r1 target, r2 acc, r3 y, stack: kernel, count */
    FUNCTION engram_weight16_row_sparse
    SAVE_HIGH
    mov lr, r3
    ldr r3, [sp, #36]
    LOAD_BOUNDED r3
    mov r3, lr
    ldr r4, [sp, #40]
    lsls r4, r4, #1
    beq 2f
    adds r4, r0, r4
    push {r3, r4}           /* y, end */
    mov lr, r6
1:  ldrh r6, [r1]
    adds r1, #2
    lsls r6, r6, #2
    ldrh r3, [r0]
    ACTING
    ldr r5, [r2, r6]
    adds r5, r5, r4
    str r5, [r2, r6]
    ldr r4, [sp]
    ldr r4, [r4, r6]
    asrs r4, r4, #8
    mov r6, lr
    muls r4, r6
    INCREMENT
    BOUNDED row16_sparse
    strh r3, [r0]
    adds r0, #2
    ldr r4, [sp, #4]
    cmp r0, r4
    bne 1b
    pop {r3, r4}
2:  RESTORE_HIGH
    BOUNDS row16_sparse

/* r0 weight, r1 stride in bytes, r2 x, r3 kernel, stack: count */
    FUNCTION engram_weight16_column_dense
    SAVE_HIGH
    LOAD_BOUNDED r3
    mov lr, r1
    ldr r4, [sp, #36]
    lsls r4, r4, #2
    beq 2f
    adds r4, r2, r4
    mov r10, r4
1:  ldmia r2!, {r4}
    asrs r4, r4, #8
    muls r4, r6
    INCREMENT
    ldrh r3, [r0]
    sxth r3, r3
    BOUNDED column16
    strh r3, [r0]
    add r0, lr
    cmp r2, r10
    bne 1b
2:  RESTORE_HIGH
    BOUNDS column16

/* r0 weights, r1 synapse, r2 axon, r3 x, stack: kernel, count */
    FUNCTION engram_weight16_column_sparse
    SAVE_HIGH
    mov lr, r3
    ldr r3, [sp, #36]
    LOAD_BOUNDED r3
    ldr r4, [sp, #40]
    lsls r4, r4, #2
    beq 2f
    adds r4, r1, r4
    mov r10, r4
1:  ldrh r4, [r2]
    adds r2, #2
    lsls r4, r4, #2
    add r4, lr
    ldr r4, [r4]
    asrs r4, r4, #8
    muls r4, r6
    INCREMENT
    ldmia r1!, {r5}
    lsls r5, r5, #1
    ldrsh r3, [r0, r5]
    BOUNDED column16_sparse
    strh r3, [r0, r5]
    cmp r1, r10
    bne 1b
2:  RESTORE_HIGH
    BOUNDS column16_sparse

/* ------------------------------------------------------------------ the tag times l */

/* r0 word, l in r5, r6 shift */
    .macro TAG_AND_L name
    ldr r3, [r0]
    sxth r4, r3
    muls r4, r5
    adds r4, #64
    asrs r4, r4, #7
    muls r4, r7
    add r4, r8
    asrs r4, r6
    asrs r3, r3, #16
    BOUNDED \name
    strh r3, [r0, #2]
    adds r0, #4
    .endm

/* r0 words, r1 l, r2 kernel, r3 count */
    FUNCTION engram_tag_and_l_row_dense
    SAVE_HIGH
    lsls r3, r3, #2
    beq 2f
    adds r3, r0, r3
    mov lr, r3
    LOAD_BOUNDED r2
    mov r10, lr
    mov r6, r9
1:  ldrh r5, [r1]
    adds r1, #2
    sxth r5, r5
    TAG_AND_L signals
    cmp r0, r10
    bne 1b
2:  RESTORE_HIGH
    BOUNDS signals

/* r0 words, r1 target, r2 l, r3 kernel, stack: count */
    FUNCTION engram_tag_and_l_row_sparse
    SAVE_HIGH
    ldr r4, [sp, #36]
    lsls r4, r4, #2
    beq 2f
    adds r4, r0, r4
    mov lr, r4
    LOAD_BOUNDED r3
    mov r10, lr
    mov r6, r9
1:  ldrh r5, [r1]
    adds r1, #2
    lsls r5, r5, #1
    ldrsh r5, [r2, r5]
    TAG_AND_L signals_sparse
    cmp r0, r10
    bne 1b
2:  RESTORE_HIGH
    BOUNDS signals_sparse

#endif
