/*
 * Second stage of the boot (data sheet 2.8.1.3): the boot ROM copies the first 256 bytes of flash to the end of RAM and
 * jumps there. This sets the serial interface up so that flash reads as memory, with the fastest command of the Pico's
 * W25Q16JV: quad I/O read EBh in continuous mode, at half the system clock. Then it starts the program behind it.
 *
 * Called as a function (LR not 0) it returns: that is how flash becomes memory again after it was written. It may lie at
 * any address. Its last four bytes are a checksum, put there by npm run firmware.
 */
    .syntax unified
    /* Without it the linker names these symbols after a temporary file, and no two builds are alike. */
    .file "boot2.S"
    .cpu cortex-m0plus
    .thumb

    .equ PADS_QSPI, 0x40020000
    .equ PADS_QSPI_CLEAR, 0x40023000
    .equ PAD_SCLK, 0x04
    .equ PAD_SD0, 0x08
    .equ PAD_8MA_FAST, 0x21
    .equ PAD_SCHMITT, 0x02

    .equ SSI, 0x18000000
    .equ CTRLR0, 0x00
    .equ CTRLR1, 0x04
    .equ SSIENR, 0x08
    .equ SER, 0x10
    .equ BAUDR, 0x14
    .equ SR, 0x28
    .equ SR_BUSY, 1
    .equ SR_TX_EMPTY, 4
    .equ DR0, 0x60
    .equ RX_SAMPLE_DLY, 0xf0
    .equ SPI_CTRLR0, 0xf4

    .equ SERIAL_BYTES, 7 << 16                          /* one line, frames of 8 bits, both ways */
    .equ QUAD_WORDS, 2 << 21 | 31 << 16 | 3 << 8        /* four lines, 32 bits, read after command and address */
    .equ QUAD_FIRST, 4 << 11 | 2 << 8 | 8 << 2 | 1      /* command on one line; 32 bits of address and mode on four */
    .equ QUAD_NEXT, 0xa0 << 24 | 4 << 11 | 8 << 2 | 2   /* no command; mode bits A0h behind the address */

    .equ FLASH_WRITE_STATUS, 0x01
    .equ FLASH_READ_STATUS1, 0x05
    .equ FLASH_WRITE_ENABLE, 0x06
    .equ FLASH_READ_STATUS2, 0x35
    .equ FLASH_QUAD_READ, 0xeb
    .equ STATUS1_BUSY, 1
    .equ STATUS2_QUAD, 2
    .equ MODE_CONTINUOUS, 0xa0

    .equ PROGRAM, 0x10000100
    .equ VTOR, 0xe000ed08

    .section .boot2, "ax"
    .global engram_boot2
    .type engram_boot2, %function
    .thumb_func
engram_boot2:
    push {r4-r7, lr}

    /* A fast clock line, and data lines without the delay of their Schmitt triggers. */
    ldr r3, =PADS_QSPI
    movs r0, #PAD_8MA_FAST
    str r0, [r3, #PAD_SCLK]
    ldr r3, =PADS_QSPI_CLEAR
    movs r0, #PAD_SCHMITT
    str r0, [r3, #PAD_SD0]
    str r0, [r3, #PAD_SD0 + 4]
    str r0, [r3, #PAD_SD0 + 8]
    str r0, [r3, #PAD_SD0 + 12]

    ldr r3, =SSI
    movs r4, #0
    movs r5, #1
    str r4, [r3, #SSIENR]
    movs r0, #2
    str r0, [r3, #BAUDR]
    movs r1, #RX_SAMPLE_DLY
    str r5, [r3, r1]
    str r5, [r3, #SER]
    ldr r0, =SERIAL_BYTES
    str r0, [r3, #CTRLR0]
    str r5, [r3, #SSIENR]

    /* The chip takes addresses on four lines if its bit QE says so. It keeps it; as delivered it is set. */
    movs r0, #FLASH_READ_STATUS2
    bl read_status
    movs r7, #STATUS2_QUAD
    tst r0, r7
    bne is_quad
    orrs r7, r0
    movs r0, #FLASH_READ_STATUS1
    bl read_status
    mov r6, r0
    movs r0, #FLASH_WRITE_ENABLE
    str r0, [r3, #DR0]
    bl finish
    ldr r0, [r3, #DR0]
    movs r0, #FLASH_WRITE_STATUS
    str r0, [r3, #DR0]
    str r6, [r3, #DR0]
    str r7, [r3, #DR0]
    bl finish
    ldr r0, [r3, #DR0]
    ldr r0, [r3, #DR0]
    ldr r0, [r3, #DR0]
    ldr r6, =60000                  /* looks: at least 200 ms, of which it may take 15 */
still_busy:
    movs r0, #FLASH_READ_STATUS1
    bl read_status
    tst r0, r5
    beq is_quad
    subs r6, #1
    bne still_busy

    /* One read with command and mode bits; from then on the chip expects addresses only. */
is_quad:
    str r4, [r3, #SSIENR]
    ldr r0, =QUAD_WORDS
    str r0, [r3, #CTRLR0]
    str r4, [r3, #CTRLR1]
    ldr r0, =QUAD_FIRST
    movs r1, #SPI_CTRLR0
    str r0, [r3, r1]
    str r5, [r3, #SSIENR]
    movs r0, #FLASH_QUAD_READ
    str r0, [r3, #DR0]
    movs r0, #MODE_CONTINUOUS
    str r0, [r3, #DR0]
    bl finish
    str r4, [r3, #SSIENR]
    ldr r0, =QUAD_NEXT
    movs r1, #SPI_CTRLR0
    str r0, [r3, r1]
    str r5, [r3, #SSIENR]

    pop {r4-r7}
    pop {r0}
    cmp r0, #0
    beq start
    bx r0
start:
    ldr r0, =PROGRAM
    ldr r1, =VTOR
    str r0, [r1]
    ldmia r0!, {r1, r2}
    msr msp, r1
    bx r2

    /* r0: command; gives the byte behind it. */
read_status:
    push {lr}
    str r0, [r3, #DR0]
    str r0, [r3, #DR0]
    bl finish
    ldr r0, [r3, #DR0]
    ldr r0, [r3, #DR0]
    pop {pc}

    /* Until all is sent. It takes a few dozen cycles of the clock that this runs from: nothing to give up for. */
finish:
    ldr r0, [r3, #SR]
    movs r1, #SR_TX_EMPTY
    tst r0, r1
    beq finish
    tst r0, r5
    bne finish
    bx lr

    .ltorg
