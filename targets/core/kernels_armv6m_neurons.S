/* Noise, currents and membranes. */
#if defined(__ARM_ARCH_6M__)

    .file "kernels_armv6m_neurons.S"
#include "kernels_armv6m.h"

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

#endif
