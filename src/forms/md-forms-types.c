// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-form-private.h"
#include "md-forms-types.h"

/* GLib 2.74's macro casts a const away, and bytes to a structure. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wcast-qual"
#pragma GCC diagnostic ignored "-Wnull-dereference"
#pragma GCC diagnostic ignored "-Wcast-align"

typedef struct
{
  char *file;
} MdFormsErrorPrivate;

static void
md_forms_error_private_init (MdFormsErrorPrivate *priv)
{
  priv->file = NULL;
}

static void
md_forms_error_private_copy (const MdFormsErrorPrivate *from, MdFormsErrorPrivate *to)
{
  to->file = g_strdup (from->file);
}

static void
md_forms_error_private_clear (MdFormsErrorPrivate *priv)
{
  g_free (priv->file);
}

G_DEFINE_EXTENDED_ERROR (MdFormsError, md_forms_error)
#pragma GCC diagnostic pop

const char *
md_forms_error_get_file (const GError *error)
{
  g_return_val_if_fail (error && error->domain == MD_FORMS_ERROR, NULL);
  const MdFormsErrorPrivate *priv = md_forms_error_get_private (error);
  return priv ? priv->file : NULL;
}

void
_md_forms_error_set_file (GError *error, const char *file)
{
  MdFormsErrorPrivate *priv = error ? md_forms_error_get_private (error) : NULL;
  if (priv)
    priv->file = g_strdup (file);
}

gboolean
md_forms_in_japanese (void)
{
  const char *const *names = g_get_language_names ();

  return names[0] && g_str_has_prefix (names[0], "ja");
}
