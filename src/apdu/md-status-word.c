// SPDX-License-Identifier: Apache-2.0
#include "md-apdu.h"

typedef struct
{
  guint16 mask;
  guint16 value;
  MdSwClass class;
  const char *name;
} SwRow;

/* The first row that fits counts. */
static const SwRow rows[] = {
  { 0xffff, 0x9000, MD_SW_CLASS_OK, "ok" },
  { 0xff00, 0x6100, MD_SW_CLASS_MORE, "more bytes wait" },
  { 0xffff, 0x6282, MD_SW_CLASS_END_OF_FILE, "end of file before Le" },
  { 0xffff, 0x6283, MD_SW_CLASS_WARNING, "file deactivated" },
  { 0xff00, 0x6200, MD_SW_CLASS_WARNING, "warning, nothing changed" },
  { 0xffff, 0x6300, MD_SW_CLASS_WRONG_PIN, "verification failed" },
  { 0xffff, 0x63c0, MD_SW_CLASS_BLOCKED, "no tries left" },
  { 0xfff0, 0x63c0, MD_SW_CLASS_WRONG_PIN, "verification failed, tries left" },
  { 0xff00, 0x6300, MD_SW_CLASS_WARNING, "warning, something changed" },
  { 0xff00, 0x6400, MD_SW_CLASS_CARD_FAULT, "execution error" },
  { 0xff00, 0x6500, MD_SW_CLASS_CARD_FAULT, "memory failure" },
  { 0xff00, 0x6600, MD_SW_CLASS_CARD_FAULT, "security-related fault of the card" },
  { 0xff00, 0x6700, MD_SW_CLASS_WRONG_LENGTH, "wrong length" },
  { 0xff00, 0x6800, MD_SW_CLASS_BAD_COMMAND, "class function not supported" },
  { 0xffff, 0x6982, MD_SW_CLASS_SECURITY, "security status not satisfied" },
  { 0xffff, 0x6983, MD_SW_CLASS_BLOCKED, "authentication blocked" },
  { 0xffff, 0x6984, MD_SW_CLASS_BLOCKED, "reference blocked" },
  { 0xff00, 0x6900, MD_SW_CLASS_SECURITY, "command not allowed" },
  { 0xffff, 0x6a82, MD_SW_CLASS_NOT_FOUND, "file or application not found" },
  { 0xffff, 0x6a83, MD_SW_CLASS_NOT_FOUND, "record not found" },
  { 0xffff, 0x6a88, MD_SW_CLASS_NOT_FOUND, "reference not found" },
  { 0xff00, 0x6a00, MD_SW_CLASS_BAD_COMMAND, "wrong parameters" },
  { 0xff00, 0x6b00, MD_SW_CLASS_END_OF_FILE, "offset behind the end" },
  { 0xff00, 0x6c00, MD_SW_CLASS_WRONG_LENGTH, "wrong Le" },
  { 0xff00, 0x6d00, MD_SW_CLASS_BAD_COMMAND, "instruction not supported" },
  { 0xff00, 0x6e00, MD_SW_CLASS_BAD_COMMAND, "class not supported" },
  { 0xff00, 0x6f00, MD_SW_CLASS_CARD_FAULT, "no precise diagnosis" },
  { 0x0000, 0x0000, MD_SW_CLASS_UNKNOWN, "unknown" },
};

static const SwRow *
find_row (guint16 sw)
{
  const SwRow *row = rows;

  while ((sw & row->mask) != row->value)
    row++;
  return row;
}

MdSwClass
md_sw_classify (guint16 sw)
{
  return find_row (sw)->class;
}

int
md_sw_get_tries (guint16 sw)
{
  if ((sw & 0xfff0) == 0x63c0)
    return sw & 0x0f;
  return find_row (sw)->class == MD_SW_CLASS_BLOCKED ? 0 : -1;
}

gsize
md_sw_get_count (guint16 sw)
{
  const guint high = sw >> 8;

  if (high != 0x61 && high != 0x6c)
    return 0;
  return (sw & 0xff) == 0 ? 256 : sw & 0xff;
}

const char *
md_sw_get_name (guint16 sw)
{
  return find_row (sw)->name;
}
