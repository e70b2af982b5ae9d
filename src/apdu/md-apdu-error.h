// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_APDU_INSIDE) && !defined(MD_APDU_COMPILATION)
#error "Include <md-apdu.h> instead."
#endif

#include <glib.h>

G_BEGIN_DECLS

/** Why bytes are no command, response or BER-TLV. */
typedef enum
{
  MD_APDU_ERROR_MALFORMED, /* the bytes break the rules of the standard */
  MD_APDU_ERROR_TRUNCATED, /* the bytes end too early */
  MD_APDU_ERROR_TOO_LARGE, /* a limit of the form or of ours is exceeded */
  MD_APDU_ERROR_NOT_FOUND, /* the wanted tag is not there */
} MdApduError;

/** The GError domain of this module. */
#define MD_APDU_ERROR (md_apdu_error_quark ())
GQuark md_apdu_error_quark (void);

G_END_DECLS
