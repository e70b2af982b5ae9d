// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_APDU_INSIDE) && !defined(MD_APDU_COMPILATION)
#error "Include <md-apdu.h> instead."
#endif

#include <glib.h>

G_BEGIN_DECLS

/** What an answer to reset (ISO 7816-3) says about a card. It never says which card it is: readers
 * make up the answer of contactless cards, and makers change theirs. */
typedef struct
{
  const guint8 *historical; /* borrowed from the bytes that were read; NULL when there are none */
  gsize historical_size;
  gboolean t1;              /* T=1 is offered */
  gboolean chaining;        /* the card announces command chaining, */
  gboolean extended_length; /* and extended Lc and Le (ISO 7816-4, card capabilities) */
} MdAtr;

/** Reads an answer to reset; FALSE if its parts do not fit into @size bytes or it begins with
 * neither 3B nor 3F. A wrong check byte is borne, as drivers bear it. */
gboolean md_atr_parse (const guint8 *bytes, gsize size, MdAtr *out_atr) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
