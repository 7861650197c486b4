/* Rows of static synapses. */
#if defined(__ARM_ARCH_6M__)

    .file "kernels_armv6m_static.S"
#include "kernels_armv6m.h"

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

/* r7 the weight, scaled, is added to the accumulator of the target at \offset. */
    .macro ADD_TO_TARGET offset
    ldrh r6, [r1, #\offset]
    lsls r6, r6, #2
    lsls r7, r4
    ldr r3, [r2, r6]
    adds r3, r3, r7
    str r3, [r2, r6]
    .endm

    .macro ADD_BYTE_TO_TARGET offset
    sxtb r7, r5
    lsrs r5, r5, #8
    ADD_TO_TARGET \offset
    .endm

    .macro ADD_ONE_TO_TARGET
    movs r7, #0
    ldrsb r7, [r0, r7]
    adds r0, #1
    ADD_TO_TARGET 0
    adds r1, #2
    .endm

/* r0 weights, r1 targets, r2 acc, r3 count, stack: shift; r12 end of weights, lr end of those that are whole words */
    FUNCTION engram_static_sparse_row
    push {r4-r7, lr}
    ldr r4, [sp, #20]
    adds r3, r0, r3
    mov r12, r3
    lsrs r3, r3, #2
    lsls r3, r3, #2
    mov lr, r3
1:  cmp r0, r12             /* up to a whole word of weights */
    beq 5f
    lsls r5, r0, #30
    beq 2f
    ADD_ONE_TO_TARGET
    b 1b
2:  cmp r0, lr
    beq 4f
3:  ldmia r0!, {r5}
    ADD_BYTE_TO_TARGET 0
    ADD_BYTE_TO_TARGET 2
    ADD_BYTE_TO_TARGET 4
    sxtb r7, r5
    ADD_TO_TARGET 6
    adds r1, #8
    cmp r0, lr
    bne 3b
4:  cmp r0, r12
    beq 5f
    ADD_ONE_TO_TARGET
    b 4b
5:  pop {r4-r7, pc}

#endif
