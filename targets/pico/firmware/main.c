#include "board.h"
#include "clock.h"
#include "flash.h"
#include "port.h"
#include "usb_control.h"
#include "usb_controller.h"
#include "usb_stream.h"

/* While there is work: how often an idle processor looks at the time, the most that a tick in real time comes late by. */
#define NAP_MICROSECONDS 50u
/* When nothing has been done for this long there is no such run. Bytes from the host wake it at once in any case. */
#define ASLEEP_AFTER_MICROSECONDS 100000u
#define SLEEP_MICROSECONDS 10000u

/* Interrupts are off from the look to the sleep, so that none slips in between; one that comes ends the sleep anyhow. */
static void sleep(uint32_t microseconds)
{
    __asm volatile("cpsid i" ::: "memory");
    if (!pico_stream_waiting()) {
        pico_alarm(PICO_ALARM_WAKE, microseconds);
        __asm volatile("wfi" ::: "memory");
    }
    __asm volatile("cpsie i" ::: "memory");
}

int main(void)
{
    if (!pico_flash_start()) pico_restart(ENGRAM_RESET_CAUSE_FAULT);
    pico_board_start();
    pico_usb_start();
    pico_board_restoring(1);
    engram_start();
    pico_board_restoring(0);
    uint32_t worked = pico_microseconds();
    for (;;) {
        engram_port_alive();
        if (pico_control_touched()) engram_port_reboot(ENGRAM_REBOOT_BOOTLOADER);
        if (engram_poll())
            worked = pico_microseconds();
        else
            sleep(pico_microseconds() - worked < ASLEEP_AFTER_MICROSECONDS ? NAP_MICROSECONDS : SLEEP_MICROSECONDS);
    }
}
