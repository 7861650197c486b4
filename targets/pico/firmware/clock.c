#include "clock.h"

#include "engram_config.h"
#include "port.h"

#define CRYSTAL_MHZ 12u
/* Iterations of a wait: at the ring oscillator, a fifth of a second and more. */
#define PATIENCE 200000u
/* The crystal has 5 ms to become steady: a Pico's needs one, copies of the board may have slower ones. */
#define STARTUP_UNITS (CRYSTAL_MHZ * 1000u * 5u / 256u)
#define CYCLE_MASK 0xffffffu

static int wait_for(volatile uint32_t *reg, uint32_t mask)
{
    for (uint32_t n = 0; n < PATIENCE; n++)
        if ((*reg & mask) == mask) return 1;
    return 0;
}

/* To where a reset leaves them: the ring oscillator, whatever a debugger or an earlier program chose. */
static int to_ring_oscillator(void)
{
    CLOCKS_RESUS_CTRL = 0;
    CLOCKS_SYS_CTRL_CLEAR = CLOCKS_SYS_CTRL_SOURCE; /* its auxiliary source must not change before */
    if (!wait_for(&CLOCKS_SYS_SELECTED, 1u << CLOCKS_SYS_CTRL_REF)) return 0;
    CLOCKS_REF_CTRL_CLEAR = CLOCKS_REF_CTRL_SOURCE;
    return wait_for(&CLOCKS_REF_SELECTED, 1u << CLOCKS_REF_CTRL_RING);
}

static int start_crystal(void)
{
    XOSC_STARTUP = STARTUP_UNITS;
    XOSC_CTRL = XOSC_CTRL_1_TO_15_MHZ | XOSC_CTRL_ENABLE;
    return wait_for(&XOSC_STATUS, XOSC_STATUS_STABLE);
}

/* Crystal * feedback / (first * second); the product of the former two is 750 to 1600 MHz. */
static int start_pll(uint32_t base, uint32_t feedback, uint32_t first, uint32_t second)
{
    PLL_CS(base) = 1;
    PLL_FBDIV(base) = feedback;
    PLL_PWR(base) = PLL_PWR_POSTDIV_DOWN | PLL_PWR_DSM_DOWN; /* the oscillator runs, its dividers do not */
    if (!wait_for(&PLL_CS(base), PLL_CS_LOCK)) return 0;
    PLL_PRIM(base) = first << PLL_PRIM_POSTDIV1_SHIFT | second << PLL_PRIM_POSTDIV2_SHIFT;
    PLL_PWR(base) = PLL_PWR_DSM_DOWN;
    return 1;
}

static int choose_clocks(void)
{
    CLOCKS_REF_DIV = CLOCKS_DIV_1;
    CLOCKS_REF_CTRL = CLOCKS_REF_CTRL_CRYSTAL;
    if (!wait_for(&CLOCKS_REF_SELECTED, 1u << CLOCKS_REF_CTRL_CRYSTAL)) return 0;
    CLOCKS_SYS_DIV = CLOCKS_DIV_1;
    CLOCKS_SYS_CTRL = CLOCKS_SYS_CTRL_REF; /* the auxiliary source is PLL_SYS now, and in use only then */
    CLOCKS_SYS_CTRL = CLOCKS_SYS_CTRL_AUXILIARY;
    if (!wait_for(&CLOCKS_SYS_SELECTED, 1u << CLOCKS_SYS_CTRL_AUXILIARY)) return 0;
    CLOCKS_USB_CTRL = 0;
    CLOCKS_USB_DIV = CLOCKS_DIV_1;
    CLOCKS_USB_CTRL = CLOCKS_CTRL_ENABLE;
    CLOCKS_PERI_CTRL = CLOCKS_CTRL_ENABLE;
    return 1;
}

static int release(uint32_t blocks)
{
    RESETS_RESET_CLEAR = blocks;
    return wait_for(&RESETS_DONE, blocks);
}

int pico_clock_start(void)
{
    /* Nothing else runs yet; what an earlier program left running stops here. Flash must stay readable. */
    if (!to_ring_oscillator()) return 0;
    RESETS_RESET_SET = RESETS_ALL & ~(RESETS_IO_QSPI | RESETS_PADS_QSPI);
    if (!start_crystal() || !release(RESETS_PLL_SYS | RESETS_PLL_USB)) return 0;
    if (!start_pll(PLL_SYS_BASE, 125, 6, 2) || !start_pll(PLL_USB_BASE, 100, 5, 5) || !choose_clocks()) return 0;
    /* A tick a microsecond, for the timer and the watchdog. */
    WATCHDOG_TICK = WATCHDOG_TICK_ENABLE | CRYSTAL_MHZ;
    if (!release(RESETS_TIMER | RESETS_USBCTRL | RESETS_SYSINFO | RESETS_IO_BANK0 | RESETS_PADS_BANK0)) return 0;
    TIMER_INTE = 1u << PICO_ALARM_WAKE | 1u << PICO_ALARM_LINE_STATE;
    NVIC_ISER = 1u << TIMER_INTERRUPT(PICO_ALARM_WAKE) | 1u << TIMER_INTERRUPT(PICO_ALARM_LINE_STATE);
    SYST_RVR = CYCLE_MASK;
    SYST_CVR = 0;
    SYST_CSR = SYST_CSR_ENABLE | SYST_CSR_CORE_CLOCK;
    return 1;
}

void pico_alarm(unsigned alarm, uint32_t microseconds)
{
    TIMER_ALARM(alarm) = pico_microseconds() + microseconds;
}

void pico_alarm_done(unsigned alarm)
{
    TIMER_INTR = 1u << alarm;
}

/* It has ended the sleep. */
void pico_wake_interrupt(void)
{
    pico_alarm_done(PICO_ALARM_WAKE);
}

uint32_t engram_port_microseconds(void)
{
    return pico_microseconds();
}

/* SysTick counts down. */
uint32_t engram_port_cycles(void)
{
    return ~SYST_CVR & CYCLE_MASK;
}
