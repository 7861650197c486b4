/*
 * What the loops of kernels.h in assembly for the Cortex-M0+ share. Cycles: a load or store 2, of n registers at once
 * 1 + n, a branch taken 2, anything else 1. Nothing but r0 to r7 can be shifted, multiplied or used as an address.
 *
 * Each file names itself with .file: without it the linker names its symbols after a temporary file, and no two builds
 * are alike.
 */
    .syntax unified
    .cpu cortex-m0plus
    .thumb
    .section .time_critical, "ax", %progbits

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
