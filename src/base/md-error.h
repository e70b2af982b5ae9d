// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_BASE_INSIDE) && !defined(MD_BASE_COMPILATION)
#error "Include <md-base.h> instead."
#endif

#include <glib.h>

G_BEGIN_DECLS

/** What went wrong with a value handed to this module; small, for decisions. The message is for
 * people. */
typedef enum
{
  MD_BASE_ERROR_INVALID,   /* the text or bytes are not of the wanted form */
  MD_BASE_ERROR_TRUNCATED, /* the bytes end before the value does */
  MD_BASE_ERROR_TOO_LARGE, /* a stated limit would be exceeded */
  MD_BASE_ERROR_SYSTEM,    /* the kernel refused (clock, random numbers) */
} MdBaseError;

#define MD_BASE_ERROR (md_base_error_quark ())

/** The GError domain of this module. */
GQuark md_base_error_quark (void);

G_END_DECLS
