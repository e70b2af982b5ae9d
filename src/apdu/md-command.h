// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_APDU_INSIDE) && !defined(MD_APDU_COMPILATION)
#error "Include <md-apdu.h> instead."
#endif

#include <glib.h>

G_BEGIN_DECLS

/** How Lc and Le are written. */
typedef enum
{
  MD_COMMAND_FORM_SHORT,    /* one byte each: at most 255 bytes of data, 256 expected */
  MD_COMMAND_FORM_EXTENDED, /* three and two bytes: at most 65535, 65536 expected */
} MdCommandForm;

/** One command APDU. @data is borrowed. @expected is Ne: 0 asks for no data (cases 1 and 3), else 1
 * to 256 or 65536. */
typedef struct
{
  guint8 cla;
  guint8 ins;
  guint8 p1;
  guint8 p2;
  const guint8 *data;
  gsize data_size;
  gsize expected;
} MdCommand;

/** The bytes to send, which are wiped when freed since they may hold a PIN (transfer full); NULL
 * with MD_APDU_ERROR_TOO_LARGE if @form cannot carry the data or the expected length. */
GBytes *md_command_encode (const MdCommand *command, MdCommandForm form,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** Reads a command of cases 1 to 4, short or extended; the data of @out_command points into @bytes.
 * @out_form may be NULL. FALSE with MD_APDU_ERROR_TRUNCATED or _MALFORMED. */
gboolean md_command_parse (const guint8 *bytes, gsize size, MdCommand *out_command,
                           MdCommandForm *out_form, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
