/*
 * Tags, at pre- and post-events. They are updated in the upper half of a register: with T << 16, the overflow flag of
 * an addition tells saturation, and (f * mantissa + 2^(shift-1)) >> shift is (f * mantissa) << (16 - shift) plus 2^15,
 * whose lower half is left behind. An increment of a row or column has one sign, so one bound is enough; the lower one
 * is -32767 and not -32768, so a falling tag is kept less one until it is stored.
 */
#if defined(__ARM_ARCH_6M__)

    .file "kernels_armv6m_tags.S"
#include "kernels_armv6m.h"

    .equ KERNEL_MANTISSA, 0
    .equ KERNEL_SHIFT, 4
    .equ KERNEL_WEIGHT_SHIFT, 8

    .macro TO_HALF falling
    lsrs r3, r3, #16
    .if \falling
    adds r3, #1
    .endif
    .endm

/*
 * r0 words, r1 acc, r2 y; r6 weight shift, r7 mantissa, r8 rounding in the upper half, r9 16 - shift.
 * Saturation is dealt with at \name\()_full_\offset.
 */
    .macro ROW_SYNAPSE name, offset, falling
    ldr r3, [r0, #\offset]
    asrs r4, r3, #24
    lsls r4, r6
    ldr r5, [r1, #\offset]
    adds r5, r5, r4
    str r5, [r1, #\offset]
    ldr r4, [r2, #\offset]
    asrs r4, r4, #8
    muls r4, r7
    mov r5, r9
    lsls r4, r5
    lsls r3, r3, #16
    add r3, r8
    adds r3, r3, r4
    bvs \name\()_full_\offset
    TO_HALF \falling
\name\()_store_\offset:
    strh r3, [r0, #\offset]
    .endm

    .macro ROW_FULL name, offset, falling
\name\()_full_\offset:
    SATURATED \falling, r3
    b \name\()_store_\offset
    .endm

/* Four synapses a round, then one. r10 end of the fours, r11 end of all. */
    .macro ROW_LOOPS name, falling
\name:
    cmp r0, r10
    beq \name\()_rest
1:  ROW_SYNAPSE \name, 0, \falling
    ROW_SYNAPSE \name, 4, \falling
    ROW_SYNAPSE \name, 8, \falling
    ROW_SYNAPSE \name, 12, \falling
    adds r0, #16
    adds r1, #16
    adds r2, #16
    cmp r0, r10
    bne 1b
    b \name\()_rest
    ROW_FULL \name, 0, \falling
    ROW_FULL \name, 4, \falling
    ROW_FULL \name, 8, \falling
    ROW_FULL \name, 12, \falling
\name\()_rest:
    cmp r0, r11
    beq \name\()_end
    ROW_SYNAPSE \name\()_one, 0, \falling
    adds r0, #4
    adds r1, #4
    adds r2, #4
    b \name\()_rest
    ROW_FULL \name\()_one, 0, \falling
\name\()_end:
    RESTORE_HIGH
    .endm

/* r0 words, r1 acc, r2 y, r3 kernel, stack: count */
    FUNCTION engram_tag_row_dense
    SAVE_HIGH
    ldr r4, [sp, #36]
    lsls r4, r4, #2
    adds r5, r0, r4
    mov r11, r5
    lsrs r4, r4, #4
    lsls r4, r4, #4
    adds r5, r0, r4
    mov r10, r5
    ldr r6, [r3, #KERNEL_WEIGHT_SHIFT]
    ldr r7, [r3, #KERNEL_MANTISSA]
    ldr r4, [r3, #KERNEL_SHIFT]
    movs r5, #16
    subs r5, r5, r4
    mov r9, r5
    movs r4, #0x80
    lsls r4, r4, #8
    cmp r7, #0
    bmi 1f
    mov r8, r4
    b row_rising
1:  rsbs r4, r4, #0         /* 2^15 - 2^16 */
    mov r8, r4
    b row_falling
    ROW_LOOPS row_rising, 0
    ROW_LOOPS row_falling, 1

/* r0 word, r1 stride, r2 x; r5 16 - shift, r6 rounding in the upper half, r7 mantissa */
    .macro COLUMN_SYNAPSE name, offset, falling
    ldr r4, [r2, #\offset]
    asrs r4, r4, #8
    muls r4, r7
    lsls r4, r5
    ldrh r3, [r0]
    lsls r3, r3, #16
    adds r3, r3, r6
    adds r3, r3, r4
    bvs \name\()_full_\offset
    TO_HALF \falling
\name\()_store_\offset:
    strh r3, [r0]
    add r0, r1
    .endm

    .macro COLUMN_LOOPS name, falling
\name:
    cmp r2, r8
    beq \name\()_rest
1:  COLUMN_SYNAPSE \name, 0, \falling
    COLUMN_SYNAPSE \name, 4, \falling
    COLUMN_SYNAPSE \name, 8, \falling
    COLUMN_SYNAPSE \name, 12, \falling
    adds r2, #16
    cmp r2, r8
    bne 1b
    b \name\()_rest
    ROW_FULL \name, 0, \falling
    ROW_FULL \name, 4, \falling
    ROW_FULL \name, 8, \falling
    ROW_FULL \name, 12, \falling
\name\()_rest:
    cmp r2, r9
    beq \name\()_end
    COLUMN_SYNAPSE \name\()_one, 0, \falling
    adds r2, #4
    b \name\()_rest
    ROW_FULL \name\()_one, 0, \falling
\name\()_end:
    RESTORE_HIGH
    .endm

/* r0 word, r1 stride in bytes, r2 x, r3 kernel, stack: count */
    FUNCTION engram_tag_column_dense
    SAVE_HIGH
    ldr r4, [sp, #36]
    lsls r4, r4, #2
    adds r5, r2, r4
    mov r9, r5
    lsrs r4, r4, #4
    lsls r4, r4, #4
    adds r5, r2, r4
    mov r8, r5
    ldr r7, [r3, #KERNEL_MANTISSA]
    ldr r4, [r3, #KERNEL_SHIFT]
    movs r5, #16
    subs r5, r5, r4
    movs r6, #0x80
    lsls r6, r6, #8
    cmp r7, #0
    bmi 1f
    b column_rising
1:  rsbs r6, r6, #0
    b column_falling
    COLUMN_LOOPS column_rising, 0
    COLUMN_LOOPS column_falling, 1

/* r3 kernel: r8 rounding in the upper half, r9 16 - shift, r10 mantissa, r11 weight shift; the flags are those of the mantissa. r4, r5 are lost. */
    .macro LOAD_KERNEL
    ldr r4, [r3, #KERNEL_WEIGHT_SHIFT]
    mov r11, r4
    ldr r4, [r3, #KERNEL_SHIFT]
    movs r5, #16
    subs r5, r5, r4
    mov r9, r5
    movs r4, #0x80
    lsls r4, r4, #8
    ldr r5, [r3, #KERNEL_MANTISSA]
    mov r10, r5
    cmp r5, #0
    bpl 9f
    rsbs r4, r4, #0
9:  mov r8, r4
    cmp r5, #0
    .endm

/* r0 word, r1 target, r2 acc, r3 y, r12 end of words, and the kernel */
    .macro SPARSE_ROW name, falling
\name:
    ldrh r4, [r1]
    adds r1, #2
    lsls r4, r4, #2
    ldr r5, [r0]
    asrs r6, r5, #24
    mov r7, r11
    lsls r6, r7
    ldr r7, [r2, r4]
    adds r6, r6, r7
    str r6, [r2, r4]
    ldr r6, [r3, r4]
    asrs r6, r6, #8
    mov r7, r10
    muls r6, r7
    mov r7, r9
    lsls r6, r7
    lsls r5, r5, #16
    add r5, r8
    adds r5, r5, r6
    bvs \name\()_full
    lsrs r5, r5, #16
    .if \falling
    adds r5, #1
    .endif
\name\()_store:
    strh r5, [r0]
    adds r0, #4
    cmp r0, r12
    bne \name
    RESTORE_HIGH
\name\()_full:
    SATURATED \falling, r5
    b \name\()_store
    .endm

/* r0 word, r1 target, r2 acc, r3 y, stack: kernel, count */
    FUNCTION engram_tag_row_sparse
    SAVE_HIGH
    ldr r4, [sp, #40]
    lsls r4, r4, #2
    beq 2f
    adds r4, r0, r4
    mov r12, r4
    mov r6, r3
    ldr r3, [sp, #36]
    LOAD_KERNEL
    mov r3, r6
    bmi 1f
    b sparse_row_rising
1:  b sparse_row_falling
2:  RESTORE_HIGH
    SPARSE_ROW sparse_row_rising, 0
    SPARSE_ROW sparse_row_falling, 1

/* r0 words, r1 synapse, r2 axon, r3 x, r7 mantissa, r12 end of synapses, and the kernel */
    .macro COLUMN_TAG name, offset, falling
    ldrh r4, [r2, #\offset]
    lsls r4, r4, #2
    ldr r4, [r3, r4]
    asrs r4, r4, #8
    muls r4, r7
    mov r6, r9
    lsls r4, r6
    ldmia r1!, {r5}
    lsls r5, r5, #2
    ldrh r6, [r0, r5]
    lsls r6, r6, #16
    add r6, r8
    adds r6, r6, r4
    bvs \name\()_full_\offset
    lsrs r6, r6, #16
    .if \falling
    adds r6, #1
    .endif
\name\()_store_\offset:
    strh r6, [r0, r5]
    .endm

    .macro COLUMN_TAG_FULL name, offset, falling
\name\()_full_\offset:
    SATURATED \falling, r6
    b \name\()_store_\offset
    .endm

/* Two a round; an odd one comes first. */
    .macro SPARSE_COLUMN name, falling
\name:
    mov r4, r12
    subs r4, r4, r1
    lsls r4, r4, #29
    bpl 1f
    COLUMN_TAG \name\()_one, 0, \falling
    adds r2, #2
    cmp r1, r12
    beq 2f
1:  COLUMN_TAG \name, 0, \falling
    COLUMN_TAG \name, 2, \falling
    adds r2, #4
    cmp r1, r12
    bne 1b
2:  RESTORE_HIGH
    COLUMN_TAG_FULL \name, 0, \falling
    COLUMN_TAG_FULL \name, 2, \falling
    COLUMN_TAG_FULL \name\()_one, 0, \falling
    .endm

/* r0 words, r1 synapse, r2 axon, r3 x, stack: kernel, count */
    FUNCTION engram_tag_column_sparse
    SAVE_HIGH
    ldr r4, [sp, #40]
    lsls r4, r4, #2
    beq 2f
    adds r4, r1, r4
    mov r12, r4
    mov r6, r3
    ldr r3, [sp, #36]
    LOAD_KERNEL
    mov r3, r6
    mov r7, r5
    bmi 1f
    b sparse_column_rising
1:  b sparse_column_falling
2:  RESTORE_HIGH
    SPARSE_COLUMN sparse_column_rising, 0
    SPARSE_COLUMN sparse_column_falling, 1

#endif
