/*
 * Two dense rows of one block at a time, when at least two arrive in a tick: the accumulators are fetched and stored once
 * for both, and what the traces add to the tags was made once for all of them.
 */
#if defined(__ARM_ARCH_6M__)

    .file "kernels_armv6m_pairs.S"
#include "kernels_armv6m.h"

    .equ KERNEL_MANTISSA, 0
    .equ KERNEL_SHIFT, 4
    .equ KERNEL_WEIGHT_SHIFT, 8

/*
 * f * mantissa in the upper half, and with it the rounding, as in kernels_armv6m_tags.S; a falling tag less one.
 * r0 to, r1 trace, r2 kernel, r3 count
 */
    FUNCTION engram_tag_increments
    push {r4-r7, lr}
    cmp r3, #0
    beq 2f
    lsls r3, r3, #2
    adds r3, r0, r3
    ldr r5, [r2, #KERNEL_SHIFT]
    movs r6, #16
    subs r6, r6, r5
    ldr r5, [r2, #KERNEL_MANTISSA]
    movs r7, #0x80
    lsls r7, r7, #8
    cmp r5, #0
    bpl 1f
    rsbs r7, r7, #0
1:  ldmia r1!, {r4}
    asrs r4, r4, #8
    muls r4, r5
    lsls r4, r6
    adds r4, r4, r7
    stmia r0!, {r4}
    cmp r0, r3
    bne 1b
2:  pop {r4-r7, pc}

/* The tag of \word, a register and a place, grows by r5. */
    .macro GROW name, word, place, offset, falling
    lsls \word, \word, #16
    adds \word, \word, r5
    bvs \name\()_full_\place\()_\offset
    lsrs \word, \word, #16
    .if \falling
    adds \word, #1
    .endif
\name\()_store_\place\()_\offset:
    strh \word, [\place, #\offset]
    .endm

    .macro GROWN name, word, place, offset, falling
\name\()_full_\place\()_\offset:
    SATURATED \falling, \word
    b \name\()_store_\place\()_\offset
    .endm

/* r0, r1 words, r2 acc, r3 increments, r8 weight shift */
    .macro PAIR name, offset, falling
    ldr r4, [r0, #\offset]
    ldr r6, [r1, #\offset]
    asrs r5, r4, #24
    asrs r7, r6, #24
    adds r5, r5, r7
    mov r7, r8
    lsls r5, r7
    ldr r7, [r2, #\offset]
    adds r5, r5, r7
    str r5, [r2, #\offset]
    ldr r5, [r3, #\offset]
    GROW \name, r4, r0, \offset, \falling
    GROW \name, r6, r1, \offset, \falling
    .endm

    .macro PAIR_FULL name, offset, falling
    GROWN \name, r4, r0, \offset, \falling
    GROWN \name, r6, r1, \offset, \falling
    .endm

    .macro MOVE_ON bytes
    adds r0, #\bytes
    adds r1, #\bytes
    adds r2, #\bytes
    adds r3, #\bytes
    .endm

/* Four synapses of each row a round, then one. r10 end of the fours, r11 end of all. Branches reach 256 bytes. */
    .macro PAIR_LOOPS name, falling
    PAIR_FULL \name, 0, \falling
    PAIR_FULL \name, 4, \falling
\name:
    cmp r0, r10
    bne 1f
    b \name\()_rest
1:  PAIR \name, 0, \falling
    PAIR \name, 4, \falling
    PAIR \name, 8, \falling
    PAIR \name, 12, \falling
    MOVE_ON 16
    cmp r0, r10
    bne 1b
    b \name\()_rest
    PAIR_FULL \name, 8, \falling
    PAIR_FULL \name, 12, \falling
\name\()_rest:
    cmp r0, r11
    beq \name\()_end
    PAIR \name\()_one, 0, \falling
    MOVE_ON 4
    b \name\()_rest
    PAIR_FULL \name\()_one, 0, \falling
\name\()_end:
    RESTORE_HIGH
    .endm

/* r0, r1 words, r2 acc, r3 increments, stack: kernel, count */
    FUNCTION engram_tag_row_pair
    SAVE_HIGH
    ldr r4, [sp, #40]
    lsls r4, r4, #2
    adds r5, r0, r4
    mov r11, r5
    lsrs r4, r4, #4
    lsls r4, r4, #4
    adds r5, r0, r4
    mov r10, r5
    ldr r5, [sp, #36]
    ldr r4, [r5, #KERNEL_WEIGHT_SHIFT]
    mov r8, r4
    ldr r4, [r5, #KERNEL_MANTISSA]
    cmp r4, #0
    bmi 1f
    b pair_rising
1:  b pair_falling
    PAIR_LOOPS pair_rising, 0
    PAIR_LOOPS pair_falling, 1

#endif
