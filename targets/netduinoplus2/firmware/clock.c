#include "clock.h"

#include "registers.h"

#define CORE_HZ 168000000u
#define INTERNAL_HZ 16000000u
/* Iterations of a wait of at most ten milliseconds at 16 MHz: emulated, the ready bits never come. */
#define PATIENCE 20000u
/* How often an idle core looks at the time: the most that a tick in real time comes late by. */
#define WAKE_HZ 100u
/* Counts of TIM2, undivided, that QEMU gives a second, whatever the chip's clocks would be. */
#define EMULATED_TIMER_HZ 1000000000u

static uint32_t core_hz = INTERNAL_HZ;
static uint32_t bus2_hz = INTERNAL_HZ;
static uint32_t timer_hz = INTERNAL_HZ;

/* The internal clock stays in use whatever ends this. */
static int wait_for(volatile uint32_t *reg, uint32_t mask, uint32_t value)
{
    for (uint32_t n = 0; n < PATIENCE; n++)
        if ((*reg & mask) == value) return 1;
    return 0;
}

void stm32_clock_start(void)
{
    RCC_CR |= RCC_CR_HSEON;
    if (!wait_for(&RCC_CR, RCC_CR_HSERDY, RCC_CR_HSERDY)) return;
    /* 25 MHz / 25 * 336 / 2 = 168 MHz; / 7 = 48 MHz for USB. The field P is 0 for a division by 2. */
    RCC_PLLCFGR = 25u | 336u << 6 | RCC_PLLCFGR_SOURCE_HSE | 7u << 24;
    RCC_CR |= RCC_CR_PLLON;
    if (!wait_for(&RCC_CR, RCC_CR_PLLRDY, RCC_CR_PLLRDY)) return;
    FLASH_ACR =
        FLASH_ACR_WAIT_STATES_5 | FLASH_ACR_PREFETCH | FLASH_ACR_INSTRUCTION_CACHE | FLASH_ACR_DATA_CACHE;
    RCC_CFGR = RCC_CFGR_APB1_DIV4 | RCC_CFGR_APB2_DIV2;
    RCC_CFGR |= RCC_CFGR_SW_PLL;
    if (!wait_for(&RCC_CFGR, RCC_CFGR_SWS_MASK, RCC_CFGR_SWS_PLL)) return;
    core_hz = CORE_HZ;
    bus2_hz = CORE_HZ / 2u;
    /* Timers run at twice the clock of a divided bus. */
    timer_hz = CORE_HZ / 4u * 2u;
}

uint32_t stm32_bus2_hz(void)
{
    return bus2_hz;
}

static void count_with(uint32_t divisor)
{
    TIM2_CR1 = 0;
    TIM2_PSC = divisor - 1u;
    TIM2_ARR = 0xffffffffu;
    TIM2_EGR = 1; /* takes the divisor over and zeroes the count */
    TIM2_CR1 = 1;
}

void stm32_timer_start(void)
{
    RCC_APB1ENR |= RCC_APB1ENR_TIM2;
    (void)RCC_APB1ENR; /* a peripheral may be used two bus cycles after its clock is on */
    /* QEMU's TIM2 does not follow the clocks: a glance at SysTick, which it does have right, tells the two apart.
       168,000 core clocks are 84,000 or 168,000 counts on the chip, 1,000,000 in QEMU. */
    count_with(1);
    SYST_RVR = 0xffffffu;
    SYST_CVR = 0;
    SYST_CSR = SYST_CSR_ENABLE | SYST_CSR_CORE_CLOCK;
    for (uint32_t n = 0; n < PATIENCE && SYST_CVR == 0; n++) {
    }
    uint32_t start = TIM2_CNT;
    uint32_t from = SYST_CVR;
    while (((from - SYST_CVR) & 0xffffffu) < 168000u) {
    }
    int emulated = TIM2_CNT - start > 500000u;
    count_with((emulated ? EMULATED_TIMER_HZ : timer_hz) / 1000000u);
    SYST_RVR = (emulated ? CORE_HZ : core_hz) / WAKE_HZ - 1u;
    SYST_CVR = 0;
    SYST_CSR = SYST_CSR_ENABLE | SYST_CSR_CORE_CLOCK | SYST_CSR_INTERRUPT;
}

uint32_t stm32_microseconds(void)
{
    return TIM2_CNT;
}
