/* Sweeps over all plastic synapses: decay of tags, and weights that take them over. */
#if defined(__ARM_ARCH_6M__)

    .file "kernels_armv6m_sweeps.S"
#include "kernels_armv6m.h"

    .equ WEIGHT_C, 0
    .equ WEIGHT_MANTISSA, 4
    .equ WEIGHT_SHIFT, 8
    .equ WEIGHT_LOW, 12
    .equ WEIGHT_HIGH, 16

/* Rounding towards 0: 65535 is added to a negative product. */
    .macro DECAY_TAG tag, offset
    sxth \tag, \tag
    asrs r5, \tag, #31
    muls \tag, r2
    lsrs r5, r5, #16
    adds \tag, \tag, r5
    asrs \tag, \tag, #16
    strh \tag, [r0, #\offset]
    .endm

/* Of most synapses the tag is 0 most of the time: a pair of those is passed over at the price of the look. */
    .macro DECAY_PAIR offset
    ldr r3, [r0, #\offset]
    ldr r4, [r0, #\offset + 4]
    movs r5, r3
    orrs r5, r4
    lsls r5, r5, #16
    beq decay_next_\offset
    DECAY_TAG r3, \offset
    DECAY_TAG r4, \offset + 4
decay_next_\offset:
    .endm

/* r0 words, r1 count, r2 keep */
    FUNCTION engram_decay_tags
    push {r4, r5, lr}
    subs r1, #8
    bmi 2f
1:  DECAY_PAIR 0
    DECAY_PAIR 8
    DECAY_PAIR 16
    DECAY_PAIR 24
    adds r0, #32
    subs r1, #8
    bpl 1b
2:  adds r1, #8
3:  subs r1, #1
    bmi 4f
    ldrh r3, [r0]
    DECAY_TAG r3, 0
    adds r0, #4
    b 3b
4:  pop {r4, r5, pc}

/* r0 words; r1 highest less lowest, r2 lowest weight: one comparison for both. r5 c, r6 mantissa, r7 shift, r8 rounding */
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
    subs r4, r3, r2
    cmp r4, r1
    bhi \name\()_out_\offset
\name\()_store_\offset:
    strh r3, [r0, #\offset + 2]
    .endm

    .macro WEIGHT_BOUNDS name, offset
\name\()_out_\offset:
    cmp r4, #0
    mov r3, r2
    blt \name\()_store_\offset
    adds r3, r2, r1
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
    subs r1, r1, r2
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
