// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"

#include <md-card.h>

/* What a driver says of its keypad: a feature list, whose length the first byte tells, and then its
 * properties. Whatever they say, only an entry that fits is built, and in the shape of part 10. */
static const MdPinEntry entries[] = {
  { .least = 4, .most = 4, .block = 4, .ins = 0x20, .p2 = 0x80, .seconds = 30 },
  { .least = 6, .most = 16, .block = 16, .ins = 0x20, .p2 = 0x80, .seconds = 0 },
  { .least = 0, .most = 0, .block = 0, .ins = 0x24, .p1 = 0x01, .p2 = 0x80, .seconds = 1000 },
};

static void
check_request (GBytes *request, gsize head, const MdPinEntry *entry)
{
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (request, &length);

  g_assert_cmpuint (length, ==, head + 5u + entry->block);
  g_assert_cmpuint (data[head - 4], ==, 5u + entry->block); /* ulDataLength */
  g_assert_cmpuint (data[head + 4], ==, entry->block);      /* Lc */
  g_assert_cmpuint (data[head + 1], ==, entry->ins);
}

static void
check_pad (const MdPinPad *pad)
{
  for (gsize i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      const MdPinEntry *entry = &entries[i];

      if (!md_pin_pad_fits (pad, entry))
        continue;
      g_assert_cmpuint (pad->verify, !=, 0);
      g_assert_true (pad->least == 0 || pad->least <= entry->least);
      g_assert_true (pad->most == 0 || pad->most >= entry->most);
      g_autoptr (GBytes) verify = md_pin_pad_build_verify (pad, entry);
      check_request (verify, 19, entry);
      if (pad->modify == 0)
        continue;
      g_autoptr (GBytes) modify = md_pin_pad_build_modify (pad, entry);
      check_request (modify, 24, entry);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  MdPinPad pad;
  MdPinPad again;

  if (size == 0)
    return 0;
  gsize length = MIN (data[0], size - 1);
  gboolean any = md_pin_pad_parse_features (data + 1, length, &pad);
  g_assert_true (any || (pad.verify == 0 && pad.modify == 0 && pad.properties == 0));
  check_pad (&pad);
  again = pad;
  md_pin_pad_parse_properties (data + 1 + length, size - 1 - length, &pad);
  g_assert_true (pad.verify == again.verify && pad.modify == again.modify);
  check_pad (&pad);
  return 0;
}
