// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_APDU_INSIDE) && !defined(MD_APDU_COMPILATION)
#error "Include <md-apdu.h> instead."
#endif

#include <glib.h>

G_BEGIN_DECLS

/** What a status word means for the next decision. */
typedef enum
{
  MD_SW_CLASS_OK,           /* 9000 */
  MD_SW_CLASS_MORE,         /* 61xx: more bytes wait, fetch with GET RESPONSE */
  MD_SW_CLASS_WRONG_LENGTH, /* 6Cxx: repeat with Le = xx; 6700 */
  MD_SW_CLASS_END_OF_FILE,  /* 6282: fewer bytes than asked for, or 6B00: the offset lies behind the
                               end */
  MD_SW_CLASS_WRONG_PIN,    /* 63Cx with x > 0 tries left; 6300 without a count */
  MD_SW_CLASS_BLOCKED,      /* 6983, 6984 of a reference, 63C0: no tries left */
  MD_SW_CLASS_SECURITY,     /* 6982: a PIN is wanted first; 6985, 6986: not allowed in this state */
  MD_SW_CLASS_NOT_FOUND,    /* 6A82 file, 6A83 record, 6A88 reference */
  MD_SW_CLASS_BAD_COMMAND,  /* 6A80, 6A86, 6D00, 6E00 ...: this card does not speak so */
  MD_SW_CLASS_CARD_FAULT,   /* 64xx, 65xx, 6581, 6F00: the card itself is in trouble */
  MD_SW_CLASS_WARNING,      /* other 62xx, 63xx: data may be there, the state is not as expected */
  MD_SW_CLASS_UNKNOWN,      /* no status word of the standard */
} MdSwClass;

#define MD_SW_OK 0x9000

/** The class of a status word. */
MdSwClass md_sw_classify (guint16 sw);

/** Tries left that the status word itself tells (63Cx: x, 6983: 0), or -1. */
int md_sw_get_tries (guint16 sw);

/** Bytes that wait (61xx) or that the card wants to be asked for (6Cxx), 256 for 00; 0 for other
 * words. */
gsize md_sw_get_count (guint16 sw);

/** A short English name for logs and tools, never for the counter ("file not found"). Static. */
const char *md_sw_get_name (guint16 sw);

G_END_DECLS
