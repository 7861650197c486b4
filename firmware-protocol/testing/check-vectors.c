/* Reads every vector with the generated header alone. `cases.h` is written by c-header.test.ts. */
#include "engram_wire.h"

#include <stdio.h>

static int failures;

#define EXPECT(condition)                                            \
  do {                                                               \
    if (!(condition)) {                                              \
      failures++;                                                    \
      printf("%s: not true: %s\n", current, #condition);             \
    }                                                                \
  } while (0)

static const char *current;

static uint32_t crc32_of(const uint8_t *data, size_t size) {
  uint32_t crc = 0xffffffffu;
  for (size_t i = 0; i < size; i++) {
    crc ^= data[i];
    for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0xedb88320u & (0u - (crc & 1u)));
  }
  return ~crc;
}

/* Decodes size bytes without delimiter; -1 if they are no encoding. */
static long cobs_decode(const uint8_t *in, size_t size, uint8_t *out) {
  size_t at = 0, length = 0;
  while (at < size) {
    const size_t code = in[at++];
    if (code == 0 || at + code - 1 > size) return -1;
    for (size_t i = 1; i < code; i++) out[length++] = in[at++];
    if (code != 0xff && at < size) out[length++] = 0;
  }
  return (long)length;
}

typedef struct {
  const char *name;
  uint8_t type;
  uint16_t sequence;
  const uint8_t *frame;
  size_t frame_size;
  const uint8_t *payload;
  size_t payload_size;
  void (*check)(const uint8_t *payload, size_t size);
} message_case;

typedef struct {
  const char *name;
  const uint8_t *frame;
  size_t frame_size;
  const char *reason;
} bad_frame_case;

#include "cases.h"

static const char *reason_of(const uint8_t *frame, size_t frame_size, size_t max_payload) {
  static uint8_t plain[8192];
  const long length = cobs_decode(frame, frame_size - 1, plain);
  if (length < 0) return "cobs";
  if (length < 8) return "too-short";
  if ((size_t)length > max_payload + 8) return "too-long";
  return crc32_of(plain, (size_t)length - 4) == engram_get_u32(plain + length - 4) ? "good" : "crc";
}

int main(void) {
  static uint8_t plain[8192];
  for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
    const message_case *m = &messages[i];
    current = m->name;
    const long length = cobs_decode(m->frame, m->frame_size - 1, plain);
    EXPECT(m->frame[m->frame_size - 1] == 0);
    EXPECT(length == (long)m->payload_size + 8);
    if (length != (long)m->payload_size + 8) continue;
    EXPECT(crc32_of(plain, (size_t)length - 4) == engram_get_u32(plain + length - 4));
    EXPECT(plain[0] == m->type);
    EXPECT(plain[1] == 0);
    EXPECT(engram_get_u16(plain + 2) == m->sequence);
    EXPECT(m->payload_size == 0 || memcmp(plain + ENGRAM_FRAME_HEADER, m->payload, m->payload_size) == 0);
    m->check(plain + ENGRAM_FRAME_HEADER, m->payload_size);
  }
  for (size_t i = 0; i < sizeof bad_frames / sizeof *bad_frames; i++) {
    current = bad_frames[i].name;
    EXPECT(strcmp(reason_of(bad_frames[i].frame, bad_frames[i].frame_size, max_payload), bad_frames[i].reason) == 0);
  }
  check_bad_payloads();
  current = "error texts";
  EXPECT(strlen(engram_error_text(ENGRAM_ERR_QUEUE_FULL)) > 0);
  EXPECT(strlen(engram_error_text(65535)) == 0);
  printf("%zu messages, %zu bad frames, %d failures\n", sizeof messages / sizeof *messages,
         sizeof bad_frames / sizeof *bad_frames, failures);
  return failures == 0 ? 0 : 1;
}
