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
    /* Without it the linker names these symbols after a temporary file, and no two builds are alike. */
    .file "kernels_armv6m.S"
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

/* The largest tag with that sign, as it is stored */
    .macro SATURATED falling, register
    movs \register, #0x80
    lsls \register, \register, #8
    .if \falling
    adds \register, #1
    .else
    subs \register, #1
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

/* --- neurons ---------------------------------------------------------------------------------------------- */

/* r0 acc, r1 count, r2 key, r3 amplitude; then r4, r5 factors of mix, r6, r7 amplitude's low 15 bits and the rest */
    FUNCTION engram_add_noise
    SAVE_HIGH
    cmp r1, #0
    beq 2f
    lsls r1, r1, #2
    adds r1, r0, r1
    mov r11, r1             /* end */
    mov r8, r2
    ldr r4, =0xc2b2ae35
    mov r9, r4
    ldr r4, =-32768
    mov r10, r4
    lsls r6, r3, #17
    lsrs r6, r6, #17
    lsrs r7, r3, #15
    ldr r4, =0x7feb352d
    ldr r5, =0x846ca68b
1:  mov r1, r8              /* mix; of its last step only the lower half would change */
    lsrs r2, r1, #16
    eors r1, r2
    muls r1, r4
    lsrs r2, r1, #15
    eors r1, r2
    muls r1, r5
    lsrs r1, r1, #16
    add r1, r10             /* s; then s * amplitude / 2^15, rounded towards 0 */
    asrs r2, r1, #31
    lsrs r2, r2, #17
    mov r3, r1
    muls r3, r6
    adds r3, r3, r2
    asrs r3, r3, #15
    muls r1, r7
    adds r1, r1, r3
    ldr r2, [r0]
    adds r2, r2, r1
    stmia r0!, {r2}
    add r8, r9
    cmp r0, r11
    bne 1b
2:  RESTORE_HIGH
    .ltorg

/* \x = decay(\x) by r3, towards 0; the others are used. Exact without a product of more than 32 bits. */
    .macro DECAY x, up, high
    asrs \up, \x, #31
    lsrs \up, \up, #16
    asrs \high, \x, #16
    muls \high, r3
    uxth \x, \x
    muls \x, r3
    adds \x, \x, \up
    lsrs \x, \x, #16
    adds \x, \x, \high
    .endm

/* \x outside +-(2^23 - 1) goes to \out; r7 holds 2^23 - 1, r8 2^24 - 2. */
    .macro CHECK24 x, temporary, out
    adds \temporary, \x, r7
    cmp \temporary, r8
    bhi \out
    .endm

    .macro CLAMP24 x, back
    cmp \x, #0
    mov \x, r7
    bge \back
    rsbs \x, \x, #0
    b \back
    .endm

    .macro LOAD_BOUNDS temporary
    ldr r7, =0x7fffff
    lsls \temporary, r7, #1
    mov r8, \temporary
    .endm

/* r0 acc, r1 current, r2 count, r3 keep */
    FUNCTION engram_update_currents
    SAVE_HIGH
    cmp r2, #0
    beq currents_end
    lsls r2, r2, #2
    adds r2, r0, r2
    mov r9, r2
    LOAD_BOUNDS r4
currents_next:
    ldr r4, [r1]
    DECAY r4, r5, r6
    ldr r5, [r0]
    CHECK24 r5, r6, currents_input
currents_add:
    adds r4, r4, r5
    CHECK24 r4, r6, currents_sum
currents_store:
    stmia r1!, {r4}
    stmia r0!, {r4}
    cmp r0, r9
    bne currents_next
currents_end:
    RESTORE_HIGH
currents_input:
    CLAMP24 r5, currents_add
currents_sum:
    CLAMP24 r4, currents_store
    .ltorg

    .equ MEMBRANES_ACC, 0
    .equ MEMBRANES_V, 4
    .equ MEMBRANES_REFRACTORY, 8
    .equ MEMBRANES_COUNT, 12
    .equ MEMBRANES_KEEP, 16
    .equ MEMBRANES_BIAS, 20
    .equ MEMBRANES_THRESHOLD, 24

/* r0 acc, r1 v, r2 refractory, r3 keep, r9 bias, r10 threshold, r11 end of acc; now lies at the stack's top */
    .macro MEMBRANES name, decays, saturates
\name:
    ldrh r4, [r2]
    cmp r4, #0
    bne \name\()_refractory
    ldr r5, [r1]
    .if \decays
    DECAY r5, r6, r4
    .endif
    ldr r4, [r0]
    .if \saturates
    CHECK24 r4, r6, \name\()_input
\name\()_add:
    .endif
    adds r5, r5, r4
    add r5, r9
    CHECK24 r5, r6, \name\()_sum
\name\()_compare:
    cmp r5, r10
    bge \name\()_spike
\name\()_store:
    stmia r1!, {r5}
\name\()_next:
    movs r4, #0
    stmia r0!, {r4}
    adds r2, #2
    cmp r0, r11
    bne \name
    b membranes_end
\name\()_refractory:
    subs r4, #1
    strh r4, [r2]
    adds r1, #4
    b \name\()_next
    .if \saturates
\name\()_input:
    CLAMP24 r4, \name\()_add
    .endif
\name\()_sum:
    CLAMP24 r5, \name\()_compare
\name\()_spike:
    bl membranes_spike
    b \name\()_store
    .endm

/* Calls engram_neuron_spike(now, n, v) for r5 = v; gives the membrane in r5. r4 is lost. */
membranes_spike:
    mov r4, lr
    push {r0-r4, r6}         /* six words keep the stack aligned */
    mov r2, r5
    ldr r4, [sp, #24]       /* now */
    ldr r1, [r4, #MEMBRANES_ACC]
    subs r1, r0, r1
    lsrs r1, r1, #2
    mov r0, r4
    ldr r4, =engram_neuron_spike
    blx r4
    mov r5, r0
    pop {r0-r4, r6}
    bx r4

/* r0 now, r1 saturates */
    FUNCTION engram_update_membranes
    SAVE_HIGH
    push {r0}
    mov r12, r1
    ldr r4, [r0, #MEMBRANES_BIAS]
    mov r9, r4
    ldr r4, [r0, #MEMBRANES_THRESHOLD]
    mov r10, r4
    ldr r3, [r0, #MEMBRANES_KEEP]
    ldr r2, [r0, #MEMBRANES_REFRACTORY]
    ldr r1, [r0, #MEMBRANES_V]
    ldr r4, [r0, #MEMBRANES_COUNT]
    ldr r0, [r0, #MEMBRANES_ACC]
    lsls r4, r4, #2
    adds r4, r0, r4
    mov r11, r4
    LOAD_BOUNDS r4
    mov r4, r12
    lsrs r5, r3, #16        /* off turn: 65536 */
    bne 1f
    cmp r4, #0
    bne 2f
    b membranes_decay
2:  b membranes_decay_direct
1:  cmp r4, #0
    bne 3f
    b membranes_still
3:  b membranes_still_direct
membranes_end:
    pop {r0}
    RESTORE_HIGH
    .ltorg
    MEMBRANES membranes_decay, 1, 0
    MEMBRANES membranes_decay_direct, 1, 1
    MEMBRANES membranes_still, 0, 0
    MEMBRANES membranes_still_direct, 0, 1

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
