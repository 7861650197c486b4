/*
 * The loops of kernels.h for the Cortex-M0+. Cycles: a load or store 2, of n registers at once 1 + n, a branch taken 2,
 * anything else 1. Nothing but r0 to r7 can be shifted, multiplied or used as an address.
 *
 * Tags are updated in the upper half of a register: with T << 16, the overflow flag of an addition tells saturation,
 * and (f * mantissa + 2^(shift-1)) >> shift is (f * mantissa) << (16 - shift) plus 2^15, whose lower half is left
 * behind. An increment of a row or column has one sign, so one bound is enough; the lower one is -32767 and not
 * -32768, so a falling tag is kept less one until it is stored.
 */
#if defined(__ARM_ARCH_6M__)

    .syntax unified
    .cpu cortex-m0plus
    .thumb
    .section .time_critical, "ax", %progbits

    .equ KERNEL_MANTISSA, 0
    .equ KERNEL_SHIFT, 4
    .equ KERNEL_WEIGHT_SHIFT, 8
    .equ WEIGHT_C, 0
    .equ WEIGHT_MANTISSA, 4
    .equ WEIGHT_SHIFT, 8
    .equ WEIGHT_LOW, 12
    .equ WEIGHT_HIGH, 16

    .macro FUNCTION name
    .balign 4
    .global \name
    .type \name, %function
    .thumb_func
\name:
    .endm

    .macro SAVE_HIGH
    push {r4-r7, lr}
    mov r4, r8
    mov r5, r9
    mov r6, r10
    mov r7, r11
    push {r4-r7}
    .endm

    .macro RESTORE_HIGH
    pop {r4-r7}
    mov r8, r4
    mov r9, r5
    mov r10, r6
    mov r11, r7
    pop {r4-r7, pc}
    .endm

/* --- static rows ------------------------------------------------------------------------------------------ */

/* The lowest byte of r4, scaled, is added to \acc; r4 moves on. */
    .macro ADD_BYTE acc
    sxtb r7, r4
    lsls r7, r3
    adds \acc, \acc, r7
    lsrs r4, r4, #8
    .endm

    .macro ADD_PAIR
    ldr r5, [r1]
    ldr r6, [r1, #4]
    ADD_BYTE r5
    ADD_BYTE r6
    stmia r1!, {r5, r6}
    .endm

    .macro ADD_ONE
    ldrb r4, [r0]
    adds r0, #1
    ldr r5, [r1]
    ADD_BYTE r5
    stmia r1!, {r5}
    .endm

/* r0 weights, r1 acc, r2 count, r3 shift */
    FUNCTION engram_static_dense_row
    push {r4-r7, lr}
1:  lsls r4, r0, #30        /* up to a whole word of weights */
    beq 2f
    subs r2, #1
    bmi 6f
    ADD_ONE
    b 1b
2:  subs r2, #4
    bmi 4f
3:  ldmia r0!, {r4}
    ADD_PAIR
    ADD_PAIR
    subs r2, #4
    bpl 3b
4:  adds r2, #4
5:  subs r2, #1
    bmi 6f
    ADD_ONE
    b 5b
6:  pop {r4-r7, pc}

    .macro ADD_TO_TARGET offset
    ldrh r6, [r1, #\offset]
    lsls r6, r6, #2
    ldrsb r7, [r0, r5]
    adds r5, #1
    lsls r7, r4
    ldr r3, [r2, r6]
    adds r3, r3, r7
    str r3, [r2, r6]
    .endm

/* r0 weights, r1 targets, r2 acc, r3 count, stack: shift */
    FUNCTION engram_static_sparse_row
    push {r4-r7, lr}
    ldr r4, [sp, #20]
    movs r5, #0
    mov r12, r3
    subs r3, #4
    bmi 2f
    mov r12, r3
1:  ADD_TO_TARGET 0
    ADD_TO_TARGET 2
    ADD_TO_TARGET 4
    ADD_TO_TARGET 6
    adds r1, #8
    mov r3, r12
    subs r3, #4
    mov r12, r3
    bpl 1b
    adds r3, #4
    mov r12, r3
2:  mov r3, r12
    subs r3, #1
    bmi 3f
    mov r12, r3
    ADD_TO_TARGET 0
    adds r1, #2
    b 2b
3:  pop {r4-r7, pc}

/* --- tags ------------------------------------------------------------------------------------------------- */

/* r3 = largest tag with that sign, as it is stored */
    .macro SATURATED falling
    movs r3, #0x80
    lsls r3, r3, #8
    .if \falling
    adds r3, #1
    .else
    subs r3, #1
    .endif
    .endm

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
    SATURATED \falling
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

/* --- sweeps ----------------------------------------------------------------------------------------------- */

/* Rounding towards 0: 65535 is added to a negative product. */
    .macro DECAY_TAG offset
    ldrh r3, [r0, #\offset]
    sxth r3, r3
    asrs r4, r3, #31
    muls r3, r2
    lsrs r4, r4, #16
    adds r3, r3, r4
    asrs r3, r3, #16
    strh r3, [r0, #\offset]
    .endm

/* r0 words, r1 count, r2 keep */
    FUNCTION engram_decay_tags
    push {r4, lr}
    subs r1, #4
    bmi 2f
1:  DECAY_TAG 0
    DECAY_TAG 4
    DECAY_TAG 8
    DECAY_TAG 12
    adds r0, #16
    subs r1, #4
    bpl 1b
2:  adds r1, #4
3:  subs r1, #1
    bmi 4f
    DECAY_TAG 0
    adds r0, #4
    b 3b
4:  pop {r4, pc}

/* r0 words; r1 highest, r2 lowest weight, r5 c, r6 mantissa, r7 shift, r8 rounding */
    .macro WEIGHT name, offset
    ldr r3, [r0, #\offset]
    sxth r4, r3
    muls r4, r5
    adds r4, #64
    asrs r4, r4, #7
    muls r4, r6
    add r4, r8
    asrs r4, r7
    asrs r3, r3, #16
    adds r3, r3, r4
    cmp r3, r1
    bgt \name\()_high_\offset
    cmp r3, r2
    blt \name\()_low_\offset
\name\()_store_\offset:
    strh r3, [r0, #\offset + 2]
    .endm

    .macro WEIGHT_BOUNDS name, offset
\name\()_high_\offset:
    mov r3, r1
    b \name\()_store_\offset
\name\()_low_\offset:
    mov r3, r2
    b \name\()_store_\offset
    .endm

/* r0 words, r1 count, r2 kernel */
    FUNCTION engram_weight_row
    SAVE_HIGH
    lsls r1, r1, #2
    adds r4, r0, r1
    mov r10, r4
    lsrs r1, r1, #4
    lsls r1, r1, #4
    adds r4, r0, r1
    mov r9, r4
    ldr r5, [r2, #WEIGHT_C]
    ldr r6, [r2, #WEIGHT_MANTISSA]
    ldr r7, [r2, #WEIGHT_SHIFT]
    movs r4, #1
    subs r3, r7, #1
    lsls r4, r3
    mov r8, r4
    ldr r1, [r2, #WEIGHT_HIGH]
    ldr r2, [r2, #WEIGHT_LOW]
    cmp r0, r9
    beq weight_rest
1:  WEIGHT weight, 0
    WEIGHT weight, 4
    WEIGHT weight, 8
    WEIGHT weight, 12
    adds r0, #16
    cmp r0, r9
    bne 1b
    b weight_rest
    WEIGHT_BOUNDS weight, 0
    WEIGHT_BOUNDS weight, 4
    WEIGHT_BOUNDS weight, 8
    WEIGHT_BOUNDS weight, 12
weight_rest:
    cmp r0, r10
    beq weight_end
    WEIGHT weight_one, 0
    adds r0, #4
    b weight_rest
    WEIGHT_BOUNDS weight_one, 0
weight_end:
    RESTORE_HIGH

#endif
